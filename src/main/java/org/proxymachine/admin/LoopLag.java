package org.proxymachine.admin;

import java.time.Duration;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicLong;
import org.jspecify.annotations.Nullable;
import org.proxymachine.reactor.Reactor;
import org.proxymachine.reactor.Timer;

/** How late the loop is: a timer of its own, ten times a second, against the clock. Asked on any thread. */
final class LoopLag {
    private static final Duration INTERVAL = Duration.ofMillis(100);

    /** What lasts longer has the loop stuck; shorter ones are what a loop does. */
    private static final long STUCK_NANOS = TimeUnit.MILLISECONDS.toNanos(100);

    private final Reactor reactor;
    private final Metrics metrics;
    private final Timer timer;
    private final AtomicLong worstNanos = new AtomicLong();
    private long dueNanos;
    private volatile long lastNanos;
    private volatile @Nullable Thread loop;

    /** Begins to measure with the loop's first turn, on whose thread all of it happens. */
    LoopLag(Reactor reactor, Metrics metrics) {
        this.reactor = reactor;
        this.metrics = metrics;
        this.timer = reactor.timer(this::measure);
        reactor.execute(this::begin);
    }

    private void begin() {
        loop = Thread.currentThread();
        next();
    }

    private void measure() {
        long lateNanos = Math.max(0, reactor.nowNanos() - dueNanos);
        lastNanos = lateNanos;
        worstNanos.accumulateAndGet(lateNanos, Math::max);
        metrics.late(lateNanos);
        metrics.flush();
        next();
    }

    private void next() {
        dueNanos = reactor.nowNanos() + INTERVAL.toNanos();
        timer.arm(dueNanos);
    }

    /** Returns the last that was measured. */
    long lastNanos() {
        return lastNanos;
    }

    /** Returns for how long the turn that is running now has finished nothing, if that is too long; else 0. */
    long stuckNanos() {
        long nanos = reactor.stillNanos();
        return nanos > STUCK_NANOS ? nanos : 0;
    }

    private long turnNanos() {
        long since = reactor.busySinceNanos();
        long nanos = since == -1 ? 0 : reactor.nowNanos() - since;
        return nanos > STUCK_NANOS ? nanos : 0;
    }

    /** Returns what the loop's thread does now; nothing before its first turn. */
    StackTraceElement[] stack() {
        Thread thread = loop;
        return thread == null ? new StackTraceElement[0] : thread.getStackTrace();
    }

    /** Returns the worst since this was asked last, the present included. */
    long takeWorstNanos() {
        return Math.max(worstNanos.getAndSet(0), turnNanos());
    }
}
