package org.proxymachine.sniff;

/** These bytes are not this protocol. Stays inside this package: parsers say null. */
final class Mismatch extends RuntimeException {
    private static final long serialVersionUID = 1;

    @SuppressWarnings("StaticAssignmentOfThrowable") // Without a stack, one serves for all.
    static final Mismatch INSTANCE = new Mismatch();

    private Mismatch() {
        super("not this protocol", null, false, false);
    }
}
