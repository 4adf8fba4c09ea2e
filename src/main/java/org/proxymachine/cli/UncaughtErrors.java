package org.proxymachine.cli;

import org.proxymachine.reactor.Exhaustion;
import org.proxymachine.script.ScriptLoader;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * What becomes of an error that nothing caught, on any thread: one line. Memory that is used up ends the process, for what
 * it left half done is not known; a thread of the script's own, and one that the system refused, end nobody else.
 */
final class UncaughtErrors implements Thread.UncaughtExceptionHandler {
    private static final Logger LOG = LoggerFactory.getLogger("proxymachine");

    private final Thread main = Thread.currentThread();

    @Override
    public void uncaughtException(Thread thread, Throwable error) {
        if (error instanceof OutOfMemoryError exhausted && isFatal(exhausted)) {
            Main.exhausted();
        }
        LOG.error("thread {} ended: {}", thread.getName(), error.toString());
        LOG.debug("thread {}", thread.getName(), error);
        if (thread == main) {
            Main.exit(ExitCode.FAILED);
        }
    }

    private static boolean isFatal(OutOfMemoryError error) {
        try {
            return Exhaustion.isExhaustion(error) && ScriptLoader.line(error.getStackTrace()) == null;
        } catch (OutOfMemoryError e) {
            return true;
        }
    }
}
