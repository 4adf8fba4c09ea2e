package org.proxymachine;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.FileInputStream;
import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.TimeUnit;
import java.util.stream.Stream;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;
import org.junit.jupiter.params.provider.ValueSource;

/** The launcher in a place of its own: what it does before the daemon runs, and when it is told to end meanwhile. */
class LauncherIT {
    private static final String PREPARING = "proxymachine: preparing for faster starts";

    /** That of this repository, whose archive is there. */
    private static final String LAUNCHER =
            Path.of("bin/proxymachine").toAbsolutePath().toString();

    @TempDir
    Path directory;

    private Path home;
    private Path script;

    @BeforeEach
    void install() throws IOException {
        install("a place");
    }

    private void install(String place) throws IOException {
        home = directory.resolve(place);
        Files.createDirectories(home.resolve("bin"));
        Files.createDirectories(home.resolve("target/lib"));
        Files.copy(Path.of("bin/proxymachine"), home.resolve("bin/proxymachine"));
        script = Files.writeString(directory.resolve("router.groovy"), "proxy { data -> [close: 'served'] }");
    }

    private void installJar() throws IOException {
        Files.copy(Path.of("target/proxymachine.jar"), home.resolve("target/proxymachine.jar"));
        try (var libraries = Files.list(Path.of("target/lib"))) {
            for (Path library : libraries.toList()) {
                Files.copy(library, home.resolve("target/lib").resolve(library.getFileName()));
            }
        }
    }

    private Program launcher(Map<String, String> environment) throws IOException {
        Map<String, String> all = new HashMap<>();
        all.put("JAVA_HOME", System.getProperty("java.home"));
        all.putAll(environment);
        all.put("XDG_CACHE_HOME", directory.resolve("cache").toString());
        return new Program(
                all, directory, home.resolve("bin/proxymachine").toString(), "-c", script.toString(), "-p", "0");
    }

    private static void assertServesAndDrains(Program daemon) throws IOException {
        try (Connection client =
                new Connection(new InetSocketAddress(InetAddress.getLoopbackAddress(), daemon.port()))) {
            assertThat(client.send("!").receiveAll()).isEqualTo("served");
        }
        daemon.signal("QUIT");
        assertThat(daemon.exitCode()).isZero();
    }

    private Path archive() throws IOException {
        try (var all = Files.list(home.resolve("target"))) {
            return all.filter(file -> file.toString().endsWith(".jsa"))
                    .findFirst()
                    .orElseThrow();
        }
    }

    @Test
    void shouldMakeAClassDataArchiveOnceAndUseItFromThenOn() throws IOException {
        // Java 17 archives no class of a jar in a path with a space.
        install("place");
        installJar();
        try (Program first = launcher(Map.of());
                Program second = launcher(Map.of())) {
            assertServesAndDrains(first);
            assertServesAndDrains(second);
            assertThat((first.output() + second.output()).split(PREPARING, -1))
                    .as("announced once")
                    .hasSize(2);
        }
        assertUsesArchive(true);

        // Damaged: the JVM itself would crash.
        byte[] whole = Files.readAllBytes(archive());
        Files.setPosixFilePermissions(archive(), PosixFilePermissions.fromString("rw-------"));
        Files.write(archive(), java.util.Arrays.copyOf(whole, whole.length / 2));
        assertUsesArchive(false);

        // Foreign, with a checksum that holds.
        Files.writeString(archive(), "x");
        Files.writeString(
                Path.of(archive() + ".sum"),
                Program.run(home, "sh", "-c", "cksum < '" + archive().toString() + "'"));
        assertUsesArchive(false);
    }

    private void assertUsesArchive(boolean expected) throws IOException {
        Path classes = directory.resolve("classes");
        try (Program daemon = launcher(Map.of("JAVA_OPTS", "-Xlog:class+load:file=" + classes))) {
            assertServesAndDrains(daemon);
            assertThat(daemon.output().lines().toList())
                    .as("nothing but the log")
                    .hasSize(4)
                    .allMatch(line -> line.contains(" INFO  "));
        }
        assertThat(Files.readString(classes)
                        .contains("org.proxymachine.server.Server source: shared objects file (top)"))
                .isEqualTo(expected);
    }

