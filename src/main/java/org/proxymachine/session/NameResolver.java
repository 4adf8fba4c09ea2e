package org.proxymachine.session;

import java.net.InetAddress;
import java.net.UnknownHostException;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.RejectedExecutionException;
import java.util.concurrent.ThreadPoolExecutor;
import java.util.concurrent.TimeUnit;

/**
 * Resolves names on a few threads of its own, since the system's resolver blocks. Those who ask for a name that is being
 * looked up wait for that one look-up, so that a name server that hangs for one name holds one thread, not all.
 */
public final class NameResolver implements AutoCloseable {
    private static final int THREADS = 16;
    private static final int QUEUED = 1_024;

    /** The blocking look-up: the system's, or a test's. */
    @FunctionalInterface
    public interface Lookup {
        /**
         * Returns all addresses of a name.
         *
         * @throws UnknownHostException if it has none
         */
        InetAddress[] addresses(String host) throws UnknownHostException;
    }

    private final Lookup lookup;
    private final ThreadPoolExecutor threads;
    private final ConcurrentHashMap<String, CompletableFuture<List<InetAddress>>> running = new ConcurrentHashMap<>();

    /** A resolver over the system's own. */
    public NameResolver() {
        this(InetAddress::getAllByName);
    }

    /** A resolver over this look-up. */
    public NameResolver(Lookup lookup) {
        this.lookup = lookup;
        this.threads = new ThreadPoolExecutor(
                THREADS, THREADS, 30, TimeUnit.SECONDS, new LinkedBlockingQueue<>(QUEUED), NameResolver::thread);
        threads.allowCoreThreadTimeOut(true);
    }

    private static Thread thread(Runnable work) {
        Thread thread = new Thread(work, "resolver");
        thread.setDaemon(true);
        return thread;
    }

    /** Returns the addresses, at least one, later. Fails with {@link UnknownHostException}. */
    CompletionStage<List<InetAddress>> resolve(String host) {
        CompletableFuture<List<InetAddress>> fresh = new CompletableFuture<>();
        CompletableFuture<List<InetAddress>> earlier = running.putIfAbsent(host, fresh);
        if (earlier != null) {
            return earlier;
        }
        try {
            threads.execute(() -> {
                lookUp(host, lookup, fresh);
                running.remove(host);
            });
        } catch (RejectedExecutionException e) {
            running.remove(host);
            fresh.completeExceptionally(new UnknownHostException(host + ": too many names are being looked up"));
        }
        return fresh;
    }

    private static void lookUp(String host, Lookup lookup, CompletableFuture<List<InetAddress>> found) {
        try {
            found.complete(List.of(lookup.addresses(host)));
        } catch (UnknownHostException | RuntimeException e) {
            found.completeExceptionally(e);
        }
    }

    @Override
    public void close() {
        threads.shutdownNow();
    }
}
