package org.proxymachine;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/** What the launcher finds around it: streams, directories, limits and an environment that are not as they mostly are. */
class SurroundingsIT {
    private static final Path LAUNCHER = Path.of("bin/proxymachine").toAbsolutePath();

    @TempDir
    Path directory;

    private Path script = Path.of("");

    @BeforeEach
    void setUp() throws IOException {
        script = Files.writeString(directory.resolve("router.groovy"), "proxy { data -> [close: 'served'] }");
    }

    /** A launcher that a shell starts by these words, in which "$@" is its command. */
    private Program start(Map<String, String> environment, String words, Path launcher, String... arguments)
            throws IOException {
        List<String> command = new ArrayList<>(List.of("bash", "-c", words, "start", launcher.toString()));
        command.addAll(List.of(arguments));
        Map<String, String> all = new HashMap<>(Map.of("JAVA_HOME", System.getProperty("java.home")));
        all.putAll(environment);
        return new Program(all, directory, command.toArray(String[]::new));
    }

    private Program daemon(Map<String, String> environment, String words) throws IOException {
        return start(environment, words, LAUNCHER, "-c", script.toString(), "-h", "127.0.0.1", "-p", "0");
    }

    private static void assertServesAndDrains(Program daemon) throws IOException {
        try (Connection client =
                new Connection(new InetSocketAddress(InetAddress.getLoopbackAddress(), daemon.port()))) {
            assertThat(client.send("!").receiveAll()).isEqualTo("served");
        }
        daemon.signal("QUIT");
        assertThat(daemon.exitCode()).as(daemon.output()).isZero();
    }

    private static List<String> complaints(Program daemon) {
        return daemon.output()
                .lines()
                .filter(line -> !line.contains(" INFO ") && !line.contains(": getcwd: "))
                .toList();
    }

    @Test
    void shouldReadNothingWhereItsInputIsClosed() throws IOException {
        try (Program trial = start(Map.of(), "exec \"$@\" <&-", LAUNCHER, "try", "-c", script.toString())) {
            assertThat(trial.exitCode()).isEqualTo(1);
            assertThat(trial.output()).contains("byte 0: wait").doesNotContain("served");
        }
    }

    @Test
    void shouldOpenNoFileInPlaceOfAStreamThatIsClosed() throws IOException {
        Path pidFile = directory.resolve("pid");
        try (Program daemon = start(
                Map.of(),
                "exec \"$@\" <&- >&- 2>&-",
                LAUNCHER,
                "-c",
                script.toString(),
                "-p",
                "0",
                "--pid-file",
                pidFile.toString())) {
            daemon.await(() -> Files.exists(pidFile));
            for (int stream = 0; stream < 3; stream++) {
                Path opened = Path.of("/proc", String.valueOf(daemon.child().pid()), "fd", String.valueOf(stream));
                assertThat(opened.toRealPath()).isEqualTo(Path.of("/dev/null"));
            }
        }
    }

