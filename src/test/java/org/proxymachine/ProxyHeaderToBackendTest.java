package org.proxymachine;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.net.Socket;
import java.nio.charset.StandardCharsets;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;
import org.proxymachine.session.CloseReason;
import org.proxymachine.session.SessionReport;

/** {@code proxy_protocol}: each backend gets one header, before all else, and none that was meant for another. */
class ProxyHeaderToBackendTest {

    private static String header(int version, Connection client) {
        int from = client.socket().getLocalPort();
        int to = client.socket().getPort();
        return switch (version) {
            case 1 -> "PROXY TCP4 127.0.0.1 127.0.0.1 %d %d\r\n".formatted(from, to);
            case 2 -> "\r\n\r\n\0\r\nQUIT\n!\u0011\0\14\177\0\0\1\177\0\0\1" + port(from) + port(to);
            default -> "";
        };
    }

    private static String port(int port) {
        return "" + (char) (port >> 8) + (char) (port & 0xff);
    }

    /** What the backend's connection brings to its end. */
    private static String all(Socket backend) throws IOException {
        return new String(backend.getInputStream().readAllBytes(), StandardCharsets.ISO_8859_1);
    }

    @ParameterizedTest
    @ValueSource(ints = {1, 2})
    void shouldGoBeforeTheBufferedBytesAndCountForNone(int version) throws IOException {
        try (Backend backend = Backend.named("b");
                Proxy proxy = Proxy.running(
                        "proxy { data -> [remote: '%s', proxy_protocol: %d] }".formatted(backend.address(), version));
                Connection client = proxy.connect()) {
            client.send("hello").finish();
            assertThat(client.receiveAll()).isEqualTo("b<" + header(version, client) + "hello>");
            SessionReport report = proxy.report();
            assertThat(report.reason()).isEqualTo(CloseReason.DONE);
            assertThat(report.bytesUp()).isEqualTo(5);
        }
    }

    @ParameterizedTest
    @ValueSource(ints = {1, 2})
    void shouldGoBeforeBytesThatTheDecisionGives(int version) throws IOException {
        try (Backend backend = Backend.named("b");
                Proxy proxy = Proxy.running("proxy { data -> [remote: '%s', proxy_protocol: %d, data: 'x' * 300_000] }"
                        .formatted(backend.address(), version));
                Connection client = proxy.connect()) {
            client.send("hello").finish();
            assertThat(client.receiveAll()).isEqualTo("b<" + header(version, client) + "x".repeat(300_000) + ">");
        }
    }

    @ParameterizedTest
    @ValueSource(ints = {1, 2})
    void shouldGoAtOnceToABackendThatSpeaksFirst(int version) throws IOException {
        try (Backend backend = Backend.manual();
                Proxy proxy = Proxy.running("""
                proxy_accept { conn -> [remote: '%s', proxy_protocol: %d] }
                proxy { data -> null }""".formatted(backend.address(), version));
                Connection client = proxy.connect();
                Socket peer = backend.next()) {
            String header = header(version, client);
            assertThat(Backend.read(peer.getInputStream(), header.length())).isEqualTo(header);
            peer.getOutputStream().write('!');
            assertThat(client.receive(1)).isEqualTo("!");
            client.send("late").finish();
            assertThat(all(peer)).isEqualTo("late");
            peer.shutdownOutput();
            assertThat(proxy.report().bytesUp()).isEqualTo(4);
        }
    }

    @Test
    void shouldGoBeforeTheFinOfAClientThatSaysNothing() throws IOException {
        try (Backend backend = Backend.named("b");
                Proxy proxy = Proxy.running("""
                proxy_accept { conn -> [remote: '%s', proxy_protocol: 1] }
                proxy { data -> null }""".formatted(backend.address()));
                Connection client = proxy.connect()) {
            client.finish();
            assertThat(client.receiveAll()).isEqualTo("b<" + header(1, client) + ">");
        }
    }

