package org.proxymachine;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.SocketAddress;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.BitSet;
import java.util.Collection;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import java.util.concurrent.atomic.AtomicLong;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;
import org.proxymachine.address.Addresses;
import org.proxymachine.address.Network;
import org.proxymachine.observe.SessionListeners;
import org.proxymachine.reactor.Clock;
import org.proxymachine.route.Decision;
import org.proxymachine.route.Destination;
import org.proxymachine.route.Router;
import org.proxymachine.script.ScriptLoader;
import org.proxymachine.server.Server;
import org.proxymachine.server.ServerOptions;
import org.proxymachine.session.CloseReason;
import org.proxymachine.session.Limits;
import org.proxymachine.session.NameResolver;
import org.proxymachine.session.Session;
import org.proxymachine.session.SessionListener;
import org.proxymachine.session.SessionReport;
import org.proxymachine.session.SessionState;

/**
 * A proxy that runs a script, in this process and on a free port. Closing it asserts the ending that every fault has: a
 * new client is served, the loop sleeps, each session was reported once, and nothing is left behind.
 */
final class Proxy implements AutoCloseable, SessionListener {
    private final Path script;
    private final ScriptLoader loader;
    private final String introduction;
    private final Server server;
    private final Thread thread;
    private final BlockingQueue<SessionReport> reports = new LinkedBlockingQueue<>();
    private final BlockingQueue<String> problems = new LinkedBlockingQueue<>();
    private final BlockingQueue<Throwable> faults = new LinkedBlockingQueue<>();
    private final BitSet reported = new BitSet();
    private final AtomicLong opened = new AtomicLong();
    private final Map<Long, SessionState> states = new HashMap<>();
    private @Nullable Session changedLast;
    private static final long IDLE_TURNS = 50;

    private final CompletableFuture<Integer> cut = new CompletableFuture<>();

    /** What a test may vary. */
    static final class Setup {
        /** The first is of TCP. */
        List<SocketAddress> addresses = List.of(new InetSocketAddress(InetAddress.getLoopbackAddress(), 0));

        int socketMode = ServerOptions.DEFAULT_SOCKET_MODE;
        boolean reusePort;
        Limits limits = Limits.DEFAULT;
        List<Network> acceptProxy = List.of();

        /** What a client begins with so that the script hears of it. */
        String introduction = "";

        /** Told as well. */
        List<SessionListener> listeners = new ArrayList<>();

        int maxConnections = 10_000;
        long maxBufferBytes = 1L << 30;
        Clock clock = Clock.system();
        NameResolver resolver = new NameResolver();

        Proxy running(String text) throws IOException {
            return new Proxy(text, this);
        }
    }

    static Proxy running(String text) throws IOException {
        return new Setup().running(text);
    }

    private Proxy(String text, Setup setup) throws IOException {
        script = Files.createTempFile("router", ".groovy");
        Files.writeString(script, text);
        loader = new ScriptLoader(script);
        introduction = setup.introduction;
        server = new Server(
                new ServerOptions(
                        setup.addresses,
                        setup.socketMode,
                        setup.reusePort,
                        setup.acceptProxy,
                        setup.limits,
                        setup.maxConnections,
                        setup.maxBufferBytes),
                loader.load(),
                listeners(setup),
                setup.clock,
                setup.resolver);
        thread = new Thread(() -> cut.complete(server.run()), "reactor");
        thread.start();
    }

    private SessionListener listeners(Setup setup) {
        List<SessionListener> all = new ArrayList<>(setup.listeners);
        all.add(this);
        return SessionListeners.of(all);
    }

    Connection connect() throws IOException {
        return new Connection(address());
    }

    /** Where it listens. */
    InetSocketAddress address() {
        return (InetSocketAddress) server.addresses().get(0);
    }

    /** Sends this, and returns everything that comes back until the end. */
    String exchange(String request) throws IOException {
        try (Connection client = connect()) {
            return client.send(request).finish().receiveAll();
        }
    }

    void reload(String text) throws IOException {
        Files.writeString(script, text);
        server.reload(loader.load());
    }

    Server server() {
        return server;
    }

    /** The report of the next session that ends, within the deadline. */
    SessionReport report() {
        return poll(reports, "no session ended");
    }

    void assertClosedBecause(CloseReason reason) {
        assertThat(report().reason()).isEqualTo(reason);
    }

    /** The next line about a script's or backend's failure. */
    String problem() {
        return poll(problems, "nothing was said");
    }

    int problems() {
        return problems.size();
    }

    /** How many connections were cut, once the proxy has stopped. */
    int cut() {
        try {
            return cut.get(Backend.DEADLINE_MILLIS, TimeUnit.MILLISECONDS);
        } catch (Exception e) {
            throw new AssertionError("the proxy did not stop", e);
        }
    }

