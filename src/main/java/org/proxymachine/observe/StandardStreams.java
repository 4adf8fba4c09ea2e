package org.proxymachine.observe;

import java.io.PrintStream;

/**
 * The standard output and error as they were at the start. A script may replace or close those that {@link System} knows, and
 * the log must be written all the same. Any thread.
 */
public final class StandardStreams {
    /** The standard output, which nobody can close. */
    public static final PrintStream OUT = new Lasting(System.out);

    /** The standard error, which nobody can close. */
    public static final PrintStream ERR = new Lasting(System.err);

    private StandardStreams() {}

    /** Has all others write to these too: to close what they know closes nothing. */
    public static void install() {
        System.setOut(OUT);
        System.setErr(ERR);
    }

    private static final class Lasting extends PrintStream {
        Lasting(PrintStream stream) {
            super(stream);
        }

        @Override
        public void close() {
            flush();
        }
    }
}
