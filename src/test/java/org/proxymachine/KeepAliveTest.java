package org.proxymachine;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Path;
import java.time.Duration;
import org.junit.jupiter.api.Test;
import org.proxymachine.session.CloseReason;
import org.proxymachine.session.SessionState;

/** Which connections have TCP keep-alive, as the kernel says. {@link HostGoneIT} has hosts that are gone. */
class KeepAliveTest {
    private static final Duration AGE = Duration.ofSeconds(10);

    /** What ss(8) says of the proxy's end of this peer's connection. */
    private static String timer(Peer peer, int proxyPort) throws IOException {
        return Program.run(
                Path.of("").toAbsolutePath(),
                "ss",
                "-tnoH",
                "sport = :" + proxyPort + " and dport = :" + peer.address().getPort());
    }

    private static void assertProbed(Scene scene, Peer client) throws IOException {
        int port = scene.proxy().address().getPort();
        assertThat(timer(client, port)).contains("timer:(keepalive,");
    }

    private static void assertNotProbed(Scene scene, Peer client) throws IOException {
        int port = scene.proxy().address().getPort();
        assertThat(timer(client, port)).isNotEmpty().doesNotContain("keepalive");
    }

    @Test
    void shouldProbeBothSidesOfASessionThatIsTenSecondsOldAndNoneThatIsYounger() throws IOException {
        try (Scene scene = Scene.splicing()) {
            Peer old = scene.client().send(1);
            Peer backend = scene.backend().receive(1);
            scene.await(SessionState.SPLICING);
            scene.pass(AGE.minusMillis(1));
            Peer young = scene.client();
            scene.awaitSessions(2);
            assertNotProbed(scene, old);
            scene.pass(Duration.ofMillis(1));
            assertProbed(scene, old);
            assertThat(timer(backend, backend.remotePort())).contains("timer:(keepalive,");
            assertNotProbed(scene, young);
            scene.pass(AGE);
            assertProbed(scene, young);
        }
    }

    @Test
    void shouldProbeABackendThatAnOldClientIsConnectedTo() throws IOException {
        try (Scene scene = Scene.splicing()) {
            Peer client = scene.client();
            scene.awaitSessions(1);
            scene.pass(AGE);
            client.send(1);
            Peer backend = scene.backend().receive(1);
            scene.await(SessionState.SPLICING);
            assertThat(timer(backend, backend.remotePort())).contains("timer:(keepalive,");
        }
    }

    @Test
    void shouldFindOutThatAClientIsGoneThatSendsNoMore() throws IOException {
        try (Scene scene = Scene.splicing()) {
            Peer client = scene.client().send(1).fin();
            Peer backend = scene.backend().receive(1).expect(Peer.End.FIN);
            client.reset();
            scene.pass(Duration.ofSeconds(15));
            scene.await(SessionState.FLUSHING);
            scene.pass(Duration.ofSeconds(5));
            scene.ends(CloseReason.CLIENT_RESET);
            backend.expectAnEnd();
        }
    }

    @Test
    void shouldFindOutThatABackendIsGoneThatSendsNoMore() throws IOException {
        try (Scene scene = Scene.splicing()) {
            Peer client = scene.client().send(1);
            Peer backend = scene.backend().receive(1).send(1).fin();
            client.receive(1).expect(Peer.End.FIN);
            backend.reset();
            scene.pass(Duration.ofSeconds(15));
            scene.await(SessionState.FLUSHING);
            scene.pass(Duration.ofSeconds(5));
            scene.ends(CloseReason.BACKEND_RESET);
            client.expectAnEnd();
        }
    }

    @Test
    void shouldLeaveAloneWhoSendsNoMoreAndListens() throws IOException {
        try (Scene scene = Scene.splicing()) {
            Peer client = scene.client().send(1).fin();
            Peer backend = scene.backend().receive(1).expect(Peer.End.FIN);
            for (int i = 0; i < 10; i++) {
                scene.pass(Duration.ofSeconds(15));
            }
            scene.proxy().assertIdle();
            backend.send(10).fin();
            client.receive(10).expect(Peer.End.FIN);
            scene.ends(CloseReason.DONE);
        }
    }

    @Test
    void shouldProbeWhoeverOfManyStaysWhileOthersEnd() throws IOException {
        try (Scene scene = Scene.splicing()) {
            Peer first = scene.client();
            scene.awaitSessions(1);
            Peer second = scene.client();
            scene.awaitSessions(2);
            Peer third = scene.client();
            scene.awaitSessions(3);
            second.fin();
            scene.ends(CloseReason.CLIENT_LEFT);
            scene.pass(AGE);
            assertProbed(scene, first);
            assertProbed(scene, third);
        }
    }

    @Test
    void shouldEndASessionThatIsFlushedByItsOwnBoundThoughItsPeerIsProbed() throws IOException {
        try (Scene scene = Scene.splicing()) {
            Peer client = scene.clientWithASmallWindow().send(1);
            Peer backend = scene.backend().receive(1).send(100_000);
            client.receive(1);
            scene.await(SessionState.SPLICING);
            scene.pass(AGE);
            backend.reset();
            // What a host that is gone is to the proxy: one that acknowledges nothing more.
            scene.await(SessionState.FLUSHING);
            scene.pass(Duration.ofSeconds(10).minusMillis(1));
            scene.assertNothingExpires(1);
            scene.pass(Duration.ofMillis(1));
            scene.ends(CloseReason.BACKEND_RESET);
        }
    }
}
