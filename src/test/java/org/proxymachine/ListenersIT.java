package org.proxymachine;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** The daemon on several addresses, as a process. {@link ListenersTest} has the addresses themselves. */
class ListenersIT {
    @TempDir
    Path directory;

    private Program daemon(String... listeners) throws IOException {
        Path script = Files.writeString(
                directory.resolve("router.groovy"), "proxy { data, conn -> [close: conn.source.toString()] }");
        String[] arguments = new String[listeners.length + 2];
        arguments[0] = "-c";
        arguments[1] = script.toString();
        System.arraycopy(listeners, 0, arguments, 2, listeners.length);
        return Program.daemon(Map.of(), arguments);
    }

    @Test
    void shouldNameAllListenersAndRemoveItsSocketWhenItDrains() throws IOException {
        Ipv6.assume();
        Path socket = directory.resolve("pm.sock");
        try (Program daemon = daemon("-h", "unix:" + socket, "--listen", "127.0.0.1:0", "--listen", "[::1]:0")) {
            int port = Integer.parseInt(daemon.await(
                    " on unix:" + socket + ", 127\\.0\\.0\\.1:(\\d+), \\[::1]:\\d+, at most \\d+ connections"));
            try (UnixClient client = new UnixClient(socket);
                    Connection other = new Connection(new InetSocketAddress(InetAddress.getLoopbackAddress(), port))) {
                assertThat(client.send("!").receiveAll()).isEqualTo("unix:");
                assertThat(other.send("!").receiveAll()).startsWith("127.0.0.1:");
            }
            try (Program second = daemon("--listen", "unix:" + socket)) {
                assertThat(second.exitCode()).isEqualTo(1);
                assertThat(second.output())
                        .isEqualTo(
                                "proxymachine: cannot listen on unix:%s: Address already in use\n".formatted(socket));
            }
            daemon.signal("QUIT");
            assertThat(daemon.exitCode()).isZero();
            assertThat(daemon.output()).contains(" client=unix: backend=- reason=script-close up=1 down=5 ");
            assertThat(socket).doesNotExist();
        }
    }

    @Test
    void shouldLogWhomAProxySpeaksForAndOneThatDoesNotSay() throws IOException {
        try (Program daemon = daemon("--listen", "127.0.0.1:0", "--accept-proxy", "10.0.0.0/8,127.0.0.1")) {
            InetSocketAddress address = new InetSocketAddress(InetAddress.getLoopbackAddress(), daemon.port());
            try (Connection client = new Connection(address)) {
                assertThat(client.send("PROXY TCP6 2001:db8::1 2001:db8::2 1000 443\r\n!")
                                .receiveAll())
                        .isEqualTo("[2001:db8::1]:1000");
            }
            try (Connection client = new Connection(address)) {
                assertThat(client.send("GET / HTTP/1.0\r\n\r\n").receiveAll()).isEmpty();
            }
            daemon.await("INFO  session id=1 client=127.0.0.1:\\d+ source=\\[2001:db8::1]:1000 backend=- "
                    + "reason=script-close up=1 ");
            daemon.await("WARN  session id=2 client=127.0.0.1:\\d+ expected a PROXY header, version 1 or 2, as "
                    + "--accept-proxy says of this client, found \"GET / HTTP/1\\.0.*\", which is none\n");
            daemon.await("INFO  session id=2 client=127.0.0.1:\\d+ backend=- reason=proxy-header up=18 ");
        }
    }
}
