package org.proxymachine.reactor;

import java.time.Duration;
import java.util.concurrent.locks.LockSupport;
import java.util.function.BiConsumer;

/**
 * Watches a reactor from a thread of its own, and reports a turn that takes long, once, while it still lasts: what
 * hangs cannot report itself.
 */
public final class StallWatch implements AutoCloseable {
    private static final Duration INTERVAL = Duration.ofMillis(250);

    private final Reactor reactor;
    private final Thread watched;
    private final Duration limit;
    private final BiConsumer<Duration, StackTraceElement[]> report;
    private final Thread thread;
    private volatile boolean closed;

    /**
     * Starts watching.
     *
     * @param watched the thread that runs the reactor
     * @param limit a turn that takes longer is reported, at most 250 ms later
     * @param report told how long the turn has lasted so far and where it is; called on the watch's thread
     */
    public StallWatch(
            Reactor reactor, Thread watched, Duration limit, BiConsumer<Duration, StackTraceElement[]> report) {
        this.reactor = reactor;
        this.watched = watched;
        this.limit = limit;
        this.report = report;
        this.thread = new Thread(this::watch, "stall-watch");
        this.thread.setDaemon(true);
        this.thread.start();
    }

    private void watch() {
        long reported = -1;
        while (!closed) {
            LockSupport.parkNanos(INTERVAL.toNanos());
            long since = reactor.busySinceNanos();
            if (since == -1 || since == reported) {
                continue;
            }
            long lastedNanos = reactor.nowNanos() - since;
            if (lastedNanos > limit.toNanos()) {
                StackTraceElement[] stack = watched.getStackTrace();
                if (reactor.busySinceNanos() == since) {
                    reported = since;
                    report.accept(Duration.ofNanos(lastedNanos), stack);
                }
            }
        }
    }

    /** Ends the watch. */
    @Override
    public void close() {
        closed = true;
        LockSupport.unpark(thread);
    }
}
