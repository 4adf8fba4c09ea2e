package org.proxymachine.reactor;

import java.time.Duration;
import java.util.concurrent.locks.LockSupport;

/**
 * Watches a reactor from a thread of its own, and reports a turn that takes long while it still lasts: what hangs cannot
 * report itself.
 */
public final class StallWatch implements AutoCloseable {
    private static final Duration INTERVAL = Duration.ofMillis(250);

    /** Who is told, on the watch's thread. */
    public interface Listener {
        /**
         * One handler has not returned for longer than the limit. Told once for each.
         *
         * @param lasted how long, so far
         * @param where what it is doing
         */
        void stuck(Duration lasted, StackTraceElement[] where);

        /**
         * A turn lasts longer than the limit, but moves on: it has much to do. Told again each time that it has lasted as long
         * once more.
         *
         * @param lasted how long, so far
         * @param handled how many ready keys, tasks, timers and closes the turn has handled so far
         */
        void advances(Duration lasted, long handled);
    }

    private final Reactor reactor;
    private final Thread watched;
    private final long limitNanos;
    private final Listener listener;
    private final Thread thread;
    private long reportedTurn = -1;
    private long reportedHandled = -1;
    private long lastReportNanos;
    private volatile boolean closed;

    /**
     * Starts watching.
     *
     * @param watched the thread that runs the reactor
     * @param limit what takes longer is reported, at most 500 ms later
     */
    public StallWatch(Reactor reactor, Thread watched, Duration limit, Listener listener) {
        this.reactor = reactor;
        this.watched = watched;
        this.limitNanos = limit.toNanos();
        this.listener = listener;
        this.thread = new Thread(this::watch, "stall-watch");
        this.thread.setDaemon(true);
        this.thread.start();
    }

    private void watch() {
        while (!closed) {
            LockSupport.parkNanos(INTERVAL.toNanos());
            reactor.currentTurn().look(reactor.nowNanos());
            long since = reactor.busySinceNanos();
            if (since == -1) {
                continue;
            }
            long nowNanos = reactor.nowNanos();
            if (reactor.stillNanos() > limitNanos) {
                stuck(since);
            } else if (nowNanos - since > limitNanos) {
                advances(since, nowNanos);
            }
        }
    }

    private void stuck(long turn) {
        long handled = reactor.handled();
        if (turn == reportedTurn && handled == reportedHandled) {
            return;
        }
        long lastedNanos = reactor.stillNanos();
        StackTraceElement[] stack = watched.getStackTrace();
        if (reactor.busySinceNanos() == turn && reactor.handled() == handled) {
            reportedTurn = turn;
            reportedHandled = handled;
            listener.stuck(Duration.ofNanos(lastedNanos), stack);
        }
    }

    private void advances(long turn, long nowNanos) {
        long last = lastReportNanos - turn > 0 ? lastReportNanos : turn;
        // One that stands still since the last look may be about to be stuck.
        if (nowNanos - last > limitNanos && reactor.stillNanos() < INTERVAL.toNanos()) {
            lastReportNanos = nowNanos;
            listener.advances(
                    Duration.ofNanos(nowNanos - turn), reactor.currentTurn().handledSoFar());
        }
    }

    /** Ends the watch. */
    @Override
    public void close() {
        closed = true;
        LockSupport.unpark(thread);
    }
}
