package org.proxymachine;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import org.proxymachine.address.Addresses;
import org.proxymachine.route.Decision;
import org.proxymachine.route.Destination;
import org.proxymachine.route.Router;
import org.proxymachine.session.CloseReason;
import org.proxymachine.session.SessionReport;
import org.proxymachine.session.SessionState;

/**
 * A proxy between peers that a test tells what to do, by a clock that the test moves. Closing it asserts that all
 * sessions end by themselves once the peers are gone, and then what {@link Proxy#close} does.
 */
final class Scene implements AutoCloseable {
    private final Backend backend = Backend.manual();
    private final ManualClock clock = new ManualClock();
    private final Proxy proxy;
    private final List<Peer> peers = new ArrayList<>();
    private final Set<String> clients = new HashSet<>();

    /** A scene with this script, in which %s stands for the backend's address. */
    Scene(String script) throws IOException {
        this(script, new Proxy.Setup());
    }

    Scene(String script, Proxy.Setup setup) throws IOException {
        setup.clock = clock;
        proxy = setup.running(script.formatted(backend.address()));
    }

    /** A scene in which the first byte decides, for the backend. */
    static Scene splicing() throws IOException {
        return new Scene("proxy { data -> [remote: '%s'] }");
    }

    Peer client() throws IOException {
        return client(Peer.client(proxy.address()));
    }

    Peer clientWithASmallWindow() throws IOException {
        return client(Peer.clientWithASmallWindow(proxy.address()));
    }

    private Peer client(Peer client) {
        peers.add(client);
        clients.add("127.0.0.1:" + client.address().getPort());
        return client;
    }

    /** The backend's end of the next connection that the proxy makes. */
    Peer backend() throws IOException {
        Peer peer = Peer.backend(backend.next());
        peers.add(peer);
        return peer;
    }

    /** How many connections the proxy made that were not taken with {@link #backend}. */
    int connections() {
        return backend.connections();
    }

    Proxy proxy() {
        return proxy;
    }

    ManualClock clock() {
        return clock;
    }

    /** Lets time pass, and what is due happen. */
    void pass(Duration duration) {
        clock.advance(duration, proxy);
    }

    /** A router that takes this long for each answer, during which the loop does nothing else. */
    Router stalling(Duration duration, Decision answer) {
        return stalling(duration, answer, () -> {});
    }

    /** The same, with what happens elsewhere before the answer: the loop hears of it later in this turn. */
    Router stalling(Duration duration, Decision answer, Runnable meanwhile) {
        return (client, data, length) -> {
            clock.advance(duration);
            meanwhile.run();
            return answer;
        };
    }

    /** The backend that the scene's script would name. */
    Destination destination() {
        return Destination.parse(backend.address());
    }

    /** Asserts that nothing which is due ends a session: the loop has looked at all deadlines. */
    void assertNothingExpires(int sessions) {
        pass(Duration.ZERO);
        assertThat(proxy.<Integer>ask(() -> proxy.server().sessionCount()))
                .as("sessions left")
                .isEqualTo(sessions);
    }

    /** Lets time pass after which there is no loop that could be asked whether it has looked. */
    void passForTheLastTime(Duration duration) {
        clock.advance(duration);
        proxy.server().reactor().execute(() -> {});
    }

    /** Waits until there are this many sessions. */
    void awaitSessions(int sessions) {
        proxy.await(() -> proxy.server().sessionCount() == sessions);
    }

    /** Waits until there are this many sessions, all in this state. */
    void await(int sessions, SessionState state) {
        proxy.await(() ->
                proxy.states().size() == sessions && proxy.states().stream().allMatch(state::equals));
    }

    /** Waits until there is one session, in this state. */
    void await(SessionState state) {
        await(1, state);
    }

    /** Has this peer send, step by step, until the proxy holds a buffer for a receiver that does not read. */
    void sendUntilStuck(Peer source) throws IOException {
        while (proxy.ask(() -> proxy.server().reactor().pool().out()) == 0) {
            source.send(16_384);
        }
    }

    /** Waits until so many buffers hold bytes for receivers that do not take them. */
    void awaitBuffersOut(int buffers) {
        proxy.await(() -> proxy.server().reactor().pool().out() == buffers);
    }

    /** Holds the loop during these steps, so that it finds all they did at once. */
    void atOnce(Script steps) throws IOException {
        CountDownLatch held = new CountDownLatch(1);
        CountDownLatch release = new CountDownLatch(1);
        proxy.server().reactor().execute(() -> {
            held.countDown();
            await(release);
        });
        await(held);
        try {
            steps.run();
        } finally {
            release.countDown();
        }
    }

    /** Steps of several peers. */
    interface Script {
        void run() throws IOException;
    }

    private static void await(CountDownLatch latch) {
        try {
            assertThat(latch.await(Backend.DEADLINE_MILLIS, TimeUnit.MILLISECONDS))
                    .isTrue();
        } catch (InterruptedException e) {
            throw new AssertionError(e);
        }
    }

    /** The report of the next session to end, which makes sense: whose it was, and times that are none or not negative. */
    SessionReport ends() {
        SessionReport report = proxy.report();
        assertThat(clients).as("clients").contains(Addresses.format(report.client()));
        assertThat(report.routeNanos()).isBetween(-1L, report.totalNanos());
        assertThat(report.connectNanos()).isBetween(-1L, report.totalNanos());
        return report;
    }

    /** The next session to end has this reason. */
    SessionReport ends(CloseReason reason) {
        SessionReport report = ends();
        assertThat(report.reason()).as(report.toString()).isEqualTo(reason);
        return report;
    }

    /** The next session to end has this reason and these bytes. */
    void ends(CloseReason reason, long bytesUp, long bytesDown) {
        SessionReport report = ends(reason);
        assertThat(report.bytesUp()).as("bytes up").isEqualTo(bytesUp);
        assertThat(report.bytesDown()).as("bytes down").isEqualTo(bytesDown);
    }

    @Override
    public void close() throws IOException {
        for (Peer peer : peers) {
            peer.close();
        }
        if (!proxy.stopped()) {
            proxy.await(() -> {
                clock.advance(Duration.ofSeconds(1));
                return proxy.server().sessionCount() == 0;
            });
            assertThat(proxy.ask(() -> proxy.server().reactor().pool().out()))
                    .as("buffers out")
                    .isZero();
        }
        proxy.close();
        backend.close();
    }
}
