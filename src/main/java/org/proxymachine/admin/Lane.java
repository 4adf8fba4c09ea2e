package org.proxymachine.admin;

import java.util.ArrayDeque;
import java.util.Queue;
import java.util.concurrent.Executor;
import org.jspecify.annotations.Nullable;

/** Runs tasks on another executor, at most so many at a time, so that some of its threads are left. The rest wait in a queue. Any thread. */
final class Lane {
    private final int width;
    private final int maxQueued;
    private final Queue<Runnable> queue = new ArrayDeque<>();
    private int running;

    /** A lane for so many at a time, in which so many more may wait. */
    Lane(int width, int maxQueued) {
        this.width = width;
        this.maxQueued = maxQueued;
    }

    /** Runs this now or later, in turn. Returns whether it will: false if too many wait already. */
    boolean offer(Executor executor, Runnable task) {
        synchronized (this) {
            if (running == width) {
                return queue.size() < maxQueued && queue.add(task);
            }
            running++;
        }
        executor.execute(() -> run(executor, task));
        return true;
    }

    private void run(Executor executor, Runnable task) {
        try {
            task.run();
        } finally {
            Runnable next = next();
            if (next != null) {
                executor.execute(() -> run(executor, next));
            }
        }
    }

    private synchronized @Nullable Runnable next() {
        Runnable next = queue.poll();
        if (next == null) {
            running--;
        }
        return next;
    }
}
