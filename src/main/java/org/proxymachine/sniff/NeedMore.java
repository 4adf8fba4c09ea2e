package org.proxymachine.sniff;

import org.jspecify.annotations.Nullable;

/**
 * The bytes so far may yet become the message: wait for more. Thrown through the script by a parser, and turned into
 * "wait" by the router; an Error, so that a script's {@code catch (Exception)} does not swallow it.
 */
public final class NeedMore extends Error {
    private static final long serialVersionUID = 1;

    @SuppressWarnings("StaticAssignmentOfThrowable") // Without a stack, one serves for all.
    static final NeedMore INSTANCE = new NeedMore(null);

    private final transient @Nullable Waiting waiting;

    NeedMore(@Nullable Waiting waiting) {
        // Without a stack: it is thrown at each chunk of each client.
        super("more bytes are needed", null, false, false);
        this.waiting = waiting;
    }

    /** Returns who waits; null within a parser. */
    public @Nullable Waiting waiting() {
        return waiting;
    }
}
