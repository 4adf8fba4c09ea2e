package org.proxymachine;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.time.Duration;
import org.junit.jupiter.api.Test;
import org.proxymachine.Peer.End;
import org.proxymachine.session.CloseReason;
import org.proxymachine.session.SessionState;

/** What scripts do wrong, and futures that nobody waits for any more. {@link ErrorsTest} has what is said of each. */
class ScriptFaultsTest {
    private static final String GATE = """
            import java.util.concurrent.*
            def gate = new CompletableFuture()
            proxy { data ->
                if (data == 'open') { gate.complete([remote: '%s']); return [close: 'opened'] }
                gate
            }""";

    @Test
    void shouldLeaveOthersAloneWhateverAScriptDoesWrong() throws IOException {
        try (Scene scene = new Scene("""
                import java.util.concurrent.*
                proxy { data ->
                    switch (data[0]) {
                        case 't': throw new IllegalStateException('no')
                        case 'n': return 42
                        case 'o': return ('ab' * 20_000) ==~ /(a|b)*/
                        case 'f': return CompletableFuture.failedFuture(new IOException('no'))
                        default: return [remote: '%s']
                    }
                }""")) {
            Peer other = scene.client().send(1);
            Peer backend = scene.backend().receive(1);
            for (String wrong : new String[] {"t", "n", "o", "f"}) {
                scene.client().say(wrong).expectAnEnd();
                scene.ends(CloseReason.SCRIPT_ERROR, 1, 0);
                assertThat(scene.proxy().problem()).hasLineCount(1);
                other.send(1_000);
                backend.receive(1_000).send(1_000);
                other.receive(1_000);
            }
            other.fin();
            backend.expect(End.FIN).fin();
            scene.ends(CloseReason.DONE, 4_001, 4_000);
        }
    }

    @Test
    void shouldDropAnAnswerThatComesAfterTheClientLeft() throws IOException {
        try (Scene scene = new Scene(GATE)) {
            Peer client = scene.client().say("x");
            scene.await(SessionState.ROUTING);
            scene.proxy().assertIdle();
            client.reset();
            scene.ends(CloseReason.CLIENT_RESET, 1, 0);
            assertThat(scene.proxy().exchange("open")).isEqualTo("opened");
            assertNobodyConnected(scene);
        }
    }

    @Test
    void shouldDropAnAnswerThatComesAfterTheRouteTimeout() throws IOException {
        try (Scene scene = new Scene(GATE)) {
            Peer client = scene.client().say("x");
            scene.await(SessionState.ROUTING);
            scene.pass(Duration.ofSeconds(30));
            client.expectAnEnd();
            scene.ends(CloseReason.ROUTE_TIMEOUT, 1, 0);
            assertThat(scene.proxy().exchange("open")).isEqualTo("opened");
            assertNobodyConnected(scene);
        }
    }

    @Test
    void shouldDropTheAnswerOfAnErrorBlockThatComesAfterTheClientLeft() throws IOException {
        try (Scene scene = new Scene(
                GATE.replace("gate\n}", "[remote: '127.0.0.1:%d', retries: 0]\n}".formatted(Backend.deadPort()))
                        + "\nproxy_connect_error { gate }")) {
            Peer client = scene.client().say("x");
            scene.await(SessionState.ROUTING);
            client.reset();
            scene.ends(CloseReason.CLIENT_RESET, 1, 0);
            assertThat(scene.proxy().problem()).endsWith("Connection refused");
            assertThat(scene.proxy().exchange("open")).isEqualTo("opened");
            assertNobodyConnected(scene);
        }
    }

    @Test
    void shouldBoundAFutureOfAnErrorBlockThatNeverCompletes() throws IOException {
        try (Scene scene = new Scene("""
                proxy { data -> [remote: '127.0.0.1:%d', retries: 0] }
                proxy_connect_error { new java.util.concurrent.CompletableFuture() }""".formatted(Backend.deadPort()))) {
            Peer client = scene.client().say("x");
            scene.await(SessionState.ROUTING);
            scene.pass(Duration.ofSeconds(30));
            client.expectAnEnd();
            scene.ends(CloseReason.CONNECT_REFUSED, 1, 0);
        }
    }

    private static void assertNobodyConnected(Scene scene) {
        scene.proxy().assertIdle();
        assertThat(scene.connections()).as("connections for who left").isZero();
        assertThat(scene.proxy().problems()).as("problems").isZero();
    }
}