    @ParameterizedTest
    @ValueSource(strings = {"TERM", "INT", "QUIT", "KILL"})
    void shouldEndTheBuildTogetherWithItself(String signal) throws Exception {
        Files.createDirectories(home.resolve("src/main"));
        Path programs = Files.createDirectory(directory.resolve("programs"));
        Path maven = Files.writeString(
                programs.resolve("mvn"), "#!/bin/sh\necho $$ > maven.pid\necho '[INFO] --- x'\nexec sleep 600\n");
        Files.setPosixFilePermissions(maven, PosixFilePermissions.fromString("rwx------"));
        try (Program launcher = launcher(Map.of("PATH", programs + ":" + System.getenv("PATH")))) {
            launcher.await("proxymachine:   x");
            ProcessHandle build = ProcessHandle.of(Long.parseLong(
                            Files.readString(home.resolve("maven.pid")).strip()))
                    .orElseThrow();
            launcher.signal(signal);
            build.onExit().get(30, TimeUnit.SECONDS);
            assertThat(launcher.exitCode()).isEqualTo(signal.equals("KILL") ? 137 : 0);
            assertThat(home.resolve("target/proxymachine.jar")).doesNotExist();
        }
    }

    @Test
    void shouldHoldEachSignalThatComesWhileItLooksForAJava() throws IOException {
        installJar();
        // Too old, and slow to say so.
        Path old = Files.createDirectories(directory.resolve("old").resolve("bin"));
        Path java = Files.writeString(old.resolve("java"), """
                #!/bin/sh
                echo asked > "$0.asked"
                while [ ! -e "$0.answer" ]; do sleep 0.02; done
                echo 'openjdk version "11.0.2"' >&2
                """);
        Files.setPosixFilePermissions(java, PosixFilePermissions.fromString("rwx------"));
        Map<String, String> environment = Map.of(
                "JAVA_HOME",
                directory.resolve("old").toString(),
                "PATH",
                System.getProperty("java.home") + "/bin:" + System.getenv("PATH"));
        try (Program daemon = launcher(environment)) {
            while (!Files.exists(old.resolve("java.asked"))) {
                assertThat(daemon.isAlive()).isTrue();
            }
            daemon.signal("QUIT");
            daemon.signal("HUP");
            Files.createFile(old.resolve("java.answer"));
            assertThat(daemon.exitCode()).isZero();
            assertThat(daemon.output()).contains("stopped before it started");
        }
    }

    @ParameterizedTest
    @ValueSource(strings = {"INT", "TERM"})
    void shouldEndACommandThatWaitsForItsInput(String signal) throws IOException {
        installJar();
        Path input = directory.resolve("input");
        Program.run(directory, "mkfifo", input.toString());
        String command = "exec \"$0\" try -c \"$1\" <> \"$2\"";
        Files.writeString(script, "println 'waiting'\nproxy { data -> null }");
        try (Program launcher = new Program(
                Map.of("JAVA_HOME", System.getProperty("java.home")),
                directory,
                "bash",
                "-c",
                command,
                home.resolve("bin/proxymachine").toString(),
                script.toString(),
                input.toString())) {
            launcher.await("waiting");
            launcher.signal(signal);
            assertThat(launcher.exitCode()).isEqualTo(signal.equals("INT") ? 130 : 143);
        }
    }

    /** What its parent has told the system to ignore or to block, when bash starts it. */
    static Stream<String> surroundings() {
        return Stream.of(
                "\"$@\"",
                "nohup \"$@\"",
                "trap '' INT QUIT HUP; \"$@\"",
                "setsid --wait \"$@\"",
                "env --block-signal=INT,QUIT,HUP \"$@\"",
                "exec 3<&0; { \"$@\" <&3 & }; wait $!");
    }

    @ParameterizedTest
    @MethodSource("surroundings")
    void shouldReadTheCallersInputWhateverSignalsAreIgnored(String surroundings) throws IOException {
        Files.writeString(script, "proxy { data -> data.size() < 3 ? null : [close: 'read ' + data] }");
        String answer = Program.run(
                directory,
                "bash",
                "-c",
                "printf abc | { " + surroundings + "; }",
                "launcher",
                LAUNCHER,
                "try",
                "-c",
                script.toString());
        assertThat(answer).contains("read abc");
    }

    @ParameterizedTest
    @MethodSource("surroundings")
    void shouldGiveTheDaemonTheCallersInputAndTakeItsSignals(String surroundings) throws IOException {
        Path input = Files.writeString(directory.resolve("input"), "abc");
        try (Program shell = new Program(
                Map.of("JAVA_HOME", System.getProperty("java.home")),
                directory,
                "bash",
                "-c",
                "{ " + surroundings + "; } < \"$0\" 2>&1; echo exit $?",
                input.toString(),
                LAUNCHER,
                "-c",
                script.toString(),
                "-p",
                "0")) {
            long pid = Long.parseLong(shell.await(" pid (\\d+)"));
            assertThat(Path.of("/proc/" + pid + "/fd/0").toRealPath()).isEqualTo(input.toRealPath());
            assertThat(jvm(pid).resolve("fd/0").toRealPath()).isEqualTo(input.toRealPath());
            Program.run(directory, "kill", "-s", "QUIT", String.valueOf(pid));
            shell.await("exit 0");
        }
    }

