package org.proxymachine;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.regex.Pattern;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** The daemon with somebody who plays systemd's part, with the real systemd-notify(1). */
class SystemdIT {
    private static final Path PROGRAMS = Path.of("src/test/resources/org/proxymachine");

    @TempDir
    Path directory;

    private Path script = Path.of("");

    @BeforeEach
    void writeScript() throws IOException {
        script = Files.writeString(directory.resolve("router.groovy"), """
                proxy { data ->
                    if (data == 'stick') { def end = System.nanoTime() + 3_000_000_000L; while (System.nanoTime() < end) { } }
                    [close: 'served']
                }""");
    }

    private Program notifications(Path socket) throws IOException {
        Program receiver = new Program(
                Map.of(),
                Path.of("").toAbsolutePath(),
                "python3",
                PROGRAMS.resolve("notifications.py").toString(),
                socket.toString());
        receiver.await("bound");
        return receiver;
    }

    private static Connection connect(int port) throws IOException {
        return new Connection(new InetSocketAddress(InetAddress.getLoopbackAddress(), port));
    }

    @Test
    void shouldTellSystemdHowItIs() throws IOException {
        Path socket = directory.resolve("notify");
        try (Program systemd = notifications(socket);
                Program daemon = Program.daemon(
                        Map.of("NOTIFY_SOCKET", socket.toString()), "-c", script.toString(), "-p", "0")) {
            systemd.await("READY=1");
            systemd.await("STATUS=0/0/0 conns");
            try (Connection client = connect(daemon.port())) {
                systemd.await("STATUS=1/1/1 conns");
                assertThat(client.send("x").receiveAll()).isEqualTo("served");
            }
            systemd.await("STATUS=0/1/1 conns");
            assertThat(systemd.output()).doesNotContain("WATCHDOG");

            daemon.signal("HUP");
            systemd.await("RELOADING=1 MONOTONIC_USEC=\\d{6,}[^\\n]*\\n(?:(?!RELOADING)[^\\n]*\\n)*READY=1");
            daemon.signal("QUIT");
            systemd.await("STOPPING=1");
            assertThat(daemon.exitCode()).isZero();
            assertThat(daemon.output()).doesNotContain("WARN");
        }
    }

    @Test
    void shouldTellTheWatchdogOnlyWhileTheLoopTurns() throws IOException {
        Path socket = directory.resolve("notify");
        Map<String, String> environment = Map.of("NOTIFY_SOCKET", socket.toString(), "WATCHDOG_USEC", "400000");
        try (Program systemd = notifications(socket);
                Program daemon = Program.daemon(environment, "-c", script.toString(), "-p", "0");
                Connection client = connect(daemon.port())) {
            systemd.await("(?s)WATCHDOG=1.*WATCHDOG=1.*WATCHDOG=1");
            client.send("stick");
            // Reported after a second: what was on its way at the beginning has arrived.
            daemon.await("WARN +proxymachine stuck");
            long before = beats(systemd);
            assertThat(client.receiveAll()).isEqualTo("served");
            // The loop's first turn after two more seconds; the beat may be here before us.
            assertThat(beats(systemd) - before).isLessThanOrEqualTo(1);
            systemd.await("(?s)" + "WATCHDOG=1.*".repeat((int) before + 2));
        }
    }

    /** Each client takes a moment, and all of them are ready at once, as after a stall. */
    @Test
    void shouldTakeALoopThatHasMuchToDoInOneTurnForOneThatLives() throws IOException {
        Path socket = directory.resolve("notify");
        Files.writeString(script, "proxy { data -> Thread.sleep(data == 'stick' ? 2000 : 100); [close: 'served'] }");
        Map<String, String> environment = Map.of("NOTIFY_SOCKET", socket.toString(), "WATCHDOG_USEC", "3000000");
        List<Connection> clients = new ArrayList<>();
        try (Program systemd = notifications(socket);
                Program daemon = Program.daemon(
                        environment, "-c", script.toString(), "-p", "0", "--admin", "0", "--shutdown-timeout", "0.2");
                Connection first = connect(daemon.port())) {
            AdminEndpoint admin = AdminEndpoint.tcp(Integer.parseInt(daemon.await("admin endpoint on \\S+:(\\d+)")));
            for (int i = 0; i < 50; i++) {
                clients.add(connect(daemon.port()));
            }
            systemd.await("STATUS=51/51/51 conns");
            first.send("stick");
            daemon.await("stuck for ");
            for (Connection each : clients) {
                each.send("x");
            }
            daemon.await(
                    "much to do: one turn of the loop has lasted \\S+ s, has handled \\d+ events so far and goes on");
            assertThat(admin.get("/healthz").text()).isEqualTo("ok\n");
            long before = beats(systemd);
            daemon.await("much to do[^|]*much to do[^|]*much to do");
            systemd.await("(?s)" + "WATCHDOG=1.*".repeat((int) before + 1));
            daemon.signal("TERM");
            for (Connection each : clients) {
                assertThat(each.receiveAll()).isEqualTo("served");
            }
            daemon.await("stopped, ");
            assertThat(daemon.output()).doesNotContain("stopped although");
            assertThat(daemon.output().split("stuck", -1)).hasSize(2);
        } finally {
            for (Connection each : clients) {
                each.close();
            }
        }
    }

