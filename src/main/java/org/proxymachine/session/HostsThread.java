package org.proxymachine.session;

import java.io.IOException;
import java.net.InetAddress;
import java.util.List;
import java.util.concurrent.ArrayBlockingQueue;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.RejectedExecutionException;
import java.util.concurrent.ScheduledFuture;
import java.util.concurrent.ScheduledThreadPoolExecutor;
import java.util.concurrent.ThreadFactory;
import java.util.concurrent.ThreadPoolExecutor;
import java.util.concurrent.TimeUnit;
import org.jspecify.annotations.Nullable;
import org.proxymachine.reactor.Exhaustion;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * One thread, there from the start, that reads the hosts file and nothing else, so that no name server can hold it up.
 * Where the file itself does so (a disk that hangs), names go without it after a moment.
 */
final class HostsThread implements AutoCloseable {
    /** Names that wait for the file at a time; more go without it. */
    static final int QUEUED = 1_024;

    private static final Logger LOG = LoggerFactory.getLogger(HostsThread.class);
    private static final long PATIENCE_MILLIS = 100;

    /** The addresses of a name in a hosts file; of none an empty list. */
    @FunctionalInterface
    interface Source {
        List<InetAddress> addresses(String host) throws IOException;
    }

    private final Source file;
    private @Nullable String warned;
    private final ThreadPoolExecutor reader =
            new ThreadPoolExecutor(1, 1, 0, TimeUnit.SECONDS, new ArrayBlockingQueue<>(QUEUED), named("hosts"));
    private final ScheduledThreadPoolExecutor patience = new ScheduledThreadPoolExecutor(1, named("hosts-patience"));

    HostsThread(Source file) {
        this.file = file;
        patience.setRemoveOnCancelPolicy(true);
        // Now: later there may be no thread to be had.
        reader.prestartCoreThread();
        patience.prestartCoreThread();
    }

    private static ThreadFactory named(String name) {
        return work -> {
            Thread thread = new Thread(work, name);
            thread.setDaemon(true);
            return thread;
        };
    }

    /**
     * Returns the addresses of a name, soon: none if the file does not have it, cannot be read, or is not read within
     * {@value #PATIENCE_MILLIS} ms.
     */
    CompletableFuture<List<InetAddress>> addresses(String name) {
        CompletableFuture<List<InetAddress>> found = new CompletableFuture<>();
        try {
            ScheduledFuture<?> late =
                    patience.schedule(() -> found.complete(List.of()), PATIENCE_MILLIS, TimeUnit.MILLISECONDS);
            reader.execute(() -> {
                found.complete(read(name));
                late.cancel(false);
            });
        } catch (RejectedExecutionException e) {
            found.complete(List.of());
        }
        return found;
    }

    private List<InetAddress> read(String name) {
        try {
            return file.addresses(name);
        } catch (Throwable e) {
            Exhaustion.rethrow(e);
            warn(e instanceof IOException ? String.valueOf(e.getMessage()) : e.toString());
            return List.of();
        }
    }

    // Once: each name asks.
    private void warn(String problem) {
        if (!problem.equals(warned)) {
            warned = problem;
            LOG.warn("names are looked up without the hosts file: {}", problem);
        }
    }

    @Override
    public void close() {
        reader.shutdownNow();
        patience.shutdownNow();
    }
}
