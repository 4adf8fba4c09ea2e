package org.proxymachine.script;

import java.lang.ref.WeakReference;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.TimeUnit;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;
import org.proxymachine.route.Unload;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * The end of one load of a script: calls its {@code proxy_unload}, then says which threads of it still run. Holds the script
 * only where it has such a block, as whoever waits for the last client of a load holds this.
 */
final class ScriptUnload implements Unload {
    private static final Logger LOG = LoggerFactory.getLogger("proxymachine");
    private static final long PATIENCE_MILLIS = 5_000;

    /** What threads may take to end that were told to. */
    private static final long GRACE_MILLIS = 2_000;

    private static final int MAX_NAMED = 5;

    /** The JDK and Groovy start these for everybody, when the first script needs them. */
    private static final Set<String> SHARED = Set.of("CompletableFutureDelayScheduler", "PIC-Cleaner");

    private final ScriptErrors errors;
    private final @Nullable Blocks blocks;
    private final WeakReference<@Nullable ClassLoader> loader;
    private @Nullable CompletableFuture<Void> begun;

    ScriptUnload(ScriptErrors errors, Blocks blocks) {
        this.errors = errors;
        this.blocks = blocks.has(Block.PROXY_UNLOAD) ? blocks : null;
        this.loader = new WeakReference<>(blocks.loader());
    }

    @Override
    public synchronized CompletionStage<Void> begin() {
        CompletableFuture<Void> done = begun;
        if (done == null) {
            done = new CompletableFuture<>();
            begun = done;
            start(done);
        }
        return done;
    }

    private void start(CompletableFuture<Void> done) {
        Thread thread = new Thread(() -> run(done), "unload");
        thread.setDaemon(true);
        try {
            thread.start();
            CompletableFuture<Void> watched = done.copy().orTimeout(PATIENCE_MILLIS, TimeUnit.MILLISECONDS);
            var unused = watched.exceptionally(e -> {
                LOG.warn("{}: proxy_unload has not returned within 5 s, and is not waited for", where(thread));
                done.complete(null);
                return null;
            });
        } catch (OutOfMemoryError e) {
            LOG.warn("{}: proxy_unload is not called: {}", errors.fileName(), e.getMessage());
            done.complete(null);
        }
    }

    private String where(Thread thread) {
        String line = errors.line(thread.getStackTrace());
        return line == null ? errors.fileName() : line;
    }

    private void run(CompletableFuture<Void> done) {
        try {
            if (blocks != null) {
                blocks.call(Block.PROXY_UNLOAD);
            }
        } catch (Throwable e) {
            LOG.warn("{}", errors.inBlock(Block.PROXY_UNLOAD, e).getMessage());
        } finally {
            done.complete(null);
        }
        List<Thread> left = threads();
        join(left);
        left.removeIf(thread -> !thread.isAlive());
        if (!left.isEmpty()) {
            LOG.warn(
                    "{}: still running, {} of a script that is out of use, for proxy_unload to end: {}",
                    errors.fileName(),
                    left.size() == 1 ? "1 thread" : left.size() + " threads",
                    left.stream().limit(MAX_NAMED).map(Thread::getName).collect(Collectors.joining(", ")));
        }
    }

    // Whatever a script starts inherits its loader.
    private List<Thread> threads() {
        ClassLoader own = loader.get();
        List<Thread> threads = new ArrayList<>();
        for (Thread each : Thread.getAllStackTraces().keySet()) {
            if (own == null || each.getContextClassLoader() != own) {
                continue;
            }
            if (SHARED.contains(each.getName())) {
                each.setContextClassLoader(ClassLoader.getSystemClassLoader());
            } else {
                threads.add(each);
            }
        }
        return threads;
    }

    private static void join(List<Thread> threads) {
        long deadlineNanos = System.nanoTime() + TimeUnit.MILLISECONDS.toNanos(GRACE_MILLIS);
        try {
            for (Thread each : threads) {
                each.join(Math.max(1, TimeUnit.NANOSECONDS.toMillis(deadlineNanos - System.nanoTime())));
            }
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
    }
}