    private static long beats(Program systemd) {
        return systemd.output()
                .lines()
                .filter(line -> line.contains("WATCHDOG=1"))
                .count();
    }

    @Test
    void shouldNotBeatForAnotherProcess() throws IOException {
        Path socket = directory.resolve("notify");
        Map<String, String> environment =
                Map.of("NOTIFY_SOCKET", socket.toString(), "WATCHDOG_USEC", "400000", "WATCHDOG_PID", "1");
        try (Program systemd = notifications(socket);
                Program daemon = Program.daemon(environment, "-c", script.toString(), "-p", "0")) {
            daemon.port();
            systemd.await("READY=1");
            daemon.signal("QUIT");
            assertThat(daemon.exitCode()).isZero();
            systemd.await("STOPPING=1");
            assertThat(systemd.output()).doesNotContain("WATCHDOG");
        }
    }

    @Test
    void shouldServeOnPassedSocketsAndLoseNobodyBetweenTwoRuns() throws IOException {
        Path socket = directory.resolve("held");
        try (Program holder = new Program(
                Map.of(
                        "JAVA_HOME",
                        System.getProperty("java.home"),
                        "XDG_CACHE_HOME",
                        directory.resolve("cache").toString()),
                Path.of("").toAbsolutePath(),
                "python3",
                PROGRAMS.resolve("activation.py").toString(),
                "2",
                socket.toString(),
                Path.of("bin/proxymachine").toAbsolutePath().toString(),
                "-c",
                script.toString())) {
            int port = Integer.parseInt(holder.await("held port (\\d+)"));
            // Before the daemon runs.
            try (Connection first = connect(port)) {
                assertThat(first.send("x").receiveAll()).isEqualTo("served");
            }
            holder.await("routes by .* on 127.0.0.1:" + port + ", unix:" + socket + ", at most");
            try (UnixClient client = new UnixClient(socket)) {
                assertThat(client.send("x").receiveAll()).isEqualTo("served");
            }
            Program.run(directory, "kill", "-s", "QUIT", holder.await("run 1 pid (\\d+)"));
            holder.await("stopping: no new connections");
            // While the first one ends and the second one starts.
            for (int i = 0; i < 20; i++) {
                try (Connection between = connect(port)) {
                    assertThat(between.send("x").receiveAll()).isEqualTo("served");
                }
            }
            holder.await("run 1 ended with 0");
            assertThat(holder.output())
                    .as("the log goes on after the sockets are closed")
                    .contains("stopped, all connections served");
            try (UnixClient client = new UnixClient(socket)) {
                assertThat(client.send("x").receiveAll()).isEqualTo("served");
            }
            Program.run(directory, "kill", "-s", "QUIT", holder.await("run 2 pid (\\d+)"));
            holder.await("run 2 ended with 0");
            assertThat(socket).exists();
        }
    }

    private static final String TEN_SOCKETS = """
            import os, socket, sys
            sockets = [socket.create_server(('127.0.0.1', 0)) for _ in range(10)]
            assert [each.fileno() for each in sockets] == list(range(3, 13))
            for each in sockets:
                each.set_inheritable(True)
                print('held', each.getsockname()[1], flush=True)
            os.environ.update(LISTEN_FDS='10', LISTEN_PID=str(os.getpid()))
            os.execv(sys.argv[1], sys.argv[1:])
            """;

    @Test
    void shouldServeOnEachOfTenPassedSocketsWhateverTheLauncherOpensForItself() throws IOException {
        try (Program daemon = new Program(
                Map.of("JAVA_HOME", System.getProperty("java.home")),
                Path.of("").toAbsolutePath(),
                "python3",
                "-c",
                TEN_SOCKETS,
                Path.of("bin/proxymachine").toAbsolutePath().toString(),
                "-c",
                script.toString())) {
            daemon.await("routes by");
            List<Integer> ports = Pattern.compile("held (\\d+)")
                    .matcher(daemon.output())
                    .results()
                    .map(each -> Integer.parseInt(each.group(1)))
                    .toList();
            assertThat(ports).hasSize(10);
            for (int port : ports) {
                try (Connection client = connect(port)) {
                    assertThat(client.send("x").receiveAll()).isEqualTo("served");
                }
            }
            daemon.signal("QUIT");
            assertThat(daemon.exitCode()).isZero();
        }
    }

    @Test
    void shouldSayWhichPassedDescriptorIsNoListeningSocket() throws IOException {
        String launcher = Path.of("bin/proxymachine").toAbsolutePath().toString();
        Map<String, String> environment = Map.of("JAVA_HOME", System.getProperty("java.home"));
        try (Program daemon = new Program(
                environment,
                directory,
                "bash",
                "-c",
                "LISTEN_FDS=1 LISTEN_PID=$$ exec \"$@\" 3< /dev/null",
                "-",
                launcher,
                "-c",
                script.toString())) {
            assertThat(daemon.exitCode()).isEqualTo(1);
            assertThat(daemon.output()).contains("passed descriptor 3: expected a listening stream socket\n");
        }
    }
}
