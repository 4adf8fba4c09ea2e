package org.proxymachine;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import org.junit.jupiter.api.Test;
import org.proxymachine.Peer.End;
import org.proxymachine.session.CloseReason;
import org.proxymachine.session.Limits;
import org.proxymachine.session.SessionState;

/** One side is faster than the other, or goes on sending to one that is closing. */
class BackPressureFaultsTest {
    private static final long MORE_THAN_KERNELS_HOLD = 24 << 20;

    @Test
    void shouldServeAReaderOfOneLineASecond() throws IOException {
        try (Scene scene = Scene.splicing()) {
            Peer client = scene.clientWithASmallWindow().send(1);
            Peer backend = scene.backend().receive(1);
            CompletableFuture<Void> download =
                    backend.meanwhile(peer -> peer.send(MORE_THAN_KERNELS_HOLD).fin());
            scene.awaitBuffersOut(1);
            for (int i = 0; i < 1_000; i++) {
                client.receive(80);
                scene.pass(Duration.ofSeconds(1));
            }
            scene.awaitBuffersOut(1);
            client.receive(MORE_THAN_KERNELS_HOLD - 80_000).expect(End.FIN).fin();
            download.join();
            scene.ends(CloseReason.DONE, 1, MORE_THAN_KERNELS_HOLD);
        }
    }

    @Test
    void shouldHoldTwoBuffersAtMostForSourcesThatNeverStopAndSinksThatNeverRead() throws IOException {
        int sessions = 8;
        try (Scene scene = Scene.splicing()) {
            List<CompletableFuture<Void>> endless = new ArrayList<>();
            for (int i = 0; i < sessions; i++) {
                endless.add(scene.client().meanwhile(peer -> peer.send(Peer.ENDLESS)));
                endless.add(scene.backend().meanwhile(peer -> peer.send(Peer.ENDLESS)));
            }
            scene.awaitBuffersOut(2 * sessions);
            scene.proxy().assertIdle();
            long before = Growth.directBytes();
            scene.pass(Duration.ofHours(1));
            scene.proxy().assertIdle();
            scene.awaitBuffersOut(2 * sessions);
            assertThat(Growth.directBytes()).isEqualTo(before);
            assertThat(endless).noneMatch(CompletableFuture::isDone);
        }
    }

    @Test
    void shouldMoveSingleBytesBothWaysAtOnce() throws IOException {
        int bytes = 2_000;
        try (Scene scene = Scene.splicing()) {
            Peer client = scene.client().send(1);
            Peer backend = scene.backend().receive(1);
            CompletableFuture<Void> up = client.meanwhile(peer -> sendSingly(peer, bytes));
            CompletableFuture<Void> down = backend.meanwhile(peer -> sendSingly(peer, bytes));
            up.join();
            down.join();
            client.receive(bytes).expect(End.FIN);
            backend.receive(bytes).expect(End.FIN);
            scene.ends(CloseReason.DONE, bytes + 1L, bytes);
        }
    }

    private static void sendSingly(Peer peer, int bytes) throws IOException {
        for (int i = 0; i < bytes; i++) {
            peer.send(1);
        }
        peer.fin();
    }

    @Test
    void shouldDeliverTheLastWordToAClientThatGoesOnSending() throws IOException {
        try (Scene scene = new Scene("proxy { data -> [close: 'x' * 1_000_000] }")) {
            Peer client = scene.client();
            CompletableFuture<Void> upload =
                    client.meanwhile(peer -> peer.send(MORE_THAN_KERNELS_HOLD).fin());
            client.hear("x".repeat(1_000_000)).expect(End.FIN);
            upload.join();
            scene.ends(CloseReason.SCRIPT_CLOSE);
        }
    }

    @Test
    void shouldNotWaitForEverForAClientThatDoesNotTakeItsLastWordOrDoesNotGo() throws IOException {
        try (Scene scene = new Scene("proxy { data -> [close: 'x' * (data == '!' ? 10 : 9_000_000)] }")) {
            scene.clientWithASmallWindow().say("?");
            scene.await(SessionState.FLUSHING);
            scene.proxy().assertIdle();
            scene.pass(Duration.ofSeconds(10));
            scene.ends(CloseReason.SCRIPT_CLOSE);
            Peer stays = scene.client().say("!").hear("xxxxxxxxxx").expect(End.FIN);
            scene.proxy().assertIdle();
            scene.pass(Duration.ofSeconds(5));
            scene.ends(CloseReason.SCRIPT_CLOSE, 1, 10);
            stays.fin();
        }
    }

    @Test
    void shouldDeliverAWholeResponseWhoseBackendClosedWhileTheClientStillSends() throws IOException {
        try (Scene scene = Scene.splicing()) {
            Peer client = scene.clientWithASmallWindow().send(1);
            Peer backend = scene.backend().receive(1);
            scene.sendUntilStuck(backend);
            backend.fin();
            backend.close();
            // The first of these finds nobody, the second is told so, the third is not read any more.
            for (int i = 0; i < 3; i++) {
                client.send(100);
                scene.proxy().assertIdle();
            }
            client.receive(backend.sentBytes()).expect(End.FIN);
            client.fin();
            scene.ends(CloseReason.BACKEND_RESET);
        }
    }

    @Test
    void shouldDeliverAWholeUploadWhoseClientClosedWhileTheBackendStillSends() throws IOException {
        try (Scene scene = Scene.splicing()) {
            Peer client = scene.client().send(1);
            Peer backend = scene.backend().receive(1);
            scene.sendUntilStuck(client);
            client.fin();
            client.close();
            for (int i = 0; i < 3; i++) {
                backend.send(100);
                scene.proxy().assertIdle();
            }
            backend.receive(client.sentBytes() - 1).expect(End.FIN);
            backend.fin();
            scene.ends(CloseReason.CLIENT_RESET);
        }
    }

    @Test
    void shouldDeliverAnUploadThatWasCompleteBeforeTheConnectionWhenItsClientResetsLater() throws IOException {
        int bytes = 12_000_000;
        Proxy.Setup setup = new Proxy.Setup();
        setup.limits = new Limits(Duration.ofSeconds(30), bytes);
        try (Scene scene = new Scene("proxy { data -> data.size() < " + bytes + " ? null : [remote: '%s'] }", setup)) {
            Peer client = scene.client();
            CompletableFuture<Void> upload = client.meanwhile(peer -> peer.send(bytes));
            upload.join();
            client.fin();
            Peer backend = scene.backend();
            scene.await(SessionState.SPLICING);
            client.close();
            for (int i = 0; i < 3; i++) {
                backend.send(100);
                scene.proxy().assertIdle();
            }
            backend.receive(bytes).expect(End.FIN);
            backend.fin();
            scene.ends(CloseReason.CLIENT_RESET);
        }
    }

    @Test
    void shouldLetASlowReaderHaveItsLastBytesForAsLongAsItReads() throws IOException {
        // Each step more than the kernel holds, so that the proxy has written since the step before.
        int step = 6_000_000;
        int steps = 6;
        try (Scene scene = new Scene("proxy { data -> [close: 'x' * %d] }".formatted(step * steps))) {
            Peer client = scene.clientWithASmallWindow().say("!");
            for (int i = 1; i < steps; i++) {
                client.hear("x".repeat(step));
                scene.pass(Duration.ofSeconds(9));
            }
            client.hear("x".repeat(step)).expect(End.FIN).close();
            scene.ends(CloseReason.SCRIPT_CLOSE);
        }
    }
}
