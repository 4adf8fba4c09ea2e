package org.proxymachine;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.IOException;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Map;
import java.util.concurrent.CompletableFuture;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;
import org.proxymachine.Peer.End;
import org.proxymachine.session.CloseReason;
import org.proxymachine.session.SessionReport;
import org.proxymachine.session.SessionState;

/** One side resets: the other gets what was sent before it and then a reset, so that it never looks complete. */
class ResetFaultsTest {
    /** What the last segments get. */
    private static final Duration RESET_DELAY = Duration.ofMillis(20);

    private static final long MORE_THAN_KERNELS_HOLD = 24 << 20;

    // How much came is open: a reset destroys what the kernel had not delivered when it was time for it.
    private static void assertResetAfterWhatCame(Scene scene, Peer peer) {
        CompletableFuture<Void> reading =
                peer.meanwhile(p -> assertThat(p.receiveToTheEnd()).isEqualTo(End.RST));
        scene.await(SessionState.FLUSHING);
        // By and by: how long the reader takes is for the machine to say.
        while (!reading.isDone()) {
            scene.pass(RESET_DELAY);
        }
        reading.join();
    }

    @Test
    void shouldPassOnAResetWithin50MillisecondsWhereNothingIsUndelivered() throws IOException {
        try (Scene scene = Scene.splicing()) {
            Peer client = scene.client().send(10);
            Peer backend = scene.backend().receive(10).send(10);
            client.receive(10);
            backend.reset();
            scene.await(SessionState.FLUSHING);
            scene.pass(Duration.ofMillis(50));
            client.expect(End.RST);
            scene.ends(CloseReason.BACKEND_RESET, 10, 10);
        }
    }

    @Test
    void shouldPassOnTheResetOfAClientWithin50MillisecondsWhereNothingIsUndelivered() throws IOException {
        try (Scene scene = Scene.splicing()) {
            Peer client = scene.client().send(10);
            Peer backend = scene.backend().receive(10).send(10);
            client.receive(10);
            client.reset();
            scene.await(SessionState.FLUSHING);
            scene.pass(Duration.ofMillis(50));
            backend.expect(End.RST);
            scene.ends(CloseReason.CLIENT_RESET, 10, 10);
        }
    }

    @Test
    void shouldDeliverWhatWasSentJustBeforeAResetToAReceiverThatIsSlow() throws IOException {
        try (Scene scene = Scene.splicing()) {
            Peer client = scene.clientWithASmallWindow().send(1);
            Peer backend = scene.backend().receive(1).send(100_000);
            client.receive(1);
            backend.reset();
            scene.await(SessionState.FLUSHING);
            // Longer than the last segments get: more than those is on its way.
            scene.pass(Duration.ofSeconds(5));
            client.receive(99_999);
            assertResetAfterWhatCame(scene, client);
            scene.ends(CloseReason.BACKEND_RESET, 1, 100_000);
        }
    }

    @Test
    void shouldResetAReceiverThatTakesNothingNonetheless() throws IOException {
        try (Scene scene = Scene.splicing()) {
            Peer client = scene.clientWithASmallWindow().send(1);
            Peer backend = scene.backend().receive(1).send(100_000);
            client.receive(1);
            backend.reset();
            scene.await(SessionState.FLUSHING);
            scene.pass(Duration.ofSeconds(10));
            scene.ends(CloseReason.BACKEND_RESET, 1, 100_000);
            assertThat(client.receiveToTheEnd()).isEqualTo(End.RST);
        }
    }

    @Test
    void shouldResetTheClientOfABackendThatResetsAtOnce() throws IOException {
        try (Scene scene = Scene.splicing()) {
            Peer client = scene.client().send(10);
            Peer backend = scene.backend();
            scene.await(SessionState.SPLICING);
            backend.reset();
            client.expect(End.RST);
            scene.ends(CloseReason.BACKEND_RESET, 10, 0);
        }
    }

    @Test
    void shouldResetTheBackendOfAClientThatResetsAtOnce() throws IOException {
        try (Scene scene = new Scene("proxy_accept { [remote: '%s'] }\nproxy { null }")) {
            Peer client = scene.client();
            Peer backend = scene.backend();
            scene.await(SessionState.SPLICING);
            client.reset();
            backend.expect(End.RST);
            scene.ends(CloseReason.CLIENT_RESET, 0, 0);
        }
    }