    @Test
    void shouldServeOnWhateverSignalComesThatIsNotForIt() throws IOException {
        try (Program daemon = Program.daemon(Map.of(), "-c", script.toString(), "-p", "0")) {
            daemon.port();
            for (String each : List.of(
                    "USR1", "USR2", "ALRM", "VTALRM", "PROF", "IO", "PWR", "PIPE", "WINCH", "URG", "CHLD", "TSTP",
                    "CONT", "TTIN", "CONT", "TTOU", "CONT")) {
                daemon.signal(each);
            }
            // They are taken in no order, but all before this.
            daemon.signal("HUP");
            daemon.await("reloaded ");
            assertServesAndDrains(daemon);
            assertThat(daemon.output()).containsOnlyOnce("stopping").contains("stopped, all connections served");
        }
    }

    private static Path jvm(long launcher) {
        return ProcessHandle.of(launcher)
                .orElseThrow()
                .children()
                .findFirst()
                .map(child -> Path.of("/proc", String.valueOf(child.pid())))
                .orElseThrow();
    }

    private static final String STORM = """
            import os, random, signal, sys, time
            pid, count = int(sys.argv[1]), int(sys.argv[2])
            kinds = [signal.SIGHUP] * 3 + [signal.SIGCONT, signal.SIGWINCH, signal.SIGCHLD, signal.SIGURG]
            def send(kind, after):
                os.kill(pid, kind)
                end = time.perf_counter() + after
                while time.perf_counter() < end: pass
            for i in range(count // 2):
                send(signal.SIGHUP, 0.0003)
                send(random.choice(kinds), random.choice([0, 0.0003, 0.001]))
            """;

    @ParameterizedTest
    @ValueSource(strings = {"QUIT", "TERM"})
    void shouldEndByTheSignalThatFollowsTenThousandOthers(String last) throws Exception {
        Path storm = Files.writeString(directory.resolve("storm.py"), STORM);
        try (Program daemon = takingSignals(Program.daemon(Map.of(), "-c", script.toString(), "-p", "0"));
                // These wait until the JVM is ready.
                Program early = storm(storm, daemon, 1_000)) {
            InetSocketAddress address = new InetSocketAddress(InetAddress.getLoopbackAddress(), daemon.port());
            assertThat(early.exitCode()).as(early.output()).isZero();
            daemon.await("reloaded ");
            try (Program sender = storm(storm, daemon, 10_000)) {
                int served = 0;
                while (sender.isAlive()) {
                    try (Connection client = new Connection(address)) {
                        assertThat(client.send("!").receiveAll()).isEqualTo("served");
                        served++;
                    }
                }
                assertThat(sender.exitCode()).as(sender.output()).isZero();
                assertThat(served).isGreaterThan(100);
            }
            // During its end, too: none takes the place of its exit code.
            try (Program late = storm(storm, daemon, 10_000);
                    Connection client = new Connection(address)) {
                daemon.signal(last);
                daemon.await("stopping: no new connections");
                assertThat(client.send("!").receiveAll()).isEqualTo("served");
                assertThat(daemon.exitCode()).as(daemon.output()).isZero();
                late.exitCode();
            }
            assertThat(daemon.output())
                    .contains("stopped, all connections served")
                    .doesNotContain("line ");
        }
    }

    @Test
    void shouldTellAStoppedJvmOfNoMoreSignalsThanTheirPipeHolds() throws Exception {
        Path storm = Files.writeString(directory.resolve("storm.py"), STORM);
        try (Program daemon = takingSignals(Program.daemon(Map.of(), "-c", script.toString(), "-p", "0"))) {
            daemon.port();
            long jvm = daemon.child().pid();
            Program.run(directory, "kill", "-s", "STOP", String.valueOf(jvm));
            try (Program sender = storm(storm, daemon, 10_000)) {
                assertThat(sender.exitCode()).as(sender.output()).isZero();
            }
            // A pipe holds 65,536 bytes (pipe(7)), and a JVM may be stopped for days.
            try (FileInputStream unread = new FileInputStream("/proc/" + jvm + "/fd/" + pipeOfSignals(jvm))) {
                assertThat(unread.available()).isBetween(100, 2_000);
            }
            Program.run(directory, "kill", "-s", "CONT", String.valueOf(jvm));
            daemon.signal("TERM");
            assertThat(daemon.exitCode()).as(daemon.output()).isZero();
        }
    }

