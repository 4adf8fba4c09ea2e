package org.proxymachine.cli;

import java.util.concurrent.locks.LockSupport;
import org.jspecify.annotations.Nullable;

/**
 * Writes what is left to write when the process ends. On a thread of its own, as it may wait for ever for somebody to read;
 * and started with the process, as at its end the system may have neither a thread nor memory to give.
 */
final class LastWords {
    /** What a pipe that nobody reads may hold up the end of the process. */
    private static final long PATIENCE_MILLIS = 2_000;

    private final Thread thread = new Thread(this::write, "last-words");
    private volatile @Nullable Runnable words;

    /** Gets ready. */
    void start() {
        thread.setDaemon(true);
        thread.start();
    }

    private void write() {
        Runnable said;
        while ((said = words) == null) {
            LockSupport.park(this);
        }
        said.run();
    }

    /** Has this run, and returns when it has, or when nobody reads. Allocates nothing. */
    void say(Runnable last) {
        words = last;
        LockSupport.unpark(thread);
        try {
            thread.join(PATIENCE_MILLIS);
        } catch (InterruptedException e) {
            // Ending anyway.
        }
    }
}
