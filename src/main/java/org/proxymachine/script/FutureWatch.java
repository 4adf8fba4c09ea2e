package org.proxymachine.script;

import java.util.ArrayList;
import java.util.Iterator;
import java.util.List;
import java.util.concurrent.CancellationException;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.Future;
import java.util.concurrent.locks.LockSupport;
import org.jspecify.annotations.Nullable;

/**
 * Turns plain Futures, which can only be waited for, into stages. One thread looks at all of them every few
 * milliseconds: a thread for each would let futures that never complete use up all threads there are.
 */
final class FutureWatch {
    private static final long INTERVAL_NANOS = 2_000_000;

    private final List<Watched> watched = new ArrayList<>();
    private @Nullable Thread thread;

    private record Watched(Future<?> future, CompletableFuture<@Nullable Object> stage) {}

    synchronized CompletionStage<@Nullable Object> stage(Future<?> future) {
        CompletableFuture<@Nullable Object> stage = new CompletableFuture<>();
        watched.add(new Watched(future, stage));
        if (thread == null) {
            thread = new Thread(this::watch, "future-watch");
            thread.setDaemon(true);
            thread.start();
        }
        return stage;
    }

    private void watch() {
        List<Watched> done = new ArrayList<>();
        while (collect(done)) {
            LockSupport.parkNanos(INTERVAL_NANOS);
            done.forEach(FutureWatch::complete);
            done.clear();
        }
    }

    /** Returns false, and lets go of the thread, when nothing is left to watch. */
    private synchronized boolean collect(List<Watched> done) {
        if (watched.isEmpty()) {
            thread = null;
            return false;
        }
        for (Iterator<Watched> each = watched.iterator(); each.hasNext(); ) {
            Watched next = each.next();
            if (next.future.isDone()) {
                each.remove();
                done.add(next);
            }
        }
        return true;
    }

    private static void complete(Watched watched) {
        try {
            watched.stage.complete(watched.future.get());
        } catch (ExecutionException e) {
            watched.stage.completeExceptionally(e.getCause() == null ? e : e.getCause());
        } catch (InterruptedException | CancellationException e) {
            watched.stage.completeExceptionally(e);
        }
    }
}
