package org.proxymachine.sniff;

import org.jspecify.annotations.Nullable;

/**
 * The bytes so far may yet become the message: wait for more. Thrown through the script by a parser, and turned into
 * "wait" by the router; an Error, so that a script's {@code catch (Exception)} does not swallow it.
 */
public final class NeedMore extends Error {
    private static final long serialVersionUID = 1;

    @SuppressWarnings("StaticAssignmentOfThrowable") // Without a stack, one serves for all.
    static final NeedMore INSTANCE = new NeedMore(null, null);

    private final transient @Nullable Waiting waiting;
    private final @Nullable String data;

    NeedMore(@Nullable Waiting waiting, @Nullable String data) {
        // Without a stack: it is thrown at each chunk of each client.
        super("more bytes are needed", null, false, false);
        this.waiting = waiting;
        this.data = data;
    }

    /** Returns who waits, if it was given this very String, so that what follows these bytes is what it waits for; else null. */
    @SuppressWarnings("ReferenceEquality") // An equal one may be a part of other bytes.
    public @Nullable Waiting waitingAfter(String data) {
        return this.data == data ? waiting : null;
    }
}
