package org.proxymachine;

import static org.assertj.core.api.Assertions.assertThat;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/**
 * Connects where the system has one local port to give, 40000: to a server that would have this very port every connect
 * reaches itself, which else is one in tens of thousands, and to others there is one connection at a time.
 */
class SelfConnectIT {
    private static final String ONE_PORT = "echo 40000 40000 > /proc/sys/net/ipv4/ip_local_port_range";

    @TempDir
    Path directory;

    private Program inside(OwnNetwork network, String... command) throws IOException {
        List<String> words = new ArrayList<>(network.entrance());
        words.addAll(List.of(command));
        return new Program(Map.of(), Path.of("").toAbsolutePath(), words.toArray(String[]::new));
    }

    private Program daemon(OwnNetwork network, Path socket) throws IOException {
        try (Program setting = inside(network, "sh", "-c", ONE_PORT)) {
            assertThat(setting.exitCode()).as(setting.output()).isZero();
        }
        Path script = Files.writeString(directory.resolve("router.groovy"), """
                proxy { data -> data ? [remote: data, retries: data.endsWith(':41000') ? 1 : 0, retry_delay: 0] : null }
                proxy_connect_error { remote, conn, error -> [close: error] }""");
        Program daemon =
                Program.daemonWithin(network.entrance(), Map.of(), "-c", script.toString(), "-h", "unix:" + socket);
        daemon.await("routes by");
        return daemon;
    }

    @Test
    void shouldTakeAConnectThatReachesItselfForARefusedOne() throws IOException {
        Path socket = directory.resolve("pm.sock");
        try (OwnNetwork network = new OwnNetwork()) {
            assumeTrue(network.migrates(), "a network namespace of its own");
            try (Program daemon = daemon(network, socket);
                    UnixClient client = new UnixClient(socket)) {
                assertThat(client.send("127.0.0.1:40000").receiveAll())
                        .isEqualTo("Connection refused (it reached its own local port)");
                assertThat(daemon.await("(session id=1 .* reason=.*) up=15 ")).contains(" reason=connect-refused");
                // No TIME-WAIT is left of it, which would keep the port from the server that is to have it.
                try (Program server = inside(
                        network, "python3", "-c", "import socket; s = socket.socket(); s.bind(('127.0.0.1', 40000))")) {
                    assertThat(server.exitCode()).as(server.output()).isZero();
                }
            }
        }
    }

    @Test
    void shouldFailAndRetryAConnectThatGetsNoLocalPort() throws IOException {
        Path socket = directory.resolve("pm.sock");
        try (OwnNetwork network = new OwnNetwork()) {
            assumeTrue(network.migrates(), "a network namespace of its own");
            try (Program server = inside(network, "python3", "-c", """
                            import socket, signal
                            server = socket.create_server(('127.0.0.1', 41000))
                            print('ready', flush=True)
                            signal.pause()""");
                    Program daemon = daemon(network, socket);
                    UnixClient first = new UnixClient(socket);
                    UnixClient second = new UnixClient(socket)) {
                server.await("ready");
                first.send("127.0.0.1:41000");
                daemon.await(() -> Program.run(Path.of("").toAbsolutePath(), entered(network, "ss", "-tnH"))
                        .contains("127.0.0.1:41000"));
                assertThat(second.send("127.0.0.1:41000").receiveAll())
                        .isEqualTo("no local port or address is free for it (Cannot assign requested address)");
                assertThat(daemon.await("(session id=2 .* reason=.*)"))
                        .contains(" reason=connect-failed", " attempts=2");
            }
        }
    }

    private static String[] entered(OwnNetwork network, String... command) {
        List<String> words = new ArrayList<>(network.entrance());
        words.addAll(List.of(command));
        return words.toArray(String[]::new);
    }
}
