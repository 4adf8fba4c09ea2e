package org.proxymachine;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.TimeUnit;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;
import org.proxymachine.reactor.Clock;
import org.proxymachine.route.Destination;
import org.proxymachine.script.ScriptLoader;
import org.proxymachine.server.Server;
import org.proxymachine.server.ServerOptions;
import org.proxymachine.session.CloseReason;
import org.proxymachine.session.Limits;
import org.proxymachine.session.NameResolver;
import org.proxymachine.session.Session;
import org.proxymachine.session.SessionListener;
import org.proxymachine.session.SessionReport;

/** A proxy that runs a script, in this process and on a free port. Closing it asserts that nothing is left behind. */
final class Proxy implements AutoCloseable, SessionListener {
    private final Path script;
    private final ScriptLoader loader;
    private final Server server;
    private final Thread thread;
    private final BlockingQueue<SessionReport> reports = new LinkedBlockingQueue<>();
    private final BlockingQueue<String> problems = new LinkedBlockingQueue<>();
    private final BlockingQueue<Throwable> faults = new LinkedBlockingQueue<>();
    private final CompletableFuture<Integer> cut = new CompletableFuture<>();

    /** What a test may vary. */
    static final class Setup {
        Limits limits = Limits.DEFAULT;
        int maxConnections = 10_000;
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
        server = new Server(
                new ServerOptions(
                        new InetSocketAddress(InetAddress.getLoopbackAddress(), 0), setup.limits, setup.maxConnections),
                loader.load(),
                this,
                setup.clock,
                setup.resolver);
        thread = new Thread(() -> cut.complete(server.run()), "reactor");
        thread.start();
    }

    Connection connect() throws IOException {
        return new Connection(server.address());
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
    public void backendFailed(Session session, Destination remote, String error) {
        problems.add(remote + " " + error);
    }

    @Override
    public void broken(Session session, Throwable fault) {
        faults.add(fault);
    }

    @Override
    public void closed(SessionReport report) {
        reports.add(report);
    }

    @Override
    public void close() throws IOException {
        if (!cut.isDone()) {
            server.stop(Duration.ZERO);
        }
        cut();
        assertThat(server.reactor().pool().out()).as("buffers out").isZero();
        assertThat(server.sessionCount()).as("sessions left").isZero();
        assertThat(faults).as("internal errors").isEmpty();
        server.close();
        Files.delete(script);
    }
}
