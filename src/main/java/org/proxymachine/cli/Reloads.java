package org.proxymachine.cli;

import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.concurrent.ArrayBlockingQueue;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import java.util.function.Consumer;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;
import org.proxymachine.reactor.Exhaustion;
import org.proxymachine.route.Router;
import org.proxymachine.route.RouterSource;
import org.proxymachine.route.RoutingException;
import org.proxymachine.script.ScriptLoader;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Loads the script anew, one load after the other, each on a thread of its own. Those who ask while one load runs get the
 * next one, all of them the same: it sees the file as it is after they asked. A load that hangs gives way to the next
 * one: it is interrupted and abandoned, for a thread cannot be killed, and what comes of it later does not count. At most two
 * are abandoned at a time; past that the next one is refused. Any thread may ask.
 */
final class Reloads {
    /** What a load may take before the next one takes its place. */
    private static final long PATIENCE_MILLIS = 5_000;

    private static final int MAX_ABANDONED = 2;
    private static final long LOOK_MILLIS = 100;
    private static final Logger LOG = LoggerFactory.getLogger("proxymachine");

    private final RouterSource source;
    private final Consumer<Router> use;
    private final Listener listener;
    /** The load that comes next, if anybody wants one. */
    private final BlockingQueue<CompletableFuture<@Nullable String>> requests = new ArrayBlockingQueue<>(1);

    private final List<Load> abandoned = new ArrayList<>();
    private volatile @Nullable Load running;

    /** Who hears of them. */
    interface Listener {
        void begun();

        /** It is over: the new script is in force, unless there is a problem. */
        void ended(@Nullable String problem, long millis);
    }

    /**
     * Reloads of this source. Starts the thread that has them done: later the system may refuse it.
     *
     * @param use told of each router that came of a load in time
     * @param listener called on that thread
     */
    Reloads(RouterSource source, Consumer<Router> use, Listener listener) {
        this.source = source;
        this.use = use;
        this.listener = listener;
        start(this::run, "reloads");
    }

    private static Thread start(Runnable work, String name) {
        Thread thread = new Thread(work, name);
        thread.setDaemon(true);
        thread.start();
        return thread;
    }

    /** Loads once the load that runs is over. Completes with null, or why the old script stays in force. */
    synchronized CompletableFuture<@Nullable String> reload() {
        CompletableFuture<@Nullable String> request = requests.peek();
        if (request == null) {
            request = new CompletableFuture<>();
            requests.add(request);
        }
        return request;
    }

    /** The same for who does not wait for it. */
    synchronized void request() {
        if (requests.isEmpty()) {
            requests.add(new CompletableFuture<>());
        }
    }

    /** Whether a load has had its time, and gives way to the next one. */
    boolean isHanging() {
        Load load = running;
        return load != null && load.hangs();
    }

    // From here on, the thread that has them done.

    private void run() {
        try {
            while (true) {
                CompletableFuture<@Nullable String> request = requests.take();
                listener.begun();
                long startNanos = System.nanoTime();
                end(request, load(), startNanos);
            }
        } catch (InterruptedException e) {
            // Nobody interrupts this thread.
        }
    }

    private void end(CompletableFuture<@Nullable String> request, @Nullable String problem, long startNanos) {
        listener.ended(problem, TimeUnit.NANOSECONDS.toMillis(System.nanoTime() - startNanos));
        request.complete(problem);
    }

    private @Nullable String load() throws InterruptedException {
        Load load = new Load();
        try {
            load.begin();
        } catch (OutOfMemoryError e) {
            return e.getMessage();
        }
        running = load;
        try {
            return outcome(load);
        } finally {
            running = null;
        }
    }

    private @Nullable String outcome(Load load) throws InterruptedException {
        boolean told = false;
        while (true) {
            try {
                return load.problem.get(LOOK_MILLIS, TimeUnit.MILLISECONDS);
            } catch (TimeoutException e) {
                if (load.hangs() && !told) {
                    told = true;
                    LOG.warn("the reload hangs: {}; the next one takes its place", load);
                }
                if (load.hangs() && !requests.isEmpty() && mayAbandon()) {
                    return load.abandon();
                }
            } catch (ExecutionException e) {
                return String.valueOf(e.getCause());
            }
        }
    }

    private boolean mayAbandon() {
        abandoned.removeIf(load -> !load.isAlive());
        if (abandoned.size() < MAX_ABANDONED) {
            return true;
        }
        String where = abandoned.stream().map(Load::toString).collect(Collectors.joining("; "));
        String problem = "refused, as " + MAX_ABANDONED + " abandoned reloads go on, and this is the last: " + where;
        CompletableFuture<@Nullable String> refused = requests.poll();
        if (refused != null) {
            end(refused, problem, System.nanoTime());
        }
        return false;
    }

    /** One load, on a thread of its own. */
    private final class Load {
        private final long startNanos = System.nanoTime();
        private final CompletableFuture<@Nullable String> problem = new CompletableFuture<>();
        private @Nullable Thread thread;
        private boolean over;

        void begin() {
            thread = start(this::load, "reload");
        }

        private void load() {
            try {
                Router router = source.load();
                synchronized (this) {
                    if (over) {
                        var unused = router.unload().begin();
                    } else {
                        use.accept(router);
                    }
                }
                problem.complete(null);
            } catch (RoutingException e) {
                LOG.debug("reload", e);
                problem.complete(String.valueOf(e.getMessage()));
            } catch (Throwable e) {
                Exhaustion.rethrow(e);
                problem.complete(e.toString());
            }
        }

        boolean isAlive() {
            return thread != null && thread.isAlive();
        }

        boolean hangs() {
            return millis() > PATIENCE_MILLIS;
        }

        private long millis() {
            return TimeUnit.NANOSECONDS.toMillis(System.nanoTime() - startNanos);
        }

        String abandon() {
            String said = "abandoned: " + this;
            synchronized (this) {
                over = true;
            }
            if (thread != null) {
                thread.interrupt();
            }
            abandoned.add(this);
            return said;
        }

        @Override
        public String toString() {
            StackTraceElement[] stack = thread == null ? new StackTraceElement[0] : thread.getStackTrace();
            String line = ScriptLoader.line(stack);
            return String.format(
                    Locale.ROOT,
                    "it is at %s after %d s",
                    line != null ? line : "no line of the script",
                    millis() / 1_000);
        }
    }
}
