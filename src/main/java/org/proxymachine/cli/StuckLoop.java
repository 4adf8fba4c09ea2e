package org.proxymachine.cli;

import java.time.Duration;
import java.util.List;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.Future;
import java.util.concurrent.ScheduledThreadPoolExecutor;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;
import org.proxymachine.reactor.Exhaustion;
import org.proxymachine.server.Server;
import org.proxymachine.session.SessionReport;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Obeys a signal where the loop cannot, since a script holds it for ever. Each call is followed up on a thread that
 * is there from the start, and asks the loop for a turn: one that takes none within a second, and handles nothing
 * meanwhile, is stuck. One whose turn is long but moves on has ten seconds more, unless it is to end at once.
 */
final class StuckLoop {
    private static final Logger LOG = LoggerFactory.getLogger("proxymachine");

    /** One that reports, one that ends the process, one that flushes. */
    private static final int THREADS = 3;

    private static final long GRACE_MILLIS = 1_000;
    private static final long FLUSH_MILLIS = 2_000;
    private static final int MAX_ADVANCES = 10;

    private enum Loop {
        TURNS,
        ADVANCES,
        STUCK
    }

    private final Server server;
    private final Thread loop;
    private final Consumer<List<SessionReport>> flush;
    private final Runnable end;
    private final ScheduledThreadPoolExecutor threads = new ScheduledThreadPoolExecutor(THREADS, StuckLoop::thread);
    private final AtomicBoolean reporting = new AtomicBoolean();
    private @Nullable Future<?> ending;
    private int advances;
    private volatile boolean over;
    private volatile boolean atOnce;

    /**
     * Watches nothing yet.
     *
     * @param loop the thread that runs the server
     * @param flush writes what the end would lose, of these sessions and else; may block, and is then left
     * @param end ends the process
     */
    StuckLoop(Server server, Thread loop, Consumer<List<SessionReport>> flush, Runnable end) {
        this.server = server;
        this.loop = loop;
        this.flush = flush;
        this.end = end;
        // Now: later there may be no thread to be had.
        threads.prestartAllCoreThreads();
    }

    /** The loop has ended by itself. */
    void over() {
        over = true;
    }

    /** Says in the log at which line of the script the loop is, if it is stuck. */
    void report() {
        if (reporting.compareAndSet(false, true)) {
            threads.execute(() -> guarded(this::reportNow));
        }
    }

    private void reportNow() throws InterruptedException {
        switch (look()) {
            case TURNS -> LOG.debug("the loop turns");
            case ADVANCES -> LOG.warn("much to do: the drain waits for the end of the loop's turn, which goes on");
            case STUCK -> LOG.warn("stuck, so the drain waits: the loop is at {}", place());
        }
        reporting.set(false);
    }

    /** Ends the process after this time, as soon as the loop is stuck; one that is not ends by itself. */
    synchronized void end(Duration patience) {
        if (ending != null) {
            ending.cancel(false);
        }
        endLater(patience.toMillis());
    }

    /** Ends the process as soon as the loop is stuck, or waits for scripts that are unloaded. */
    void endAtOnce() {
        atOnce = true;
        end(Duration.ZERO);
    }

    private synchronized void endLater(long millis) {
        ending = threads.schedule(() -> guarded(this::endIfStuck), millis, TimeUnit.MILLISECONDS);
    }

    private void endIfStuck() throws InterruptedException {
        Loop now = look();
        if (now == Loop.ADVANCES) {
            advances++;
        }
        if (now == Loop.TURNS || (now == Loop.ADVANCES && advances < MAX_ADVANCES && !atOnce)) {
            endLater(GRACE_MILLIS / 10);
        } else {
            force(now);
        }
    }

    private void force(Loop now) throws InterruptedException {
        List<SessionReport> cut = server.cutByTheEnd();
        if (server.hasServed()) {
            LOG.warn("stopped although proxy_unload has not returned");
        } else {
            LOG.warn(
                    "stopped although the loop {} at {}, {} connections cut",
                    now == Loop.STUCK ? "is stuck" : "has much to do",
                    place(),
                    cut.size());
        }
        CountDownLatch flushed = new CountDownLatch(1);
        threads.execute(() -> {
            flush.accept(cut);
            flushed.countDown();
        });
        if (!flushed.await(FLUSH_MILLIS, TimeUnit.MILLISECONDS)) {
            LOG.debug("nobody takes what is left to write");
        }
        end.run();
    }

    private Loop look() throws InterruptedException {
        long before = server.reactor().handled();
        if (takesATurn()) {
            return Loop.TURNS;
        }
        return server.reactor().handled() == before ? Loop.STUCK : Loop.ADVANCES;
    }

    private boolean takesATurn() throws InterruptedException {
        CountDownLatch taken = new CountDownLatch(1);
        server.reactor().execute(taken::countDown);
        return taken.await(GRACE_MILLIS, TimeUnit.MILLISECONDS) || over || (server.hasServed() && !atOnce);
    }

    private String place() {
        return server.router().locate(loop.getStackTrace());
    }

    /** What is done on a thread, and may be interrupted by nobody. */
    private interface Work {
        void run() throws InterruptedException;
    }

    private static void guarded(Work work) {
        try {
            work.run();
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        } catch (OutOfMemoryError e) {
            Exhaustion.endThread(e);
        }
    }

    private static Thread thread(Runnable work) {
        Thread thread = new Thread(work, "stuck-loop");
        thread.setDaemon(true);
        return thread;
    }
}
