package org.proxymachine;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.net.InetAddress;
import java.net.Socket;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.proxymachine.address.Network;
import org.proxymachine.session.CloseReason;
import org.proxymachine.session.Limits;
import org.proxymachine.session.SessionReport;
import org.proxymachine.session.SessionState;

/** What one address may take, and what one backend gets. */
class PeerLimitsTest {
    private static final String ECHO =
            "proxy_accept { conn -> null }\nproxy { data -> [noop: true, data: '', reply: data] }";

    private static Proxy.Setup limited(int perAddress, int ratePerAddress, int perBackend) {
        Proxy.Setup setup = new Proxy.Setup();
        setup.limits = new Limits(Duration.ofHours(1), 1_000, perAddress, ratePerAddress, perBackend);
        return setup;
    }

    private static void assertEchoes(Connection client, String text) throws IOException {
        assertThat(client.send(text).receive(text.length())).isEqualTo(text);
    }

    private static void refused(Proxy proxy, String text) throws IOException {
        try (Connection client = proxy.connect()) {
            client.sendWhatItTakes(text.getBytes(StandardCharsets.US_ASCII));
            assertThat(client.receiveAll()).isEmpty();
        }
    }

    @Test
    void shouldCloseWhatAnAddressHasTooManyOfAndLetItComeAgain() throws IOException {
        try (Proxy proxy = limited(2, 0, 0).running(ECHO);
                Connection first = proxy.connect();
                Connection second = proxy.connect();
                Connection other = new Connection(InetAddress.getByName("127.0.0.2"), proxy.address())) {
            assertEchoes(first, "1");
            assertEchoes(second, "2");
            refused(proxy, "3");
            SessionReport report = proxy.report();
            assertThat(report.reason()).isEqualTo(CloseReason.IP_LIMIT);
            assertThat(report.routeNanos()).isEqualTo(-1);
            assertEchoes(other, "4");
            first.leave();
            proxy.assertClosedBecause(CloseReason.CLIENT_LEFT);
            assertThat(proxy.exchange("5")).isEqualTo("5");
        }
    }

    @Test
    void shouldCloseWhatComesTooFastAndNothingLater() throws IOException {
        ManualClock clock = new ManualClock();
        Proxy.Setup setup = limited(0, 2, 0);
        setup.clock = clock;
        try (Proxy proxy = setup.running(ECHO)) {
            assertThat(proxy.exchange("1")).isEqualTo("1");
            assertThat(proxy.exchange("2")).isEqualTo("2");
            refused(proxy, "3");
            proxy.assertClosedBecause(CloseReason.CLIENT_LEFT);
            proxy.assertClosedBecause(CloseReason.CLIENT_LEFT);
            proxy.assertClosedBecause(CloseReason.RATE_LIMIT);
            clock.advance(Duration.ofMillis(500), proxy);
            assertThat(proxy.exchange("4")).isEqualTo("4");
            refused(proxy, "5");
            clock.advance(Duration.ofSeconds(1), proxy);
        }
    }

    @Test
    void shouldCountTheClientThatABelievedHeaderNames() throws IOException {
        Proxy.Setup setup = limited(1, 0, 0);
        setup.acceptProxy = List.of(Network.parse("127.0.0.1"));
        setup.introduction = "PROXY TCP4 192.0.2.77 192.0.2.2 1 2\r\n";
        try (Proxy proxy = setup.running(ECHO);
                Connection first = proxy.connect();
                Connection second = proxy.connect()) {
            assertEchoes(first.send("PROXY TCP4 192.0.2.1 192.0.2.2 1 2\r\n"), "1");
            assertEchoes(second.send("PROXY TCP4 192.0.2.3 192.0.2.2 1 2\r\n"), "2");
            refused(proxy, "PROXY TCP4 192.0.2.1 192.0.2.2 3 2\r\nx");
            proxy.assertClosedBecause(CloseReason.IP_LIMIT);
        }
    }

