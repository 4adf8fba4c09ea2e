package org.proxymachine;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.time.Duration;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.proxymachine.AdminEndpoint.Json;
import org.proxymachine.session.CloseReason;
import org.proxymachine.session.SessionReport;
import org.proxymachine.session.SessionState;

/** Bytes and durations of sessions that do not end by themselves: exact, and the same wherever they are told. */
class EndFiguresTest {
    private static void assertFigures(SessionReport report, long up, long down, Duration total) {
        assertThat(report.bytesUp()).as("from the client").isEqualTo(up);
        assertThat(report.bytesToBackend()).as("to the backend").isEqualTo(up);
        assertThat(report.bytesFromBackend()).as("from the backend").isEqualTo(down);
        assertThat(Duration.ofNanos(report.totalNanos())).isEqualTo(total);
    }

    /** The list of those that ended, and the metrics, say what the report says. */
    private static void assertToldAlike(WatchedScene watched, SessionReport report) throws IOException {
        // What a session adds is counted with others, a moment later.
        watched.scene().pass(Duration.ofSeconds(1));
        Json ended = watched.endpoint().json("/sessions").objects("ended").get(0);
        assertThat(ended.get("reason")).isEqualTo(report.reason().word());
        assertThat(ended.get("bytes_up")).isEqualTo(report.bytesUp());
        assertThat(ended.get("bytes_down")).isEqualTo(report.bytesDown());
        assertThat(ended.get("age")).isEqualTo(report.totalNanos() / 1e9);
        String metrics = watched.endpoint().get("/metrics").text();
        for (String each : List.of(
                "received_bytes_total{from=\"client\"} " + (double) report.bytesUp(),
                "sent_bytes_total{to=\"client\"} " + (double) report.bytesDown(),
                "received_bytes_total{from=\"backend\"} " + (double) report.bytesFromBackend(),
                "sent_bytes_total{to=\"backend\"} " + (double) report.bytesToBackend())) {
            assertThat(metrics).contains("proxymachine_" + each + "\n");
        }
    }

    private static Peer talk(Scene scene, Peer client) throws IOException {
        client.send(1_000);
        Peer backend = scene.backend().receive(1_000).send(200);
        client.receive(200);
        scene.pass(Duration.ofSeconds(3));
        client.send(50);
        backend.receive(50);
        scene.pass(Duration.ofSeconds(4));
        return backend;
    }

    @Test
    void shouldTellExactFiguresOfASessionThatAnOperatorCloses() throws IOException {
        try (WatchedScene watched = WatchedScene.splicing()) {
            Scene scene = watched.scene();
            Peer client = scene.client();
            talk(scene, client);
            var unused = scene.proxy().server().close(session -> true);
            SessionReport report = scene.ends(CloseReason.ADMIN_CLOSE);
            assertFigures(report, 1_050, 200, Duration.ofSeconds(7));
            assertThat(report.bytesDown()).isEqualTo(200);
            assertToldAlike(watched, report);
        }
    }

    @Test
    void shouldTellExactFiguresOfASessionThatTheEndCuts() throws IOException {
        try (Scene scene = Scene.splicing()) {
            Peer client = scene.client();
            talk(scene, client);
            scene.proxy().server().stop(Duration.ofHours(1));
            scene.pass(Duration.ofSeconds(5));
            scene.proxy().server().stop(Duration.ZERO);
            SessionReport report = scene.ends(CloseReason.SHUTDOWN);
            assertFigures(report, 1_050, 200, Duration.ofSeconds(12));
            assertThat(report.bytesDown()).isEqualTo(200);
            assertThat(scene.proxy().cut()).isEqualTo(1);
        }
    }

    @Test
    void shouldTellExactFiguresOfAClientThatResetsWhileItIsFlushed() throws IOException {
        try (WatchedScene watched = WatchedScene.splicing()) {
            Scene scene = watched.scene();
            Peer client = scene.clientWithASmallWindow();
            Peer backend = talk(scene, client);
            backend.send(100_000).reset();
            scene.await(SessionState.FLUSHING);
            scene.pass(Duration.ofSeconds(2));
            client.reset();
            SessionReport report = scene.ends();
            assertFigures(report, 1_050, report.bytesFromBackend(), Duration.ofSeconds(9));
            assertThat(report.bytesDown()).isBetween(200L, report.bytesFromBackend());
            assertThat(report.bytesFromBackend()).isLessThanOrEqualTo(100_200);
            assertToldAlike(watched, report);
        }
    }

    @Test
    void shouldTellExactFiguresOfAClientThatIsShedForMemory() throws IOException {
        String script = "proxy { data -> [close: 'x' * 8_000_000] }";
        try (WatchedScene watched = WatchedScene.holding(2 << 20, script)) {
            Scene scene = watched.scene();
            Peer client = scene.clientWithASmallWindow();
            scene.awaitSessions(1);
            scene.pass(Duration.ofSeconds(3));
            client.say("five!");
            SessionReport report = scene.ends(CloseReason.MEMORY_LIMIT);
            assertThat(report.bytesUp()).isEqualTo(5);
            assertThat(report.bytesToBackend() + report.bytesFromBackend()).isZero();
            assertThat(Duration.ofNanos(report.totalNanos())).isEqualTo(Duration.ofSeconds(3));
            assertToldAlike(watched, report);
        }
    }
}
