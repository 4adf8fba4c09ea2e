package org.proxymachine;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.time.Duration;
import java.util.concurrent.CompletableFuture;
import org.junit.jupiter.api.Test;
import org.proxymachine.Peer.End;
import org.proxymachine.session.CloseReason;
import org.proxymachine.session.SessionState;

/** One side says that it sends no more. {@link SpliceTest} has the plain cases. */
class HalfCloseFaultsTest {
    private static final long MORE_THAN_KERNELS_HOLD = 24 << 20;

    @Test
    void shouldCloseNothingForAFinOfTheClientAlone() throws IOException {
        try (Scene scene = Scene.splicing()) {
            Peer client = scene.client().send(10).fin();
            Peer backend = scene.backend().receive(10).expect(End.FIN);
            scene.pass(Duration.ofHours(10));
            scene.proxy().assertIdle();
            backend.send(70_000);
            client.receive(70_000);
            scene.pass(Duration.ofHours(10));
            backend.send(1).fin();
            client.receive(1).expect(End.FIN);
            scene.ends(CloseReason.DONE, 10, 70_001);
        }
    }

    @Test
    void shouldCloseNothingForAFinOfTheBackendAlone() throws IOException {
        try (Scene scene = Scene.splicing()) {
            Peer client = scene.client().send(10);
            Peer backend = scene.backend().receive(10).send(10).fin();
            client.receive(10).expect(End.FIN);
            scene.pass(Duration.ofHours(10));
            scene.proxy().assertIdle();
            client.send(70_000);
            backend.receive(70_000);
            scene.pass(Duration.ofHours(10));
            client.send(1).fin();
            backend.receive(1).expect(End.FIN);
            scene.ends(CloseReason.DONE, 70_011, 10);
        }
    }

    @Test
    void shouldDeliverAFirstWordThatComesTogetherWithItsFin() throws IOException {
        try (Scene scene = Scene.splicing()) {
            scene.atOnce(() -> scene.client().send(1_000).fin());
            Peer backend = scene.backend().receive(1_000).expect(End.FIN);
            backend.fin();
            scene.ends(CloseReason.DONE, 1_000, 0);
        }
    }

    @Test
    void shouldDeliverLastWordsThatComeTogetherWithTheirFins() throws IOException {
        try (Scene scene = Scene.splicing()) {
            Peer client = scene.client().send(1);
            Peer backend = scene.backend().receive(1);
            scene.atOnce(() -> {
                client.send(1_000).fin();
                backend.send(2_000).fin();
            });
            backend.receive(1_000).expect(End.FIN);
            client.receive(2_000).expect(End.FIN);
            scene.ends(CloseReason.DONE, 1_001, 2_000);
        }
    }

    @Test
    void shouldKeepTheClientsFinBehindAFullBuffer() throws IOException {
        try (Scene scene = Scene.splicing()) {
            Peer client = scene.client();
            CompletableFuture<Void> upload =
                    client.meanwhile(peer -> peer.send(MORE_THAN_KERNELS_HOLD).fin());
            Peer backend = scene.backend();
            scene.awaitBuffersOut(1);
            scene.proxy().assertIdle();
            backend.receive(MORE_THAN_KERNELS_HOLD).expect(End.FIN).send(1_000).fin();
            client.receive(1_000).expect(End.FIN);
            upload.join();
            scene.ends(CloseReason.DONE, MORE_THAN_KERNELS_HOLD, 1_000);
        }
    }

    @Test
    void shouldKeepTheBackendsFinBehindAFullBuffer() throws IOException {
        try (Scene scene = Scene.splicing()) {
            Peer client = scene.client().send(1);
            Peer backend = scene.backend().receive(1);
            CompletableFuture<Void> download =
                    backend.meanwhile(peer -> peer.send(MORE_THAN_KERNELS_HOLD).fin());
            scene.awaitBuffersOut(1);
            scene.proxy().assertIdle();
            client.receive(MORE_THAN_KERNELS_HOLD).expect(End.FIN).send(1_000).fin();
            backend.receive(1_000).expect(End.FIN);
            download.join();
            scene.ends(CloseReason.DONE, 1_001, MORE_THAN_KERNELS_HOLD);
        }
    }

    @Test
    void shouldCloseBothSidesWhenHalfClosedAndIdlePastTheTimeout() throws IOException {
        try (Scene scene = new Scene("proxy { data -> [remote: '%s', idle_timeout: 10] }")) {
            Peer client = scene.client().send(10).fin();
            Peer backend = scene.backend().receive(10).expect(End.FIN);
            scene.pass(Duration.ofSeconds(9));
            backend.send(1);
            client.receive(1);
            scene.pass(Duration.ofSeconds(9));
            assertThat(scene.proxy().ask(() -> scene.proxy().server().sessionCount()))
                    .isEqualTo(1);
            scene.pass(Duration.ofSeconds(1));
            client.expectAnEnd();
            scene.ends(CloseReason.IDLE_TIMEOUT, 10, 1);

            Peer second = scene.client().send(10);
            Peer halfClosed = scene.backend().receive(10).fin();
            second.expect(End.FIN);
            scene.pass(Duration.ofSeconds(10));
            halfClosed.expectAnEnd();
            scene.ends(CloseReason.IDLE_TIMEOUT, 10, 0);
        }
    }

    @Test
    void shouldEndOnceWhenBothSidesCloseAtOnce() throws IOException {
        try (Scene scene = Scene.splicing()) {
            Peer client = scene.client().send(10);
            Peer backend = scene.backend().receive(10).send(10);
            client.receive(10);
            scene.atOnce(() -> {
                client.close();
                backend.close();
            });
            scene.ends(CloseReason.DONE, 10, 10);
        }
    }

    @Test
    void shouldEndOnceWhenBothSidesResetAtOnce() throws IOException {
        try (Scene scene = Scene.splicing()) {
            Peer client = scene.client().send(10);
            Peer backend = scene.backend().receive(10).send(10);
            client.receive(10);
            scene.atOnce(() -> {
                client.reset();
                backend.reset();
            });
            // Which of the two is found first is for the selector to say.
            assertThat(scene.ends().reason()).isIn(CloseReason.CLIENT_RESET, CloseReason.BACKEND_RESET);
        }
    }

    @Test
    void shouldLetTheBackendFinishWhenAClientResetsAfterItsFin() throws IOException {
        try (Scene scene = Scene.splicing()) {
            Peer client = scene.client().send(10).fin();
            Peer backend = scene.backend().receive(10).expect(End.FIN);
            client.reset();
            backend.send(1_000);
            scene.await(SessionState.FLUSHING);
            backend.send(1_000).fin();
            scene.ends(CloseReason.CLIENT_RESET, 10, 0);
        }
    }
}
