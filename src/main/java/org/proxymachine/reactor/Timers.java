package org.proxymachine.reactor;

import java.util.Arrays;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;

/**
 * The deadlines of a reactor: a binary heap whose entries know their place in it, so that one can be moved or removed
 * without a search. Belongs to the reactor's thread.
 */
final class Timers {
    static final long NONE = Long.MAX_VALUE;

    private final Consumer<Runnable> runner;
    private @Nullable Timer[] heap = new @Nullable Timer[64];
    private int size;

    /** Timers whose actions are run by this, which lets none of their exceptions through. */
    Timers(Consumer<Runnable> runner) {
        this.runner = runner;
    }

    Timer create(Runnable action) {
        return new Timer(this, action);
    }

    /** Returns the nanoseconds until the nearest deadline, 0 when it has come, or {@link #NONE}. */
    long untilNextNanos(long nowNanos) {
        return size == 0 ? NONE : Math.max(0, at(0).queuedNanos - nowNanos);
    }

    /** Runs what was due at this moment; what is armed meanwhile waits for the next turn. */
    void expire(long nowNanos) {
        for (int budget = size; budget > 0 && size > 0 && at(0).queuedNanos - nowNanos <= 0; budget--) {
            Timer timer = at(0);
            remove(timer);
            timer.due(nowNanos);
        }
    }

    void run(Runnable action) {
        runner.accept(action);
    }

    void queue(Timer timer, long deadlineNanos) {
        timer.queuedNanos = deadlineNanos;
        if (timer.queueIndex == Timer.NOT_QUEUED) {
            if (size == heap.length) {
                heap = Arrays.copyOf(heap, 2 * size);
            }
            place(timer, size++);
        }
        restore(timer);
    }

    void remove(Timer timer) {
        int hole = timer.queueIndex;
        if (hole == Timer.NOT_QUEUED) {
            return;
        }
        timer.queueIndex = Timer.NOT_QUEUED;
        Timer last = at(--size);
        heap[size] = null;
        if (last != timer) {
            place(last, hole);
            restore(last);
        }
    }

    private void restore(Timer timer) {
        int index = timer.queueIndex;
        while (index > 0 && before(timer, at((index - 1) / 2))) {
            place(at((index - 1) / 2), index);
            index = (index - 1) / 2;
        }
        int child = earlierChild(index);
        while (child < size && before(at(child), timer)) {
            place(at(child), index);
            index = child;
            child = earlierChild(index);
        }
        place(timer, index);
    }

    private int earlierChild(int index) {
        int left = 2 * index + 1;
        return left + 1 < size && before(at(left + 1), at(left)) ? left + 1 : left;
    }

    private void place(Timer timer, int index) {
        heap[index] = timer;
        timer.queueIndex = index;
    }

    private Timer at(int index) {
        Timer timer = heap[index];
        if (timer == null) {
            throw new IllegalStateException("no timer at " + index + " of " + size);
        }
        return timer;
    }

    // A difference, not a comparison: nanoTime may overflow (System.nanoTime).
    private static boolean before(Timer one, Timer other) {
        return one.queuedNanos - other.queuedNanos < 0;
    }
}