    @Test
    void shouldPassOnTheResetOfAClientThatIsNotReadAsTheBackendIsSlow() throws IOException {
        try (Scene scene = Scene.splicing()) {
            Peer client = scene.client();
            client.flood();
            Peer backend = scene.backend();
            scene.awaitBuffersOut(1);
            client.reset();
            scene.proxy().assertIdle();
            assertResetAfterWhatCame(scene, backend);
            assertThat(backend.receivedBytes()).isBetween(64L << 10, MORE_THAN_KERNELS_HOLD);
            assertThat(scene.ends(CloseReason.CLIENT_RESET).bytesUp()).isGreaterThanOrEqualTo(backend.receivedBytes());
        }
    }

    @Test
    void shouldPassOnTheResetOfABackendThatIsNotReadAsTheClientIsSlow() throws IOException {
        try (Scene scene = Scene.splicing()) {
            Peer client = scene.client().send(1);
            Peer backend = scene.backend().receive(1);
            backend.flood();
            scene.awaitBuffersOut(1);
            backend.reset();
            scene.proxy().assertIdle();
            assertResetAfterWhatCame(scene, client);
            assertThat(client.receivedBytes()).isBetween(64L << 10, MORE_THAN_KERNELS_HOLD);
            assertThat(scene.ends(CloseReason.BACKEND_RESET).bytesDown())
                    .isGreaterThanOrEqualTo(client.receivedBytes());
        }
    }

    @Test
    void shouldNoticeAtOnceThatAReceiverWhoDoesNotReadResets() throws IOException {
        try (Scene scene = Scene.splicing()) {
            Peer client = scene.client().send(1);
            Peer backend = scene.backend().receive(1);
            CompletableFuture<Void> download = backend.meanwhile(peer -> peer.send(MORE_THAN_KERNELS_HOLD));
            scene.awaitBuffersOut(1);
            client.reset();
            scene.await(SessionState.FLUSHING);
            scene.awaitBuffersOut(0);
            scene.pass(RESET_DELAY);
            assertThatThrownBy(download::join).hasMessageContaining("reset");
            scene.ends(CloseReason.CLIENT_RESET);
        }
    }

    @Test
    void shouldPassOnTheResetOfABackendThatDidNotTakeWhatItWasSent() throws IOException {
        try (Scene scene = Scene.splicing()) {
            Peer client = scene.client().send(1);
            Peer backend = scene.backend().receive(1).send(10);
            client.receive(10);
            CompletableFuture<Void> upload = client.meanwhile(peer -> peer.send(MORE_THAN_KERNELS_HOLD));
            scene.awaitBuffersOut(1);
            backend.reset();
            scene.await(SessionState.FLUSHING);
            scene.pass(RESET_DELAY);
            assertThatThrownBy(upload::join).hasMessageContaining("reset");
            scene.ends(CloseReason.BACKEND_RESET);
        }
    }

    @Test
    void shouldEndWhenBothSidesResetWhileNeitherTakesABuffer() throws IOException {
        try (Scene scene = Scene.splicing()) {
            Peer client = scene.client();
            client.flood();
            Peer backend = scene.backend();
            backend.flood();
            scene.awaitBuffersOut(2);
            scene.atOnce(() -> {
                client.reset();
                backend.reset();
            });
            assertThat(scene.ends().reason()).isIn(CloseReason.CLIENT_RESET, CloseReason.BACKEND_RESET);
        }
    }

    @Test
    void shouldEndWhenABackendClosesWithoutAByteAndWithoutTakingWhatItIsSent() throws IOException {
        try (Scene scene = Scene.splicing()) {
            Peer client = scene.client();
            client.flood();
            Peer backend = scene.backend();
            scene.awaitBuffersOut(1);
            scene.atOnce(() -> {
                backend.fin();
                backend.close();
            });
            scene.ends(CloseReason.BACKEND_CLOSED);
            client.expectAnEnd();
        }
    }

