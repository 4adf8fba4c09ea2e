package org.proxymachine.script;

/** A block, or the script itself, is more than the JVM takes for a method. */
final class TooLargeException extends RuntimeException {
    private static final long serialVersionUID = 1;

    private final int line;

    TooLargeException(int line, Exception cause) {
        super(cause);
        this.line = line;
    }

    /** Returns the line of its largest statement. */
    int line() {
        return line;
    }
}
