package org.proxymachine.script;

import java.util.concurrent.ExecutionException;
import java.util.concurrent.Future;
import java.util.concurrent.ScheduledThreadPoolExecutor;
import java.util.concurrent.TimeUnit;
import java.util.function.BiConsumer;
import org.jspecify.annotations.Nullable;

/**
 * Looks at plain Futures, which can only be waited for, until they are done. A thread for each would let futures that never
 * complete use up all threads there are; so a few threads look at all of them. Any thread.
 *
 * <p>The longer a future takes the less often it is looked at: an answer is seen within an eighth of the time that it took,
 * and ten thousand futures that never complete cost ten thousand looks a second. A future whose own methods block takes one
 * of the threads until it is let go of, which interrupts it; one that throws is done.
 */
final class FutureWatch {
    private static final int THREADS = 4;
    private static final long MIN_DELAY_NANOS = TimeUnit.MILLISECONDS.toNanos(2);
    private static final long MAX_DELAY_NANOS = TimeUnit.SECONDS.toNanos(1);

    private final ScheduledThreadPoolExecutor threads = new ScheduledThreadPoolExecutor(THREADS, FutureWatch::thread);

    FutureWatch() {
        threads.setRemoveOnCancelPolicy(true);
    }

    private static Thread thread(Runnable work) {
        Thread thread = new Thread(work, "future-watch");
        thread.setDaemon(true);
        return thread;
    }

    /** Has this told of the future's outcome, on a thread of the watch. Returns what lets go of it before. */
    Runnable watch(Future<?> future, BiConsumer<@Nullable Object, @Nullable Throwable> outcome) {
        startThreads();
        Watched watched = new Watched(future, outcome);
        watched.lookLater();
        return watched::letGo;
    }

    // Only for a script that returns plain Futures; and none later, when what asks for it is a look that must not be
    // lost.
    private synchronized void startThreads() {
        if (threads.getPoolSize() > 0) {
            return;
        }
        try {
            threads.prestartAllCoreThreads();
        } catch (OutOfMemoryError e) {
            // The system refused one. Those there are will do.
            if (threads.getPoolSize() == 0) {
                throw e;
            }
            threads.setCorePoolSize(threads.getPoolSize());
        }
    }

    /** Returns how many futures are looked at. */
    int size() {
        return threads.getQueue().size();
    }

    static long delayNanos(long ageNanos) {
        return Math.max(MIN_DELAY_NANOS, Math.min(MAX_DELAY_NANOS, ageNanos / 8));
    }

    private final class Watched implements Runnable {
        private final Future<?> future;
        private final BiConsumer<@Nullable Object, @Nullable Throwable> outcome;
        private final long startNanos = System.nanoTime();
        private @Nullable Future<?> look;
        private boolean released;

        Watched(Future<?> future, BiConsumer<@Nullable Object, @Nullable Throwable> outcome) {
            this.future = future;
            this.outcome = outcome;
        }

        synchronized void lookLater() {
            if (!released) {
                long ageNanos = System.nanoTime() - startNanos;
                look = threads.schedule(this, delayNanos(ageNanos), TimeUnit.NANOSECONDS);
            }
        }

        synchronized void letGo() {
            released = true;
            if (look != null) {
                look.cancel(true);
            }
        }

        @Override
        public void run() {
            Object answer;
            try {
                if (!future.isDone()) {
                    lookLater();
                    return;
                }
                answer = future.get();
            } catch (ExecutionException e) {
                outcome.accept(null, e.getCause() == null ? e : e.getCause());
                return;
            } catch (Throwable e) {
                outcome.accept(null, e);
                return;
            }
            outcome.accept(answer, null);
        }
    }
}
