package org.proxymachine.cli;

import java.util.Set;
import org.proxymachine.reactor.Exhaustion;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * What becomes of an error that nothing caught, on any thread: one line. Memory that is used up ends the process, for what
 * it left half done is not known; a thread of the script's own, and one that the system refused, end nobody else.
 */
final class UncaughtErrors implements Thread.UncaughtExceptionHandler {
    private static final Logger LOG = LoggerFactory.getLogger("proxymachine");

    /** By name, and not by the stack of the error: the JVM has some errors ready, without one, for when memory is short. */
    private static final Set<String> OWN_THREADS = Set.of(
            "access-log",
            "client",
            "compiler",
            "exit",
            "future-watch",
            "groovy",
            "hosts",
            "interfaces",
            "last-words",
            "recorder",
            "reload",
            "reloads",
            "resolver",
            "signals",
            "slow-load",
            "stall-watch",
            "stuck-loop",
            "systemd",
            "unload");

    private static final String ADMIN_THREADS = "admin-";

    private final Thread main = Thread.currentThread();

    /** Has what the end for want of memory needs loaded by now: then there is no memory to load it into. */
    UncaughtErrors() {
        isFatal(main, new OutOfMemoryError());
    }

    @Override
    public void uncaughtException(Thread thread, Throwable error) {
        try {
            ended(thread, error);
        } catch (OutOfMemoryError again) {
            // Not even the line could be made. What this thrown on would end is this thread alone.
            if (thread == main || isOwn(thread.getName())) {
                Main.exhausted();
            }
        }
    }

    private void ended(Thread thread, Throwable error) {
        if (error instanceof OutOfMemoryError exhausted && isFatal(thread, exhausted)) {
            Main.exhausted();
        }
        LOG.error("thread {} ended: {}", thread.getName(), error.toString());
        LOG.debug("thread {}", thread.getName(), error);
        if (thread == main) {
            Main.exit(ExitCode.FAILED);
        }
    }

    /** Whether this ended a thread of the daemon's own for want of memory. Of a script's thread it is the script's misfortune. */
    boolean isFatal(Thread thread, OutOfMemoryError error) {
        return (thread == main || isOwn(thread.getName())) && Exhaustion.isExhaustion(error);
    }

    static boolean isOwn(String name) {
        return OWN_THREADS.contains(name) || name.startsWith(ADMIN_THREADS);
    }
}