    @Test
    void shouldGoOnceAfterRetries() throws Exception {
        // An address of its own: on that of all others somebody might have taken the port meanwhile.
        InetAddress address = InetAddress.getByAddress(new byte[] {127, 0, 0, 7});
        int port = Backend.deadPort();
        try (Proxy proxy = Proxy.running(
                        "proxy { data -> [remote: '127.0.0.7:%d', retries: 1000, retry_delay: 0.01, proxy_protocol: 1] }"
                                .formatted(port));
                Connection client = proxy.connect()) {
            client.send("hello");
            proxy.await(() -> proxy.server().sessionCount() == 1);
            try (ServerSocket late = new ServerSocket(port, 1, address);
                    Socket backend = late.accept()) {
                backend.setSoTimeout(Backend.DEADLINE_MILLIS);
                client.finish();
                assertThat(all(backend)).isEqualTo(header(1, client) + "hello");
            }
        }
    }

    @Test
    void shouldGoOnceToTheRemoteOfAListThatAccepts() throws IOException {
        try (Backend backend = Backend.named("b");
                Proxy proxy = Proxy.running("proxy { data -> [remote: ['127.0.0.1:%d', '%s'], proxy_protocol: 2] }"
                        .formatted(Backend.deadPort(), backend.address()));
                Connection client = proxy.connect()) {
            client.send("hello").finish();
            assertThat(client.receiveAll()).isEqualTo("b<" + header(2, client) + "hello>");
        }
    }

    @ParameterizedTest
    @ValueSource(ints = {0, 1, 2})
    void shouldBeTheSecondBackendsOwnWhereTheFirstRefused(int second) throws IOException {
        try (Backend backend = Backend.named("b");
                Proxy proxy = Proxy.running("""
                proxy { data -> [remote: '127.0.0.1:%d', retries: 0, proxy_protocol: 1] }
                proxy_connect_error { remote -> [remote: '%s'%s] }""".formatted(Backend.deadPort(), backend.address(), key(second)));
                Connection client = proxy.connect()) {
            client.send("hello").finish();
            assertThat(client.receiveAll()).isEqualTo("b<" + header(second, client) + "hello>");
        }
    }

    @ParameterizedTest
    @ValueSource(ints = {0, 1, 2})
    void shouldBeTheSecondBackendsOwnWhereTheFirstClosedWithoutAByte(int second) throws IOException {
        try (Backend first = Backend.manual();
                Backend backend = Backend.named("b");
                Proxy proxy = Proxy.running("""
                proxy_accept { conn -> [remote: '%s', proxy_protocol: 2] }
                proxy { data -> null }
                proxy_connect_error { remote -> [remote: '%s'%s] }""".formatted(first.address(), backend.address(), key(second)));
                Connection client = proxy.connect()) {
            try (Socket peer = first.next()) {
                String header = header(2, client);
                assertThat(Backend.read(peer.getInputStream(), header.length())).isEqualTo(header);
            }
            assertThat(client.receive(2)).isEqualTo("b<");
            client.send("hello").finish();
            assertThat(client.receiveAll()).isEqualTo(header(second, client) + "hello>");
            assertThat(proxy.report().bytesUp()).isEqualTo(5);
        }
    }

    private static String key(int version) {
        return version == 0 ? "" : ", proxy_protocol: " + version;
    }

    @Test
    void shouldChangeNothingAboutBytesThatReachedABackend() throws IOException {
        try (Backend first = Backend.manual();
                Backend second = Backend.named("never");
                Proxy proxy = Proxy.running("""
                proxy { data -> [remote: '%s', proxy_protocol: 1] }
                proxy_connect_error { remote -> [remote: '%s', proxy_protocol: 1] }""".formatted(first.address(), second.address()));
                Connection client = proxy.connect()) {
            client.send("x");
            try (Socket peer = first.next()) {
                String expected = header(1, client) + "x";
                assertThat(Backend.read(peer.getInputStream(), expected.length()))
                        .isEqualTo(expected);
            }
            assertThat(client.receiveAll()).isEmpty();
            client.leave();
            proxy.assertClosedBecause(CloseReason.SCRIPT_ERROR);
            proxy.problem();
            assertThat(proxy.problem()).contains("remote: 1 bytes have reached the first backend already");
            assertThat(second.connections()).isZero();
        }
    }
}
