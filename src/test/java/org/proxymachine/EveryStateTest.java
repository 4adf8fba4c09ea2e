package org.proxymachine;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.IOException;
import java.net.ConnectException;
import java.time.Duration;
import java.util.EnumSet;
import java.util.Set;
import org.junit.jupiter.api.Test;
import org.proxymachine.Peer.End;
import org.proxymachine.session.CloseReason;
import org.proxymachine.session.SessionState;

/** The end of the daemon with sessions in every state. {@link DaemonIT} has the signals that lead to it. */
class EveryStateTest {
    private static final int LAST_WORD = 9_000_000;
    private static final Set<SessionState> OTHER_STATES =
            EnumSet.of(SessionState.ROUTING, SessionState.CONNECTING, SessionState.SPLICING, SessionState.FLUSHING);

    private final Scene scene;
    private final Peer unrouted;
    private final Peer asking;
    private final Peer connecting;
    private final Peer spliced;
    private final Peer backend;
    private final Peer flushing;

    EveryStateTest() throws IOException {
        scene = new Scene("""
                import java.util.concurrent.*
                def gate = new CompletableFuture()
                proxy { data ->
                    switch (data) {
                        case 'open': gate.complete([close: 'opened']); return [close: true]
                        case 'unrouted': return null
                        case 'asking': return gate
                        case 'connecting': return [remote: '127.0.0.1:%d', retries: 1, retry_delay: 5]
                        case 'flushing': return [close: 'x' * %d]
                        default: return [remote: '%%s', data: '']
                    }
                }""".formatted(Backend.deadPort(), LAST_WORD));
        unrouted = scene.client().say("unrouted");
        asking = scene.client().say("asking");
        connecting = scene.client().say("connecting");
        spliced = scene.client().say("spliced");
        backend = scene.backend();
        flushing = scene.clientWithASmallWindow().say("flushing");
        scene.awaitSessions(5);
        scene.proxy().await(() -> EnumSet.copyOf(scene.proxy().states()).containsAll(OTHER_STATES));
    }

    @Test
    void shouldServeThemAllWhenDrained() throws IOException {
        try (scene) {
            Peer opening = scene.client();
            scene.proxy().server().drain();
            awaitRefusal();
            opening.say("open").expectAnEnd();
            asking.hear("opened").expect(End.FIN);
            flushing.hear("x".repeat(LAST_WORD)).expect(End.FIN);
            unrouted.say("!");
            Peer late = scene.backend();
            unrouted.send(1_000).fin();
            late.receive(1_000).expect(End.FIN).close();
            unrouted.expect(End.FIN);
            scene.pass(Duration.ofSeconds(5));
            connecting.expectAnEnd();
            assertThat(scene.proxy().stopped()).isFalse();
            backend.send(1_000).fin();
            spliced.receive(1_000).expect(End.FIN).fin();
            asking.close();
            flushing.close();
            assertThat(scene.proxy().cut()).isZero();
            Set<CloseReason> reasons = EnumSet.noneOf(CloseReason.class);
            for (int i = 0; i < 6; i++) {
                reasons.add(scene.ends().reason());
            }
            assertThat(reasons)
                    .containsExactlyInAnyOrder(CloseReason.SCRIPT_CLOSE, CloseReason.DONE, CloseReason.CONNECT_REFUSED);
        }
    }

    private void awaitRefusal() {
        for (int i = 0; i < 3; i++) {
            scene.proxy().ask(() -> true);
        }
        assertThatThrownBy(scene.proxy()::connect).isInstanceOf(ConnectException.class);
    }

    @Test
    void shouldCutThemAllAfterThePatienceOfAStop() throws IOException {
        try (scene) {
            scene.proxy().server().stop(Duration.ofSeconds(3));
            awaitRefusal();
            scene.proxy().assertIdle();
            scene.pass(Duration.ofMillis(2_999));
            assertThat(scene.proxy().stopped()).isFalse();
            scene.passForTheLastTime(Duration.ofMillis(1));
            assertCut();
        }
    }

    @Test
    void shouldCutThemAllAtOnceOnASecondStop() throws IOException {
        try (scene) {
            scene.proxy().server().stop(Duration.ofSeconds(3));
            scene.proxy().server().stop(Duration.ofSeconds(3));
            assertCut();
        }
    }

    private void assertCut() throws IOException {
        assertThat(scene.proxy().cut()).isEqualTo(5);
        for (int i = 0; i < 5; i++) {
            scene.ends(CloseReason.SHUTDOWN);
        }
        unrouted.expectAnEnd();
        asking.expectAnEnd();
        connecting.expectAnEnd();
        spliced.expectAnEnd();
        backend.expectAnEnd();
    }
}
