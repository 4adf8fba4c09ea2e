package org.proxymachine;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.BasicFileAttributes;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** What the system that runs the daemon sees of it. */
class ServiceIT {
    private static final long DEADLINE_SECONDS = 15;

    @TempDir
    Path directory;

    private String script = "";

    @BeforeEach
    void writeScript() throws IOException {
        script = Files.writeString(directory.resolve("router.groovy"), "proxy { data -> [close: 'served'] }")
                .toString();
    }

    private static String commandLine(Program daemon) throws IOException {
        Path file = Path.of("/proc", String.valueOf(daemon.child().pid()), "cmdline");
        return Files.readString(file, StandardCharsets.UTF_8).replaceFirst("\0+$", "");
    }

    private static void awaitTitle(Program daemon, String title) throws IOException {
        long deadline = System.nanoTime() + TimeUnit.SECONDS.toNanos(DEADLINE_SECONDS);
        while (!commandLine(daemon).equals(title) && System.nanoTime() - deadline < 0) {
            Thread.onSpinWait();
        }
        assertThat(commandLine(daemon)).isEqualTo(title);
    }

    private static Connection connect(Program daemon) throws IOException {
        return new Connection(new InetSocketAddress(InetAddress.getLoopbackAddress(), daemon.port()));
    }

    @Test
    void shouldShowItsNameAddressAndConnectionsInPs() throws IOException {
        try (Program daemon = Program.daemon(Map.of(), "-c", script, "-h", "127.0.0.1", "-p", "0")) {
            String version = daemon.await("proxymachine (\\S+) routes");
            String title = "proxymachine " + version + " - router 127.0.0.1:" + daemon.port() + " - %s conns";
            awaitTitle(daemon, title.formatted("0/0/0"));
            try (Connection one = connect(daemon);
                    Connection other = connect(daemon)) {
                awaitTitle(daemon, title.formatted("2/2/2"));
                assertThat(one.send("x").receiveAll()).isEqualTo("served");
                one.leave();
                awaitTitle(daemon, title.formatted("1/2/2"));
                assertThat(other.send("x").receiveAll()).isEqualTo("served");
            }
            awaitTitle(daemon, title.formatted("0/2/2"));
            String shown = Program.run(
                    directory,
                    "ps",
                    "-ww",
                    "-o",
                    "args=",
                    String.valueOf(daemon.child().pid()));
            assertThat(shown.strip()).isEqualTo(title.formatted("0/2/2"));
        }
    }

    @Test
    void shouldShowTheBeginningOfATitleThatIsTooLong() throws IOException {
        String name = "x".repeat(200);
        try (Program daemon = Program.daemon(Map.of(), "-c", script, "-p", "0", "--name", name)) {
            daemon.port();
            long deadline = System.nanoTime() + TimeUnit.SECONDS.toNanos(DEADLINE_SECONDS);
            while (!commandLine(daemon).startsWith("proxymachine ") && System.nanoTime() - deadline < 0) {
                Thread.onSpinWait();
            }
            assertThat(commandLine(daemon)).contains(" - " + name + " 0.0.0.0:");
        }
    }

    @Test
    void shouldKeepThePidToSignalInAFileWhileItListens() throws IOException {
        Path file = directory.resolve("proxymachine.pid");
        // Of a process that is gone.
        Files.writeString(file, "4194305\n");
        try (Program daemon = Program.daemon(Map.of(), "-c", script, "-p", "0", "--pid-file", file.toString())) {
            daemon.port();
            String pid = await(file, "4194305\n").strip();
            assertThat(pid).isEqualTo(String.valueOf(daemon.pid()));

            try (Program second = Program.daemon(Map.of(), "-c", script, "-p", "0", "--pid-file", file.toString())) {
                assertThat(second.exitCode()).isEqualTo(1);
                assertThat(second.output())
                        .isEqualTo("proxymachine: --pid-file: process " + pid + " is running, as " + file
                                + " says; is it another proxymachine?\n");
            }
            Program.run(directory, "kill", "-s", "QUIT", pid);
            assertThat(daemon.exitCode()).isZero();
            assertThat(file).doesNotExist();
            assertThat(directory).isDirectoryNotContaining("glob:**.pid.*");
        }
    }

    @Test
    void shouldGiveThePidFileBackToTheFirstWhenTheSecondIsStoppedAgain() throws IOException {
        Path file = directory.resolve("proxymachine.pid");
        String[] arguments = {"-c", script, "-p", "0", "--reuse-port", "--pid-file", file.toString()};
        try (Program first = Program.daemon(Map.of(), arguments)) {
            first.port();
            first.await(() -> Files.exists(file));
            String pid = Files.readString(file);
            try (Program second = Program.daemon(Map.of(), arguments)) {
                second.port();
                assertThat(await(file, pid).strip()).isEqualTo(String.valueOf(second.pid()));
                second.signal("TERM");
                assertThat(second.exitCode()).isZero();
            }
            assertThat(Files.readString(file)).isEqualTo(pid);
            first.signal("QUIT");
            assertThat(first.exitCode()).isZero();
            assertThat(file).doesNotExist();
        }
    }

    private static String await(Path file, String other) throws IOException {
        long deadline = System.nanoTime() + TimeUnit.SECONDS.toNanos(DEADLINE_SECONDS);
        while (Files.readString(file).equals(other) && System.nanoTime() - deadline < 0) {
            Thread.onSpinWait();
        }
        return Files.readString(file);
    }

    @Test
    void shouldSayThatThePidFileCannotBeWritten() throws IOException {
        try (Program daemon = Program.daemon(Map.of(), "-c", script, "-p", "0", "--pid-file", "/nowhere/pid")) {
            assertThat(daemon.exitCode()).isEqualTo(1);
            assertThat(daemon.output())
                    .contains("proxymachine: --pid-file: cannot write /nowhere/pid: its directory does not exist\n");
        }
    }

    /** Such as /dev/null, in whose place a file would break every other program of the machine. */
    @ParameterizedTest
    @ValueSource(booleans = {false, true})
    void shouldReplaceNothingButAFileByThePidFile(boolean reusePort) throws IOException {
        Path fifo = directory.resolve("fifo");
        Program.run(directory, "mkfifo", fifo.toString());
        List<String> arguments = new ArrayList<>(List.of("-c", script, "-p", "0", "--pid-file", fifo.toString()));
        if (reusePort) {
            arguments.add("--reuse-port");
        }
        try (Program daemon = Program.daemon(Map.of(), arguments.toArray(String[]::new))) {
            assertThat(daemon.exitCode()).isEqualTo(1);
            assertThat(daemon.output()).contains("proxymachine: --pid-file: " + fifo + ": must be a regular file\n");
        }
        assertThat(Files.readAttributes(fifo, BasicFileAttributes.class).isOther())
                .isTrue();
    }
}
