package org.proxymachine.cli;

import java.time.Duration;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import org.proxymachine.server.Server;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Obeys a signal where the loop cannot, since a script holds it for ever. Each call is followed up on a thread of its own,
 * which asks the loop for a turn: one that takes none within a second is stuck.
 */
final class StuckLoop {
    private static final Logger LOG = LoggerFactory.getLogger("proxymachine");
    private static final long GRACE_MILLIS = 1_000;
    private static final long FLUSH_MILLIS = 2_000;

    private final Server server;
    private final Thread loop;
    private final Runnable flush;
    private final Runnable end;
    private volatile boolean over;

    /**
     * Watches nothing yet.
     *
     * @param loop the thread that runs the server
     * @param flush writes what the end would lose; may block, and is then left
     * @param end ends the process
     */
    StuckLoop(Server server, Thread loop, Runnable flush, Runnable end) {
        this.server = server;
        this.loop = loop;
        this.flush = flush;
        this.end = end;
    }

    /** The loop has ended by itself. */
    void over() {
        over = true;
    }

    /** Says in the log at which line of the script the loop is, if it is stuck. */
    void report() {
        start(() -> {
            if (!takesATurn()) {
                LOG.warn("stuck, so the drain waits: the loop is at {}", place());
            }
        });
    }

    /** Ends the process after this time, as soon as the loop is stuck; one that is not ends by itself. */
    void end(Duration patience) {
        start(() -> {
            TimeUnit.MILLISECONDS.sleep(patience.toMillis());
            while (takesATurn()) {
                TimeUnit.MILLISECONDS.sleep(GRACE_MILLIS / 10);
            }
            force();
        });
    }

    private void force() throws InterruptedException {
        LOG.warn("stopped although the loop is stuck at {}, {} connections cut", place(), server.sessionCount());
        Thread flushing = start(flush::run);
        flushing.join(FLUSH_MILLIS);
        end.run();
    }

    private boolean takesATurn() throws InterruptedException {
        CountDownLatch taken = new CountDownLatch(1);
        server.reactor().execute(taken::countDown);
        return taken.await(GRACE_MILLIS, TimeUnit.MILLISECONDS) || over;
    }

    private String place() {
        return server.router().locate(loop.getStackTrace());
    }

    /** What is done on a thread, and may be interrupted by nobody. */
    private interface Work {
        void run() throws InterruptedException;
    }

    private static Thread start(Work work) {
        Thread thread = new Thread(
                () -> {
                    try {
                        work.run();
                    } catch (InterruptedException e) {
                        Thread.currentThread().interrupt();
                    }
                },
                "stuck-loop");
        thread.setDaemon(true);
        thread.start();
        return thread;
    }
}