    private static String pipeOfSignals(long jvm) throws IOException {
        return Files.readString(Path.of("/proc", String.valueOf(jvm), "environ"))
                .lines()
                .flatMap(all -> Stream.of(all.split("\0", -1)))
                .filter(variable -> variable.startsWith("PROXYMACHINE_SIGNALS="))
                .map(variable -> variable.substring("PROXYMACHINE_SIGNALS=".length()))
                .findFirst()
                .orElseThrow();
    }

    /** Of PWR (signal(7)): the launcher's trap for it comes after those that matter. */
    private static final long CAUGHT = 1 << 29;

    // A HUP ends bash until it has its traps, which it sets twice where signals are ignored or blocked at first.
    private static Program takingSignals(Program launcher) throws IOException {
        launcher.await(() -> {
            // At once: between two looks it may begin again.
            String status = Files.readString(Path.of("/proc", String.valueOf(launcher.pid()), "status"));
            return (mask(status, "SigCgt") & CAUGHT) != 0
                    && ((mask(status, "SigBlk") | mask(status, "SigIgn")) & 7) == 0;
        });
        return launcher;
    }

    private static long mask(String status, String name) {
        return status.lines()
                .filter(line -> line.startsWith(name + ":"))
                .mapToLong(line ->
                        Long.parseUnsignedLong(line.substring(name.length() + 1).strip(), 16))
                .findFirst()
                .orElseThrow();
    }

    private Program storm(Path program, Program daemon, int signals) throws IOException {
        return new Program(
                Map.of(),
                directory,
                "python3",
                program.toString(),
                String.valueOf(daemon.pid()),
                String.valueOf(signals));
    }

    @ParameterizedTest
    @ValueSource(strings = {"LC_ALL=C", "LC_ALL=POSIX", "LC_CTYPE=C", "-u LC_ALL", "LC_ALL=xx_XX.UTF-8"})
    void shouldOpenAFileNamedWithUmlautsInTheLocale(String locale) throws IOException {
        // As bytes of UTF-8, whatever the locale of the tests.
        String command = "cd \"$1\" && printf \"%s\" \"println 'stra\\u00dfe'; proxy { data -> null }\" > straße.groovy"
                + " && env -u LANG -u LC_CTYPE " + locale + " \"$0\" check -c straße.groovy";
        Path program = Files.writeString(directory.resolve("check.sh"), command);
        String output = Program.run(directory, "bash", "-c", ". " + program + " 2>&1", LAUNCHER, directory.toString());
        String name = new String("straße".getBytes(StandardCharsets.UTF_8), StandardCharsets.ISO_8859_1);
        assertThat(output).contains(name + ".groovy: OK").contains(name + "\n");
    }

    @Test
    void shouldMakeFilesNamedWithUmlautsInTheCLocale() throws IOException {
        Path start = Files.writeString(directory.resolve("start.sh"), """
                cd "$1" && mv router.groovy straße.groovy
                exec env -u LANG -u LC_CTYPE LC_ALL=C "$0" -c straße.groovy --listen 127.0.0.1:0 --listen "unix:$1/bär.sock" \\
                  --access-log zugänge.log --pid-file dämon.pid --record fälle
                """);
        Path present =
                Files.writeString(directory.resolve("present.sh"), "cd \"$1\" && test -S bär.sock && cat dämon.pid");
        Path left = Files.writeString(directory.resolve("left.sh"), """
                cd "$1" && test ! -e bär.sock && test ! -e dämon.pid && test -s zugänge.log && cat fälle/*
                """);
        try (Program daemon = new Program(
                Map.of("JAVA_HOME", System.getProperty("java.home")),
                directory,
                "bash",
                "-c",
                ". " + start,
                LAUNCHER,
                directory.toString())) {
            daemon.await(" pid ");
            assertThat(run(present).strip()).isEqualTo(String.valueOf(daemon.pid()));
            assertServesAndDrains(daemon);
        }
        assertThat(run(left)).contains("served");
    }

    private String run(Path program) throws IOException {
        return Program.run(directory, "bash", "-c", ". " + program, "check", directory.toString());
    }
}
