package org.proxymachine.script;

import java.util.concurrent.ExecutionException;
import java.util.concurrent.FutureTask;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;

/**
 * Compiles on a thread with a large stack, so that how deep a script may be nested depends on nothing but the script: not on
 * the thread that asks, and not on how much of the parser is compiled by then.
 */
final class CompilerThread {
    /** An address space: no more of it is used than a script needs. */
    private static final long STACK_BYTES = 256L << 20;

    /** Long for any script that a person wrote; a thread that compiles cannot be ended before. */
    private static final long PATIENCE_SECONDS = 60;

    private CompilerThread() {}

    static CompiledScript compile(String text, String fileName) throws Exception {
        FutureTask<CompiledScript> task = new FutureTask<>(() -> ScriptCompiler.compile(text, fileName));
        Thread thread = start(task);
        try {
            return task.get(PATIENCE_SECONDS, TimeUnit.SECONDS);
        } catch (TimeoutException e) {
            throw new TimeoutException("is not compiled after " + PATIENCE_SECONDS + " s");
        } catch (InterruptedException e) {
            // Who asked is not free before: how many compile at a time is bounded by how many may ask.
            thread.join(TimeUnit.SECONDS.toMillis(PATIENCE_SECONDS));
            throw e;
        } catch (ExecutionException e) {
            if (e.getCause() instanceof Error error) {
                throw error;
            }
            throw e.getCause() instanceof Exception exception ? exception : e;
        }
    }

    private static Thread start(FutureTask<CompiledScript> task) {
        Thread thread = new Thread(null, task, "compiler", STACK_BYTES);
        thread.setDaemon(true);
        try {
            thread.start();
        } catch (OutOfMemoryError e) {
            // The system has no thread for us: most scripts do with this one.
            task.run();
        }
        return thread;
    }
}