    @Test
    void shouldQueueForABackendInOrder() throws IOException {
        try (Backend backend = Backend.manual();
                Proxy proxy =
                        limited(0, 0, 1).running("proxy { data -> [remote: '%s'] }".formatted(backend.address()));
                Connection first = proxy.connect();
                Connection second = proxy.connect();
                Connection gone = proxy.connect();
                Connection third = proxy.connect()) {
            Socket one = serve(backend, first, "1");
            int waiting = 0;
            for (Connection client : List.of(second, gone, third)) {
                client.send(client == second ? "2" : "3");
                int now = ++waiting;
                proxy.await(() -> connecting(proxy) == now);
            }
            assertThat(backend.connections()).isZero();
            gone.reset();
            proxy.assertClosedBecause(CloseReason.CLIENT_RESET);
            end(one, first);
            Socket two = backend.next();
            assertThat(two.getInputStream().read()).isEqualTo('2');
            assertThat(proxy.ask(backend::connections)).isZero();
            end(two, second);
            Socket three = backend.next();
            assertThat(three.getInputStream().read()).isEqualTo('3');
            end(three, third);
            assertThat(proxy.report().queueNanos()).isZero();
            assertThat(proxy.report().queueNanos()).isPositive();
        }
    }

    @Test
    void shouldWaitForABackendNoLongerThanTheConnectTimeout() throws IOException {
        ManualClock clock = new ManualClock();
        Proxy.Setup setup = limited(0, 0, 1);
        setup.clock = clock;
        try (Backend backend = Backend.manual();
                Proxy proxy = setup.running("""
                        proxy { data -> data == '2' ? [remote: '%1$s', connect_timeout: 2] : [remote: '%1$s'] }
                        proxy_connect_error { remote, conn, error -> [close: error] }""".formatted(backend.address()));
                Connection first = proxy.connect();
                Connection second = proxy.connect();
                Connection third = proxy.connect()) {
            Socket one = serve(backend, first, "1");
            second.send("2");
            third.send("3");
            proxy.await(() -> connecting(proxy) == 2);
            clock.advance(Duration.ofMillis(1_999), proxy);
            assertThat(proxy.ask(() -> connecting(proxy))).isEqualTo(2);
            clock.advance(Duration.ofMillis(1), proxy);
            assertThat(second.finish().receiveAll()).isEqualTo("no place among its connections within 2.0 s");
            SessionReport report = proxy.report();
            assertThat(report.reason()).isEqualTo(CloseReason.BACKEND_LIMIT);
            assertThat(report.queueNanos()).isEqualTo(Duration.ofSeconds(2).toNanos());
            assertThat(report.connectAttempts()).isZero();
            clock.advance(Duration.ofSeconds(28), proxy);
            assertThat(third.finish().receiveAll()).isEqualTo("no place among its connections within 30.0 s");
            proxy.assertClosedBecause(CloseReason.BACKEND_LIMIT);
            one.close();
        }
    }

    @Test
    void shouldNotHoldAPlaceBetweenAttemptsNorAfterThem() throws IOException {
        int dead = Backend.deadPort();
        try (Proxy proxy = limited(0, 0, 1)
                .running("proxy { data -> [remote: '127.0.0.1:%d', retries: 3, retry_delay: 0.01] }".formatted(dead))) {
            for (int i = 0; i < 3; i++) {
                assertThat(proxy.exchange("x")).isEmpty();
                SessionReport report = proxy.report();
                assertThat(report.reason()).isEqualTo(CloseReason.CONNECT_REFUSED);
                assertThat(report.connectAttempts()).isEqualTo(4);
            }
        }
    }

    private static Socket serve(Backend backend, Connection client, String text) throws IOException {
        client.send(text);
        Socket socket = backend.next();
        assertThat(socket.getInputStream().read()).isEqualTo(text.charAt(0));
        return socket;
    }

    private static void end(Socket backend, Connection client) throws IOException {
        client.finish();
        backend.close();
        assertThat(client.receiveAll()).isEmpty();
        client.leave();
    }

    private static long connecting(Proxy proxy) {
        return proxy.states().stream().filter(s -> s == SessionState.CONNECTING).count();
    }
}
