package org.proxymachine.admin;

import java.util.ArrayDeque;
import java.util.Deque;
import java.util.List;
import java.util.concurrent.TimeUnit;

/**
 * The last of a kind, such as sessions that ended. Not more of them in a second than somebody could look at: at thousands a second the
 * last ones are all of a moment, and to keep each for that long costs the collector more than the session itself.
 */
final class Recent<T> {
    /** How many are remembered: about half a megabyte. */
    static final int REMEMBERED = 500;

    /** How many of a second. */
    static final int PER_SECOND = 50;

    private static final long SECOND_NANOS = TimeUnit.SECONDS.toNanos(1);

    private final Deque<T> all = new ArrayDeque<>();
    private long secondNanos = Long.MIN_VALUE;
    private int taken;

    /** Remembers it, unless there were too many of late. */
    synchronized void add(T one, long nowNanos) {
        if (secondNanos == Long.MIN_VALUE || nowNanos - secondNanos >= SECOND_NANOS) {
            secondNanos = nowNanos;
            taken = 0;
        }
        if (taken == PER_SECOND) {
            return;
        }
        taken++;
        if (all.size() == REMEMBERED) {
            all.removeLast();
        }
        all.addFirst(one);
    }

    /** Returns them, the last first. */
    synchronized List<T> all() {
        return List.copyOf(all);
    }
}