    @Test
    void shouldSayInOneLineThatItsDirectoryHasBeenRemoved() throws IOException {
        for (String before : List.of("", "env -u PWD ", "env PWD=/ ")) {
            try (Program daemon =
                    daemon(Map.of(), "mkdir gone && cd gone && rmdir ../gone && exec " + before + "\"$@\"")) {
                assertThat(daemon.exitCode()).isEqualTo(1);
                assertThat(complaints(daemon))
                        .containsExactly(
                                "proxymachine: the working directory has been removed; start in one that is there");
            }
        }
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "SHELLOPTS=errexit:pipefail:noclobber",
                "SHELLOPTS=noglob:noclobber",
                "BASHOPTS=failglob:nocasematch",
                "IFS=x",
                "POSIXLY_CORRECT=1",
                "PATH=/nonexistent",
                "JAVA_OPTS=-Xmx12m",
                "JAVA_OPTS=-XX:+UseG1GC",
                "JAVA_OPTS=-XX:+UseParallelGC -Xmx64m",
                "JAVA_OPTS=-Dlabel=\"two words\" -Dother='a \"b'"
            })
    void shouldServeWhateverTheCallersShellHasExported(String variable) throws IOException {
        // By its full name, for the PATH.
        try (Program daemon = daemon(Map.of(), "exec env '" + variable.replace("'", "'\\''") + "' \"$BASH\" \"$@\"")) {
            assertServesAndDrains(daemon);
            assertThat(complaints(daemon)).isEmpty();
        }
    }

    @Test
    void shouldCallNoFunctionThatTheCallerExports() throws IOException {
        String functions = "for f in kill read wait cd trap env command echo exec exit set unset export printf; do"
                + " eval \"$f() { builtin echo $f of the caller; }\"; builtin export -f $f; done; builtin exec \"$@\"";
        try (Program daemon = daemon(Map.of(), functions)) {
            assertServesAndDrains(daemon);
            assertThat(daemon.output()).doesNotContain("of the caller");
        }
    }

    @Test
    void shouldFindItsJarWhereverACdpathLeads() throws IOException {
        String words = "cd \"${1%/bin/*}\" && export CDPATH=/:/tmp && exec bash bin/proxymachine --version";
        try (Program daemon = daemon(Map.of(), words)) {
            assertThat(daemon.exitCode()).as(daemon.output()).isZero();
        }
    }

    @Test
    void shouldTakeAJavaThatTellsOfOptionsBeforeItsVersion() throws IOException {
        Path bin = Files.createDirectories(directory.resolve("java/bin"));
        Path java = Files.writeString(
                bin.resolve("java"), "#!/bin/sh\nexec '" + System.getProperty("java.home") + "/bin/java' \"$@\"\n");
        assertThat(java.toFile().setExecutable(true)).isTrue();
        Map<String, String> environment = Map.of(
                "JAVA_HOME", directory.resolve("java").toString(), "JAVA_TOOL_OPTIONS", "-Dproxymachine.label=taken");
        try (Program daemon = daemon(environment, "exec \"$@\"")) {
            daemon.port();
            assertThat(Files.readString(Path.of("/proc", String.valueOf(daemon.pid()), "environ")))
                    .contains("label=taken");
            assertThat(Files.readString(
                            Path.of("/proc", String.valueOf(daemon.child().pid()), "environ")))
                    .contains("JAVA_HOME=" + directory.resolve("java"));
            assertServesAndDrains(daemon);
        }
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            value = {
                "exec env JAVA_OPTS='-Dx=\"a' \"$@\" | JAVA_OPTS: expected quotes in pairs, was -Dx=\"a",
                "ulimit -n 40; exec \"$@\" | too few open files are allowed: expected 64 or more, was 40; see ulimit -n"
            })
    void shouldSayInOneLineWhatKeepsAJvmFromStarting(String words, String problem) throws IOException {
        try (Program daemon = daemon(Map.of(), words)) {
            assertThat(daemon.exitCode()).isEqualTo(1);
            assertThat(complaints(daemon)).containsExactly("proxymachine: " + problem);
        }
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            value = {
                "@none                            | 2 | @none: no such file of arguments (see --help)",
                "@/                               | 2 | @/: is a directory, expected a file of arguments (see --help)",
                "@/dev/zero                       | 2 | @/dev/zero: is a device, expected a file of arguments (see --help)",
                "--record router.groovy           | 1 | --record: router.groovy is no directory",
                "--admin 0 --admin-token-file fifo | 1 | --admin-token-file: fifo: expected a file, was a pipe or a device",
                "--admin 0 --admin-token-file /dev/zero"
                        + " | 1 | --admin-token-file: /dev/zero: expected a file, was a pipe or a device",
                "$'\\e[2J'                        | 2 | Unmatched argument at index 6: '?[2J' (see --help)"
            })
    void shouldRefuseInOneLineAFileThatIsNone(String arguments, int code, String problem) throws IOException {
        Program.run(directory, "mkfifo", "fifo");
        try (Program daemon = daemon(Map.of(), "exec \"$@\" " + arguments)) {
            assertThat(daemon.exitCode()).as(daemon.output()).isEqualTo(code);
            assertThat(complaints(daemon)).containsExactly("proxymachine: " + problem);
        }
    }

    @Test
    void shouldFailWhereADiskDoesNotTakeWhatACommandPrints() throws IOException {
        try (Program full = start(Map.of(), "exec \"$@\" > /dev/full", LAUNCHER, "check", "-c", script.toString())) {
            assertThat(full.exitCode()).isEqualTo(1);
            assertThat(complaints(full))
                    .containsExactly(
                            "proxymachine: the standard output cannot be written; what was printed is not complete");
        }
        // Who reads a pipe may leave before its end, as head does.
        try (Program left = start(
                Map.of(),
                "set -o pipefail; sleep 0 | \"$@\" > >(exit 0)",
                LAUNCHER,
                "check",
                "-c",
                script.toString())) {
            assertThat(left.exitCode()).isZero();
            assertThat(complaints(left)).isEmpty();
        }
    }

    @Test
    void shouldRaiseALimitOnOpenFilesThatItMayRaise() throws IOException {
        try (Program daemon = daemon(Map.of(), "ulimit -S -n 20; exec \"$@\"")) {
            assertServesAndDrains(daemon);
        }
    }

    @Test
    void shouldSayInOneLineThatJavaTakesNoPathWithAColon() throws IOException {
        Path bin = Files.createDirectories(directory.resolve("co:lon/bin"));
        Files.createDirectories(directory.resolve("co:lon/target"));
        Files.copy(LAUNCHER, bin.resolve("proxymachine"));
        Files.copy(Path.of("target/proxymachine.jar"), directory.resolve("co:lon/target/proxymachine.jar"));
        try (Program daemon = start(Map.of(), "exec \"$@\"", bin.resolve("proxymachine"), "--version")) {
            assertThat(daemon.exitCode()).isEqualTo(1);
            assertThat(daemon.output().strip())
                    .isEqualTo("proxymachine: " + directory.toRealPath().resolve("co:lon")
                            + ": Java starts nothing whose path has a colon; install it somewhere else");
        }
    }

    @Test
    void shouldSayInOneLineWhichSignalEndedTheJvm() throws IOException {
        try (Program daemon = daemon(Map.of(), "exec \"$@\"")) {
            daemon.port();
            daemon.child().destroyForcibly();
            assertThat(daemon.exitCode()).isEqualTo(137);
            assertThat(complaints(daemon)).containsExactly("proxymachine: the JVM was ended by signal KILL");
        }
    }
}
