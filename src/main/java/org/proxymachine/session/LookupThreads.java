package org.proxymachine.session;

import java.util.Queue;
import java.util.concurrent.ArrayBlockingQueue;
import java.util.concurrent.Executor;
import java.util.concurrent.RejectedExecutionException;
import java.util.concurrent.SynchronousQueue;
import java.util.concurrent.ThreadFactory;
import java.util.concurrent.ThreadPoolExecutor;
import java.util.concurrent.TimeUnit;
import org.proxymachine.reactor.Exhaustion;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Threads for look-ups, each of which may hang: as many as are under way, so that none waits for another, up to a bound.
 * Past that, or where the system gives no further thread, look-ups wait in order for those there are.
 */
final class LookupThreads implements Executor, AutoCloseable {
    static final int MAX = 256;
    static final int QUEUED = 1_024;

    private static final Logger LOG = LoggerFactory.getLogger(LookupThreads.class);
    private static final int IDLE_SECONDS = 10;

    private final ThreadPoolExecutor threads;
    private final Queue<Runnable> waiting = new ArrayBlockingQueue<>(QUEUED);

    LookupThreads() {
        this(LookupThreads::thread);
    }

    LookupThreads(ThreadFactory factory) {
        threads = new ThreadPoolExecutor(0, MAX, IDLE_SECONDS, TimeUnit.SECONDS, new SynchronousQueue<>(), factory);
    }

    private static Thread thread(Runnable work) {
        Thread thread = new Thread(work, "resolver");
        thread.setDaemon(true);
        return thread;
    }

    /** @throws RejectedExecutionException if there is no thread, or too many wait for one */
    @Override
    public void execute(Runnable lookup) {
        if (started(lookup)) {
            return;
        }
        if (threads.getPoolSize() == 0) {
            throw new RejectedExecutionException("the system gives no thread to look it up");
        }
        if (!waiting.offer(lookup)) {
            throw new RejectedExecutionException("too many names are being looked up");
        }
        // In case all have become idle meanwhile, or have ended.
        if (!started(() -> {}) && threads.getPoolSize() == 0 && waiting.remove(lookup)) {
            throw new RejectedExecutionException("the system gives no thread to look it up");
        }
    }

    private boolean started(Runnable first) {
        try {
            threads.execute(() -> runAll(first));
            return true;
        } catch (RejectedExecutionException | OutOfMemoryError e) {
            // All are busy, or no further thread can be had (Thread.start says it with this error).
            return false;
        }
    }

    private void runAll(Runnable first) {
        for (Runnable next = first; next != null; next = waiting.poll()) {
            try {
                next.run();
            } catch (Throwable e) {
                // Those behind it are still to be looked up.
                Exhaustion.rethrow(e);
                LOG.error("unexpected: {}", e.toString(), e);
            }
        }
    }

    @Override
    public void close() {
        waiting.clear();
        threads.shutdownNow();
    }
}
