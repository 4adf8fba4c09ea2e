package org.proxymachine.admin;

import java.time.Instant;
import java.util.function.LongSupplier;

/**
 * What a daemon is.
 *
 * @param name what ps shows it as
 * @param pid the one to signal
 * @param script the path as it was given
 * @param started when it was ready, by the wall clock, which somebody may set
 * @param startedNanos the same by {@link System#nanoTime}, for how long ago that is
 * @param maxSessions at a time
 * @param droppedLines of the access log so far
 */
public record About(
        String version,
        String name,
        long pid,
        String script,
        Instant started,
        long startedNanos,
        int maxSessions,
        LongSupplier droppedLines) {}
