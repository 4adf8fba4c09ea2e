package org.proxymachine;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.net.InetAddress;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.List;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;
import org.proxymachine.Peer.End;
import org.proxymachine.route.ConnectPolicy;
import org.proxymachine.route.Decision;
import org.proxymachine.route.Destination;
import org.proxymachine.server.Server;
import org.proxymachine.session.CloseReason;
import org.proxymachine.session.Limits;
import org.proxymachine.session.SessionState;

/**
 * A script takes a minute, and nothing else happens meanwhile: what is set in that turn counts from then, not from the
 * beginning of the turn.
 */
class StallFaultsTest {
    private static final Duration STALL = Duration.ofMinutes(1);
    private static final Duration TIMEOUT = Duration.ofSeconds(3);

    private static Decision connect(Destination to, ConnectPolicy policy) {
        return new Decision.Connect(List.of(to), null, null, policy);
    }

    private static ConnectPolicy policy(
            @Nullable Duration connect, @Nullable Duration inactivity, @Nullable Duration idle, int retries) {
        return new ConnectPolicy(connect, inactivity, idle, retries, TIMEOUT, 0);
    }

    private static Scene limited(Limits limits) throws IOException {
        Proxy.Setup setup = new Proxy.Setup();
        setup.limits = limits;
        return new Scene("proxy { data -> [remote: '%s'] }", setup);
    }

    /** A scene in which each client is connected so, after a stall. */
    private static Scene answering(ConnectPolicy policy) throws IOException {
        Scene scene = Scene.splicing();
        scene.proxy().server().reload(scene.stalling(STALL, connect(scene.destination(), policy)));
        return scene;
    }

    @Test
    void shouldGiveABackendItsTimeForAFirstByteAfterAScriptThatTookLong() throws IOException {
        try (Scene scene = answering(policy(null, TIMEOUT, null, 0))) {
            Peer client = scene.client().send(1);
            Peer backend = scene.backend().receive(1);
            scene.assertNothingExpires(1);
            scene.pass(TIMEOUT.minusMillis(1));
            backend.send(10);
            client.receive(10).fin();
            backend.expect(End.FIN).fin();
            scene.ends(CloseReason.DONE);
        }
    }

    @Test
    void shouldCountIdleTimeFromTheLastByteAfterAScriptThatTookLong() throws IOException {
        try (Scene scene = Scene.splicing()) {
            scene.proxy()
                    .server()
                    .reload((c, data, length) -> connect(scene.destination(), policy(null, null, TIMEOUT, 0)));
            Peer client = scene.client().send(1);
            Peer backend = scene.backend().receive(1);
            scene.await(SessionState.SPLICING);
            scene.proxy().server().reload(scene.stalling(STALL, Decision.close()));
            Peer slow = scene.client();
            scene.awaitSessions(2);
            // The kernel reports them in the order in which they became ready.
            scene.atOnce(() -> {
                slow.send(1);
                client.send(1);
            });
            backend.receive(1);
            scene.ends(CloseReason.SCRIPT_CLOSE);
            scene.assertNothingExpires(1);
            scene.pass(TIMEOUT);
            scene.ends(CloseReason.IDLE_TIMEOUT);
        }
    }

    @Test
    void shouldWaitBetweenAttemptsAfterAScriptThatTookLong() throws IOException {
        try (Scene scene = Scene.splicing()) {
            Destination dead = Destination.parse("127.0.0.1:" + Backend.deadPort());
            scene.proxy().server().reload(scene.stalling(STALL, connect(dead, policy(null, null, null, 1))));
            scene.client().send(1);
            scene.await(SessionState.CONNECTING);
            scene.assertNothingExpires(1);
            scene.pass(TIMEOUT);
            assertThat(scene.ends(CloseReason.CONNECT_REFUSED).connectAttempts())
                    .isEqualTo(2);
        }
    }

    @Test
    void shouldGiveAConnectItsTimeAfterAScriptThatTookLong() throws IOException {
        try (Scene scene = Scene.splicing();
                SilentHost silent = new SilentHost(InetAddress.getLoopbackAddress(), 0)) {
            Destination silentHost = Destination.parse(silent.address());
            scene.proxy().server().reload(scene.stalling(STALL, connect(silentHost, policy(TIMEOUT, null, null, 0))));
            scene.client().send(1);
            scene.await(SessionState.CONNECTING);
            scene.assertNothingExpires(1);
            scene.pass(TIMEOUT);
            scene.ends(CloseReason.CONNECT_TIMEOUT);
        }
    }

