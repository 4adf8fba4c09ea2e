package org.proxymachine;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.proxymachine.Peer.End;
import org.proxymachine.session.CloseReason;
import org.proxymachine.session.SessionState;

/** Thousands of sessions that end at once: in one turn of the loop, and none of them nested in another. */
class ManySessionsTest {
    private static final int UNROUTED = 3_000;
    private static final int SPLICED = 1_500;

    @Test
    void shouldCloseThousandsThatTimeOutAtOnce() throws IOException {
        try (Scene scene = new Scene("proxy { data -> null }")) {
            List<Peer> clients = new ArrayList<>();
            for (int i = 0; i < UNROUTED; i++) {
                clients.add(scene.client());
            }
            scene.awaitSessions(UNROUTED);
            scene.pass(Duration.ofSeconds(30));
            for (Peer client : clients) {
                client.expectAnEnd();
                scene.ends(CloseReason.ROUTE_TIMEOUT, 0, 0);
            }
        }
    }

    @Test
    void shouldEndThousandsWhoseBackendsAreLostAtOnce() throws IOException {
        try (Scene scene = Scene.splicing()) {
            List<Peer> clients = spliced(scene);
            List<Peer> backends = new ArrayList<>();
            for (int i = 0; i < SPLICED; i++) {
                backends.add(scene.backend());
            }
            scene.atOnce(() -> {
                for (Peer backend : backends) {
                    backend.reset();
                }
            });
            for (Peer client : clients) {
                client.expect(End.RST);
                scene.ends(CloseReason.BACKEND_RESET, 1, 0);
            }
        }
    }

    @Test
    void shouldCutThousandsAtOnce() throws IOException {
        try (Scene scene = Scene.splicing()) {
            List<Peer> clients = spliced(scene);
            scene.proxy().server().stop(Duration.ofSeconds(10));
            scene.proxy().server().stop(Duration.ofSeconds(10));
            assertThat(scene.proxy().cut()).isEqualTo(SPLICED);
            for (Peer client : clients) {
                client.expectAnEnd();
                scene.ends(CloseReason.SHUTDOWN, 1, 0);
            }
        }
    }

    private static List<Peer> spliced(Scene scene) throws IOException {
        List<Peer> clients = new ArrayList<>();
        for (int i = 0; i < SPLICED; i++) {
            clients.add(scene.client().send(1));
        }
        scene.await(SPLICED, SessionState.SPLICING);
        return clients;
    }
}
