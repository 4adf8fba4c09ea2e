package org.proxymachine;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.Socket;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** The daemon as a process that is stopped, as a paused machine is. {@link StallFaultsTest} has the deadlines one by one. */
class StallIT {
    private static final int CLIENTS = 50;

    @TempDir
    Path directory;

    @Test
    void shouldServeWhomABackendAnsweredWhileTheProcessStoodStill() throws Exception {
        Path script = directory.resolve("router.groovy");
        try (Backend backend = Backend.manual()) {
            Files.writeString(
                    script,
                    "proxy { data -> [remote: '%s', inactivity_timeout: 1, idle_timeout: 1] }"
                            .formatted(backend.address()));
            try (Program daemon = Program.daemon(Map.of(), "-c", script.toString(), "-p", "0")) {
                InetSocketAddress address = new InetSocketAddress(InetAddress.getLoopbackAddress(), daemon.port());
                List<Connection> clients = new ArrayList<>();
                List<Socket> backends = new ArrayList<>();
                for (int i = 0; i < CLIENTS; i++) {
                    clients.add(new Connection(address).send("x"));
                    backends.add(backend.next());
                }
                stopFor(daemon, 2_000, backends);
                for (Connection client : clients) {
                    assertThat(client.receive(1)).isEqualTo("y");
                    client.leave();
                }
                for (Socket each : backends) {
                    each.close();
                }
            }
        }
    }

    // Longer than all its deadlines, which is the one thing that only a clock can show.
    private static void stopFor(Program daemon, long millis, List<Socket> backends) throws Exception {
        signal(daemon, "STOP");
        for (Socket each : backends) {
            each.getOutputStream().write('y');
        }
        try {
            daemon.child().onExit().get(millis, TimeUnit.MILLISECONDS);
        } catch (TimeoutException e) {
            // As wanted: it lives.
        }
        signal(daemon, "CONT");
    }

    private static void signal(Program daemon, String name) throws IOException {
        String pid = String.valueOf(daemon.child().pid());
        Program.run(Path.of("").toAbsolutePath(), "kill", "-s", name, pid);
    }
}
