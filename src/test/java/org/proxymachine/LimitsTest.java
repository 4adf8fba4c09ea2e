package org.proxymachine;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.Socket;
import java.time.Duration;
import java.util.Arrays;
import java.util.Random;
import java.util.concurrent.CompletableFuture;
import org.junit.jupiter.api.Test;
import org.proxymachine.session.CloseReason;
import org.proxymachine.session.Limits;

/** What bounds a client, and the timeouts of a decision, by a clock that the test moves. */
class LimitsTest {

    @Test
    void shouldCloseAClientThatIsNotRoutedInTimeHoweverItTrickles() throws IOException {
        Proxy.Setup setup = new Proxy.Setup();
        ManualClock clock = new ManualClock();
        setup.clock = clock;
        try (Proxy proxy = setup.running("proxy { data -> data.endsWith('e') ? [noop: true, reply: data] : null }");
                Connection client = proxy.connect()) {
            client.send("e");
            assertThat(client.receive(1)).isEqualTo("e");
            clock.advance(Duration.ofSeconds(29), proxy);
            client.send("e");
            assertThat(client.receive(2)).isEqualTo("ee");
            clock.advance(Duration.ofSeconds(1), proxy);
            assertThat(client.receiveAll()).isEmpty();
            client.leave();
            proxy.assertClosedBecause(CloseReason.ROUTE_TIMEOUT);
        }
    }

    @Test
    void shouldBoundAFutureThatNeverCompletesByTheRouteTimeout() throws IOException {
        Proxy.Setup setup = new Proxy.Setup();
        ManualClock clock = new ManualClock();
        setup.clock = clock;
        try (Proxy proxy = setup.running("proxy { data -> new java.util.concurrent.CompletableFuture() }");
                Connection client = proxy.connect()) {
            client.send("x");
            proxy.await(() -> proxy.server().sessionCount() == 1);
            clock.advance(Duration.ofSeconds(31), proxy);
            assertThat(client.receiveAll()).isEmpty();
            proxy.assertClosedBecause(CloseReason.ROUTE_TIMEOUT);
        }
    }

    @Test
    void shouldBufferExactlyTheLimitAndNotOneByteMore() throws IOException {
        Proxy.Setup setup = new Proxy.Setup();
        setup.limits = new Limits(Duration.ofSeconds(30), 1_000);
        try (Proxy proxy = setup.running("proxy { data -> data.endsWith('!') ? [close: \"${data.size()}\"] : null }")) {
            assertThat(proxy.exchange("x".repeat(999) + "!")).isEqualTo("1000");
            proxy.assertClosedBecause(CloseReason.SCRIPT_CLOSE);
            assertThat(proxy.exchange("x".repeat(1_000) + "!")).isEmpty();
            proxy.assertClosedBecause(CloseReason.PREREAD_LIMIT);
        }
    }

    @Test
    void shouldPauseAcceptingAtMaxConnectionsAndServeTheRestLater() throws IOException {
        Proxy.Setup setup = new Proxy.Setup();
        setup.maxConnections = 2;
        try (Proxy proxy = setup.running("proxy { data -> data == 'x' ? [noop: true, reply: 'y'] : [close: true] }");
                Connection first = proxy.connect();
                Connection second = proxy.connect();
                Connection third = proxy.connect()) {
            first.send("x");
            assertThat(first.receive(1)).isEqualTo("y");
            second.send("x");
            assertThat(second.receive(1)).isEqualTo("y");
            third.send("x");
            assertThat(proxy.ask(() -> proxy.server().sessionCount())).isEqualTo(2);
            first.leave();
            assertThat(third.receive(1)).isEqualTo("y");
            assertThat(proxy.ask(() -> proxy.server().sessionCount())).isEqualTo(2);
        }
    }

    @Test
    void shouldCloseBothSidesAfterTheIdleTimeout() throws IOException {
        Proxy.Setup setup = new Proxy.Setup();
        ManualClock clock = new ManualClock();
        setup.clock = clock;
        try (Backend backend = Backend.manual();
                Proxy proxy = setup.running(
                        "proxy { data -> [remote: '%s', idle_timeout: 10] }".formatted(backend.address()));
                Connection client = proxy.connect()) {
            client.send("a");
            try (Socket socket = backend.next()) {
                assertThat(socket.getInputStream().read()).isEqualTo('a');
                clock.advance(Duration.ofSeconds(9), proxy);
                socket.getOutputStream().write('b');
                assertThat(client.receive(1)).isEqualTo("b");
                clock.advance(Duration.ofSeconds(9), proxy);
                client.send("c");
                assertThat(socket.getInputStream().read()).isEqualTo('c');
                clock.advance(Duration.ofSeconds(10), proxy);
                assertThat(client.receiveAll()).isEmpty();
                assertThat(socket.getInputStream().read()).isEqualTo(-1);
            }
            proxy.assertClosedBecause(CloseReason.IDLE_TIMEOUT);
        }
    }

    @Test
    void shouldNotCallTheInactivityBlockOnceTheBackendHasSpoken() throws IOException {
        Proxy.Setup setup = new Proxy.Setup();
        ManualClock clock = new ManualClock();
        setup.clock = clock;
        try (Backend backend = Backend.named("n");
                Proxy proxy = setup.running("""
                proxy { data -> [remote: '%s', inactivity_timeout: 5] }
                proxy_inactivity_error { [close: 'never'] }""".formatted(backend.address()));
                Connection client = proxy.connect()) {
            client.send("x");
            assertThat(client.receive(3)).isEqualTo("n<x");
            clock.advance(Duration.ofSeconds(60), proxy);
            client.finish();
            assertThat(client.receiveAll()).isEqualTo(">");
        }
    }

    @Test
    void shouldLoseNothingWhereSlowReceiversHaveUsedUpAllBuffers() throws Exception {
        Proxy.Setup setup = new Proxy.Setup();
        setup.maxBufferBytes = 0;
        byte[] bytes = new byte[8 << 20];
        long seed = System.nanoTime();
        new Random(seed).nextBytes(bytes);
        try (Backend backend = Backend.echo();
                Proxy proxy = setup.running("proxy { data -> [remote: '%s'] }".formatted(backend.address()));
                Connection client = proxy.connect()) {
            CompletableFuture<Void> writing = CompletableFuture.runAsync(() -> {
                try {
                    client.socket().getOutputStream().write(bytes);
                    client.finish();
                } catch (IOException e) {
                    throw new UncheckedIOException(e);
                }
            });
            byte[] back = client.socket().getInputStream().readAllBytes();
            writing.join();
            assertThat(Arrays.equals(back, bytes))
                    .as("same bytes, seed " + seed)
                    .isTrue();
            assertThat(proxy.ask(() -> proxy.server().reactor().pool().hasRoom()))
                    .isFalse();
        }
    }
}
