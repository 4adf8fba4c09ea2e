package org.proxymachine.reactor;

/**
 * Memory that is used up: what no handler may survive. Whatever was under way then is half done, and nobody knows what.
 *
 * <p>A thread that the system refuses, and an array that no heap could hold, are OutOfMemoryErrors, too, but nothing else is
 * missing. JDK 17 to 25 say so in these words (jvm.cpp, JVM_StartThread; arrayKlass.cpp, check_array_allocation_length).
 */
public final class Exhaustion {
    private static final String THREAD_REFUSED = "unable to create native thread";
    private static final String ARRAY_TOO_LARGE = "Requested array size exceeds VM limit";

    private Exhaustion() {}

    /** Throws this error on if memory is used up. */
    public static void rethrow(Throwable error) {
        if (error instanceof OutOfMemoryError exhausted && isExhaustion(exhausted)) {
            throw exhausted;
        }
    }

    /** Whether more is missing than the thread or the array that was asked for. */
    public static boolean isExhaustion(OutOfMemoryError error) {
        String message = error.getMessage();
        return message == null || !(message.startsWith(THREAD_REFUSED) || message.equals(ARRAY_TOO_LARGE));
    }

    /** Has this thread end as by an error that nothing caught, where a library would catch it and go on. */
    public static void endThread(OutOfMemoryError error) {
        Thread thread = Thread.currentThread();
        thread.getUncaughtExceptionHandler().uncaughtException(thread, error);
    }
}
