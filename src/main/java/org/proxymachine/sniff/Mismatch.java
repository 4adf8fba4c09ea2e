package org.proxymachine.sniff;

/** These bytes are not this protocol. Stays inside this package: parsers say null. */
final class Mismatch extends RuntimeException {
    private static final long serialVersionUID = 1;

    static final Mismatch INSTANCE = new Mismatch();

    private Mismatch() {
        super("not this protocol", null, false, false);
    }
}
