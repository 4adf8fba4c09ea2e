package org.proxymachine.script;

import java.util.concurrent.ExecutionException;
import java.util.concurrent.FutureTask;

/**
 * Compiles on a thread with a large stack, so that how deep a script may be nested depends on nothing but the script: not on
 * the thread that asks, and not on how much of the parser is compiled by then.
 */
final class CompilerThread {
    /** An address space: no more of it is used than a script needs. */
    private static final long STACK_BYTES = 256L << 20;

    private CompilerThread() {}

    static CompiledScript compile(String text, String fileName) throws Exception {
        FutureTask<CompiledScript> task = new FutureTask<>(() -> ScriptCompiler.compile(text, fileName));
        start(task);
        try {
            return task.get();
        } catch (ExecutionException e) {
            if (e.getCause() instanceof Error error) {
                throw error;
            }
            throw e.getCause() instanceof Exception exception ? exception : e;
        }
    }

    private static void start(FutureTask<CompiledScript> task) {
        Thread thread = new Thread(null, task, "compiler", STACK_BYTES);
        thread.setDaemon(true);
        try {
            thread.start();
        } catch (OutOfMemoryError e) {
            // The system has no thread for us: most scripts do with this one.
            task.run();
        }
    }
}
