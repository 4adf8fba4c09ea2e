package org.proxymachine.admin;

import org.eclipse.jetty.util.thread.QueuedThreadPool;
import org.proxymachine.reactor.Exhaustion;

/** Jetty's threads. Where the system gives no further one, what is to be done waits for those there are. */
final class AdminThreads extends QueuedThreadPool {
    AdminThreads(int max, int min) {
        super(max, min);
    }

    // Jetty has queued the task by then, and what asked for it must go on.
    @Override
    protected void startThread() {
        try {
            super.startThread();
        } catch (OutOfMemoryError e) {
            Exhaustion.rethrow(e);
        }
    }
}
