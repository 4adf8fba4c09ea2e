package org.proxymachine.reactor;

import java.util.concurrent.atomic.AtomicLong;

/**
 * How far the turn of the loop is that runs now. Written on the reactor's thread, at the cost of a plain counter; read on any:
 * a turn that is long because there is much to do moves on, and one whose handler does not return is stuck.
 */
final class Turn {
    private final AtomicLong handled = new AtomicLong();
    // Published by the write of running after them: whoever reads them has read that first.
    private long startNanos;
    private long handledBefore;
    private volatile boolean running;
    private volatile Look last = new Look(0, 0);

    /** What had been handled when somebody saw that it had become more. */
    private record Look(long handled, long nanos) {}

    void begin(Clock clock) {
        if (!running) {
            startNanos = clock.nanoTime();
            handledBefore = handled.getPlain();
            running = true;
        }
    }

    void handled() {
        handled.setOpaque(handled.getPlain() + 1);
    }

    void end() {
        running = false;
    }

    long startNanos() {
        return startNanos;
    }

    boolean isRunning() {
        return running;
    }

    /** Returns what has been handled in all turns. */
    long allHandled() {
        return handled.getOpaque();
    }

    long handledSoFar() {
        return allHandled() - handledBefore;
    }

    /** Notes whether it has moved on. To be called again and again, by one thread. */
    void look(long nowNanos) {
        long now = allHandled();
        if (now != last.handled) {
            last = new Look(now, nowNanos);
        }
    }

    /** Returns since when nothing has been finished, as the last look knows it; the present while it moves on. */
    long stillSinceNanos(long nowNanos) {
        Look look = last;
        if (handledSoFar() == 0) {
            return startNanos;
        }
        return look.handled == allHandled() && look.nanos - startNanos > 0 ? look.nanos : nowNanos;
    }
}