    @Test
    void shouldGiveAClientItsTimeToBeRoutedAfterAScriptThatTookLong() throws IOException {
        try (Scene scene = limited(new Limits(TIMEOUT, 1024))) {
            scene.proxy().server().reload(scene.stalling(STALL, Decision.close()));
            Peer slow = scene.client();
            scene.awaitSessions(1);
            scene.atOnce(() -> {
                slow.send(1);
                scene.client();
            });
            scene.ends(CloseReason.SCRIPT_CLOSE);
            scene.awaitSessions(1);
            scene.assertNothingExpires(1);
            scene.pass(TIMEOUT);
            scene.ends(CloseReason.ROUTE_TIMEOUT);
        }
    }

    @Test
    void shouldCountConnectionsASecondByTheTimeAfterAScriptThatTookLong() throws IOException {
        try (Scene scene = limited(new Limits(Duration.ofHours(1), 1024, 0, 1, 0))) {
            scene.proxy().server().reload(scene.stalling(STALL, Decision.close()));
            Peer slow = scene.client();
            scene.awaitSessions(1);
            scene.atOnce(() -> {
                slow.send(1);
                scene.client();
            });
            scene.ends(CloseReason.SCRIPT_CLOSE);
            scene.awaitSessions(1);
            scene.pass(STALL);
        }
    }

    @Test
    void shouldLetAClientWaitForAPlaceAfterAScriptThatTookLong() throws IOException {
        try (Scene scene = limited(new Limits(Duration.ofHours(1), 1024, 0, 0, 1))) {
            scene.client().send(1);
            scene.backend();
            scene.await(SessionState.SPLICING);
            scene.proxy().server().reload(scene.stalling(STALL, connect(scene.destination(), ConnectPolicy.DEFAULT)));
            scene.client().send(1);
            scene.proxy().await(() -> scene.proxy().states().contains(SessionState.CONNECTING));
            scene.assertNothingExpires(2);
            scene.pass(Duration.ofSeconds(30));
            scene.ends(CloseReason.BACKEND_LIMIT);
        }
    }

    @Test
    void shouldLetAClientFinishAfterAScriptThatTookLong() throws IOException {
        try (Scene scene = Scene.splicing()) {
            Decision close = new Decision.Close("sorry".getBytes(StandardCharsets.US_ASCII));
            scene.proxy().server().reload(scene.stalling(STALL, close));
            Peer client = scene.client().send(1).hear("sorry");
            scene.await(SessionState.FLUSHING);
            scene.assertNothingExpires(1);
            scene.pass(Duration.ofSeconds(5));
            scene.ends(CloseReason.SCRIPT_CLOSE);
            client.expect(End.FIN);
        }
    }

    @Test
    void shouldLetAClientTakeItsBytesAfterAScriptThatTookLong() throws IOException {
        try (Scene scene = Scene.splicing()) {
            scene.proxy().server().reload(scene.stalling(STALL, new Decision.Close(new byte[24 << 20])));
            scene.clientWithASmallWindow().send(1);
            scene.await(SessionState.FLUSHING);
            scene.assertNothingExpires(1);
            scene.pass(Duration.ofSeconds(10));
            scene.ends(CloseReason.SCRIPT_CLOSE);
        }
    }

    @Test
    void shouldWaitForSessionsBeforeItStopsAfterAScriptThatTookLong() throws IOException {
        try (Scene scene = Scene.splicing()) {
            scene.client().send(1);
            scene.backend();
            scene.await(SessionState.SPLICING);
            Server server = scene.proxy().server();
            server.reload(scene.stalling(STALL, Decision.close(), () -> server.stop(TIMEOUT)));
            scene.client().send(1);
            scene.ends(CloseReason.SCRIPT_CLOSE);
            scene.assertNothingExpires(1);
            scene.passForTheLastTime(TIMEOUT);
            scene.ends(CloseReason.SHUTDOWN);
            assertThat(scene.proxy().cut()).isEqualTo(1);
        }
    }
}
