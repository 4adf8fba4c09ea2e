package org.proxymachine;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.util.Objects;
import java.util.concurrent.atomic.AtomicReference;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;
import org.proxymachine.AdminEndpoint.Json;
import org.proxymachine.Peer.End;
import org.proxymachine.session.CloseReason;
import org.proxymachine.session.SessionReport;
import org.proxymachine.session.SessionState;

/** What the admin endpoint says of sessions and backends, and when. {@link AdminIT} has a whole daemon. */
class AdminFiguresTest {
    private static double number(Json json, String name) {
        return ((Number) Objects.requireNonNull(json.get(name), name)).doubleValue();
    }

    /** The history once it has a further sample. */
    private static Json nextHistory(WatchedScene watched, Json before) throws IOException {
        double seen = number(before, "uptime");
        return watched.endpoint()
                .await("/status", answer -> number(answer.json().object("history"), "uptime") > seen)
                .json()
                .object("history");
    }

    @ParameterizedTest
    @ValueSource(strings = {"PT1H", "PT-1H"})
    void shouldMeasureTheSameWhenSomebodySetsTheWallClock(Duration step) throws IOException {
        Instant began = Instant.parse("2026-03-01T12:00:00Z");
        AtomicReference<Instant> now = new AtomicReference<>(began);
        long startNanos = System.nanoTime();
        try (WatchedScene watched = new WatchedScene("proxy { data -> [remote: '%s'] }", now::get)) {
            Scene scene = watched.scene();
            Peer live = scene.client().send(1);
            Peer backend = scene.backend().receive(1);
            Peer over = scene.client();
            scene.awaitSessions(2);
            over.fin();
            scene.ends(CloseReason.CLIENT_LEFT);
            Json before =
                    nextHistory(watched, watched.endpoint().json("/status").object("history"));
            now.set(began.plus(step));
            Json after = nextHistory(watched, before);

            double passed = (System.nanoTime() - startNanos) / 1e9;
            assertThat(number(after, "uptime")).isBetween(number(before, "uptime"), passed);
            assertThat(Duration.between(began.plus(step), Instant.parse(String.valueOf(after.get("end")))))
                    .as("where the graph ends, by the clock as it is now")
                    .isBetween(Duration.ofSeconds(-30), Duration.ZERO);
            assertThat(after.get("interval")).isEqualTo(1.0);
            Json status = watched.endpoint().json("/status");
            assertThat(number(status, "uptime")).isBetween(number(after, "uptime"), passed + 30);
            assertThat(status.get("started")).isEqualTo(began.toString());
            Json sessions = watched.endpoint().json("/sessions");
            Json current = sessions.objects("sessions").get(0);
            assertThat(current.get("started")).isEqualTo(began.toString());
            // The scene's own clock, which stands still.
            assertThat(number(current, "age")).isZero();
            assertThat(current.get("ended_ago")).isNull();
            Json ended = sessions.objects("ended").get(0);
            assertThat(number(ended, "ended_ago")).isBetween(0.0, passed + 30);
            live.fin();
            backend.expect(End.FIN).fin();
            live.expect(End.FIN);
            scene.ends(CloseReason.DONE);
        }
    }

    @Test
    void shouldKeepASessionThatIsFlushedWithTheBackendWhoseBytesItIsOwed() throws IOException {
        try (WatchedScene watched = WatchedScene.splicing()) {
            Scene scene = watched.scene();
            scene.clientWithASmallWindow().send(1);
            scene.backend().receive(1).send(100_000).reset();
            scene.await(SessionState.FLUSHING);
            String name = scene.destination().toString();
            Json row = watched.backend();
            assertThat(row.get("backend")).isEqualTo(name);
            assertThat(row.get("current")).isEqualTo(1L);
            assertThat(row.get("bytes_up")).isEqualTo(1L);
            assertThat(number(row, "bytes_down")).isPositive();
            Json session = watched.endpoint()
                    .json("/sessions?state=flushing&backend=" + name)
                    .objects("sessions")
                    .get(0);
            assertThat(session.get("state")).isEqualTo("flushing");
            assertThat(session.get("backend")).isEqualTo(name);
            assertThat(session.get("bytes_up")).isEqualTo(1L);
            assertThat(watched.endpoint().get("/metrics").text())
                    .contains("proxymachine_backend_sessions{backend=\"" + name + "\"} 1.0\n");
            scene.pass(Duration.ofSeconds(10));
            scene.ends(CloseReason.BACKEND_RESET);
        }
    }

    /** A backend fails exactly as often as the status of its session says that one of them did. */
    private static void assertOneTruth(WatchedScene watched, CloseReason reason) throws IOException {
        SessionReport report = watched.scene().ends(reason);
        long failures = report.reason().status() == 502 ? 1 : 0;
        // What a session adds is counted with others, a moment later.
        watched.scene().pass(Duration.ofSeconds(1));
        assertThat(watched.backend().get("total")).isEqualTo(1L);
        assertThat(watched.backend().get("failed")).as(reason.word()).isEqualTo(failures);
        assertThat(report.reason().isFailure()).isEqualTo(failures == 1);
        assertThat(watched.endpoint().get("/metrics").text())
                .contains("proxymachine_backend_failures_total{backend=\""
                        + watched.scene().destination() + "\"} " + failures + ".0\n");
    }

    @ParameterizedTest
    @ValueSource(strings = {"", "\nproxy_connect_error { null }"})
    void shouldCountABackendThatClosesBeforeItsFirstByteAsOneThatFailed(String block) throws IOException {
        try (WatchedScene watched =
                new WatchedScene("proxy { data -> [remote: '%s'] }" + block, InstantSource.system())) {
            Peer client = watched.scene().client().send(1);
            watched.scene().backend().receive(1).fin();
            client.expect(End.FIN).fin();
            assertOneTruth(watched, CloseReason.BACKEND_CLOSED);
        }
    }

    @ParameterizedTest
    @ValueSource(strings = {"", "\nproxy_connect_error { null }"})
    void shouldCountABackendThatResetsBeforeItsFirstByteAsOneThatFailed(String block) throws IOException {
        try (WatchedScene watched =
                new WatchedScene("proxy { data -> [remote: '%s'] }" + block, InstantSource.system())) {
            Peer client = watched.scene().client().send(1);
            watched.scene().backend().receive(1).reset();
            client.expectAnEnd();
            assertOneTruth(watched, block.isEmpty() ? CloseReason.BACKEND_RESET : CloseReason.BACKEND_CLOSED);
        }
    }

    @Test
    void shouldCountABackendThatIsSilentForTooLongAsOneThatFailed() throws IOException {
        try (WatchedScene watched =
                new WatchedScene("proxy { data -> [remote: '%s', inactivity_timeout: 2] }", InstantSource.system())) {
            Peer client = watched.scene().client().send(1);
            watched.scene().backend().receive(1);
            watched.scene().await(SessionState.SPLICING);
            watched.scene().pass(Duration.ofSeconds(2));
            client.expectAnEnd();
            assertOneTruth(watched, CloseReason.INACTIVITY_TIMEOUT);
        }
    }

    @Test
    void shouldNotCountABackendThatClosesWithoutAByteAfterItsClientDid() throws IOException {
        try (WatchedScene watched = WatchedScene.splicing()) {
            Peer client = watched.scene().client().send(1).fin();
            watched.scene().backend().receive(1).expect(End.FIN).fin();
            client.expect(End.FIN);
            assertOneTruth(watched, CloseReason.DONE);
        }
    }
}