    @Test
    void shouldPassOnTheResetOfABackendThatIsFoundOutByAWrite() throws IOException {
        try (Scene scene = Scene.splicing()) {
            Peer client = scene.client().send(10);
            Peer backend = scene.backend().receive(10).send(10);
            client.receive(10);
            scene.atOnce(() -> {
                client.send(10);
                backend.send(1_000).reset();
            });
            client.receive(1_000);
            scene.await(SessionState.FLUSHING);
            scene.pass(RESET_DELAY);
            client.expect(End.RST);
            scene.ends(CloseReason.BACKEND_RESET, 20, 1_010);
        }
    }

    @Test
    void shouldPassOnTheResetOfAClientThatIsFoundOutByAWrite() throws IOException {
        try (Scene scene = Scene.splicing()) {
            Peer client = scene.client().send(10);
            Peer backend = scene.backend().receive(10).send(10);
            client.receive(10);
            scene.atOnce(() -> {
                backend.send(10);
                client.send(1_000).reset();
            });
            backend.receive(1_000);
            scene.await(SessionState.FLUSHING);
            scene.pass(RESET_DELAY);
            backend.expect(End.RST);
            scene.ends(CloseReason.CLIENT_RESET, 1_010, 10);
        }
    }

    @Test
    void shouldNoticeAClientThatIsKilledInTheMiddleOfADownload() throws IOException {
        try (Scene scene = Scene.splicing()) {
            CompletableFuture<Void> download;
            // The shell reads a megabyte and then becomes a sleeper that has the connection open.
            try (Program client = new Program(
                    Map.of("PORT", String.valueOf(scene.proxy().address().getPort())),
                    Path.of("").toAbsolutePath(),
                    "bash",
                    "-c",
                    "exec 3<>/dev/tcp/127.0.0.1/$PORT; printf x >&3; head -c 1000000 <&3 | tail -c 1; exec sleep 600")) {
                Peer backend = scene.backend();
                download = backend.hear("x").meanwhile(peer -> peer.send(MORE_THAN_KERNELS_HOLD));
                scene.awaitBuffersOut(1);
                client.await("(?s).");
                scene.proxy().assertIdle();
            }
            scene.await(SessionState.FLUSHING);
            scene.pass(RESET_DELAY);
            assertThatThrownBy(download::join).hasMessageContaining("reset");
            SessionReport report = scene.proxy().report();
            assertThat(report.reason()).isEqualTo(CloseReason.CLIENT_RESET);
            assertThat(report.bytesDown()).isGreaterThan(1_000_000);
        }
    }

    /** What ss(8) says of the proxy's end of this client's connection. */
    private static String socket(Scene scene, Peer client) throws IOException {
        int port = scene.proxy().address().getPort();
        return Program.run(
                Path.of("").toAbsolutePath(),
                "ss",
                "-tnoH",
                "sport = :" + port + " and dport = :" + client.address().getPort());
    }

    @ParameterizedTest
    @ValueSource(ints = {1, 100, 1_000, 1_500, 2_000})
    void shouldDeliverWhatWasSentJustBeforeAResetBehindAWindowThatIsClosed(int tail) throws IOException {
        try (Scene scene = Scene.splicing()) {
            Peer client = scene.clientWithASmallWindow().send(1);
            Peer backend = scene.backend().receive(1);
            int sent = 0;
            // The kernel asks a window that is closed whether it is open.
            while (!socket(scene, client).contains("timer:(persist,")) {
                backend.send(64);
                sent += 64;
            }
            backend.send(tail).reset();
            scene.await(SessionState.FLUSHING);
            scene.pass(Duration.ofMillis(300));
            client.receive(sent + tail);
            assertResetAfterWhatCame(scene, client);
            scene.ends(CloseReason.BACKEND_RESET, 1, sent + tail);
        }
    }

    @Test
    void shouldPassOnAResetWithin50MillisecondsOfWhatIsDeliveredForASecond() throws IOException {
        try (Scene scene = Scene.splicing()) {
            Peer client = scene.client().send(1);
            Peer backend = scene.backend().receive(1).send(1_000_000);
            client.receive(1_000_000);
            scene.pass(Duration.ofSeconds(1));
            backend.reset();
            scene.await(SessionState.FLUSHING);
            scene.pass(Duration.ofMillis(50));
            client.expect(End.RST);
            scene.ends(CloseReason.BACKEND_RESET, 1, 1_000_000);
        }
    }
}
