package org.proxymachine.cli;

/** What the process says with its exit code. */
final class ExitCode {
    /** Every connection came to its end. */
    static final int DRAINED = 0;

    /** It could not run, or connections were cut. */
    static final int FAILED = 1;

    /** The command line makes no sense. */
    static final int USAGE = 2;

    /** The script cannot be used. */
    static final int SCRIPT = 3;

    /** Memory was used up, and what that left half done is not known. */
    static final int EXHAUSTED = 4;

    private ExitCode() {}
}
