package org.proxymachine.session;

import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.RejectedExecutionException;
import java.util.function.Consumer;

/** One thread, there from the start, that reads the hosts file: nothing else, so that it is never held up. */
final class HostsThread implements AutoCloseable {
    private final HostsFile file;
    private final ExecutorService thread = Executors.newSingleThreadExecutor(HostsThread::thread);

    HostsThread(HostsFile file) {
        this.file = file;
        // Now: later there may be no thread to be had.
        thread.execute(() -> {});
    }

    private static Thread thread(Runnable work) {
        Thread thread = new Thread(work, "hosts");
        thread.setDaemon(true);
        return thread;
    }

    /** Does this with the file, soon. Returns false if it does not, at the end of the process. */
    boolean execute(Consumer<HostsFile> work) {
        try {
            thread.execute(() -> work.accept(file));
            return true;
        } catch (RejectedExecutionException e) {
            return false;
        }
    }

    @Override
    public void close() {
        thread.shutdownNow();
    }
}