    boolean stopped() {
        return cut.isDone();
    }

    /** Evaluates this on the reactor's thread. */
    <T> T ask(Supplier<T> question) {
        CompletableFuture<T> answer = new CompletableFuture<>();
        server.reactor().execute(() -> answer.complete(question.get()));
        try {
            return answer.get(Backend.DEADLINE_MILLIS, TimeUnit.MILLISECONDS);
        } catch (Exception e) {
            throw new AssertionError("the reactor did not answer", e);
        }
    }

    /** Waits, turn by turn of the reactor, until this holds on its thread. */
    void await(Supplier<Boolean> condition) {
        long deadline = System.nanoTime() + TimeUnit.MILLISECONDS.toNanos(Backend.DEADLINE_MILLIS);
        while (!ask(condition)) {
            if (System.nanoTime() - deadline > 0) {
                throw new AssertionError("what was waited for did not come");
            }
            Thread.onSpinWait();
        }
    }

    /** Asserts that the loop sleeps: it turns for the questions asked here, not the thousands of times of one that spins. */
    void assertIdle() {
        assertThat(turnsInAWhile()).as("turns of an idle loop").isLessThan(IDLE_TURNS);
    }

    /** Waits until it sleeps. */
    void awaitIdle() {
        long deadline = System.nanoTime() + TimeUnit.MILLISECONDS.toNanos(Backend.DEADLINE_MILLIS);
        while (turnsInAWhile() >= IDLE_TURNS) {
            if (System.nanoTime() - deadline > 0) {
                throw new AssertionError("the loop does not come to rest");
            }
        }
    }

    private long turnsInAWhile() {
        long before = ask(() -> server.reactor().turns());
        try {
            cut.get(25, TimeUnit.MILLISECONDS);
            throw new AssertionError("the proxy has stopped");
        } catch (TimeoutException e) {
            // As wanted: it lives.
        } catch (InterruptedException | ExecutionException e) {
            throw new AssertionError(e);
        }
        return ask(() -> server.reactor().turns()) - before;
    }

    /** Asserts that a new client is served, whatever the script would make of it. */
    void assertServes() throws IOException {
        Router before = server.router();
        server.reload((client, data, length) -> new Decision.Close("served".getBytes(StandardCharsets.US_ASCII)));
        assertThat(exchange(introduction + "?")).as("answer to a new client").isEqualTo("served");
        server.reload(before);
    }

    private static <T> T poll(BlockingQueue<T> queue, String otherwise) {
        try {
            T next = queue.poll(Backend.DEADLINE_MILLIS, TimeUnit.MILLISECONDS);
            if (next == null) {
                throw new AssertionError(otherwise);
            }
            return next;
        } catch (InterruptedException e) {
            throw new AssertionError(e);
        }
    }

    @Override
    public void routerFailed(Session session, String problem, @Nullable Throwable cause) {
        problems.add(problem);
    }

    @Override
    public void headerMissing(Session session, String problem) {
        problems.add(problem);
    }

    @Override
    public void backendFailed(Session session, Destination remote, String error) {
        problems.add(remote + " " + error);
    }

    @Override
    public void broken(Session session, Throwable fault) {
        faults.add(fault);
    }

    /** Where the sessions are that have left their first state; on the reactor's thread. */
    Collection<SessionState> states() {
        return states.values();
    }

    /** The address that the session which changed its state last has tried last; on the reactor's thread. */
    String addressTried() {
        Session session = changedLast;
        SocketAddress tried = session == null ? null : session.backendAddress();
        return tried == null ? "" : Addresses.format(tried);
    }

    @Override
    public void changed(Session session, SessionState from, SessionState to) {
        changedLast = session;
        opened.accumulateAndGet(session.id(), Math::max);
        if (to == SessionState.CLOSED) {
            states.remove(session.id());
        } else {
            states.put(session.id(), to);
        }
    }

    @Override
    public void closed(SessionReport report) {
        if (reported.get((int) report.id())) {
            faults.add(new AssertionError("reported twice: " + report));
        }
        reported.set((int) report.id());
        reports.add(report);
    }

    @Override
    public void close() throws IOException {
        if (!cut.isDone()) {
            assertServes();
            assertIdle();
            server.stop(Duration.ZERO);
        }
        cut();
        assertThat(reported.cardinality()).as("sessions reported").isEqualTo((int) opened.get());
        assertThat(server.reactor().pool().out()).as("buffers out").isZero();
        assertThat(server.sessionCount()).as("sessions left").isZero();
        assertThat(faults).as("internal errors").isEmpty();
        server.close();
        Files.delete(script);
    }
}
