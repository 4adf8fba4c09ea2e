package org.proxymachine.session;

/** Where a session is on its way. {@link Session} carries the diagram. */
public enum SessionState {
    /** Buffers what the client sends until the router has enough. */
    PREREAD,
    /** Waits for an answer that the router promised. */
    ROUTING,
    /** Looks for a backend that accepts. */
    CONNECTING,
    /** Moves bytes both ways. */
    SPLICING,
    /** Delivers what one side is still owed; the other is gone. */
    FLUSHING,
    /** Over. */
    CLOSED;

    boolean mayBecome(SessionState next) {
        return switch (this) {
            case PREREAD -> next == ROUTING || next == CONNECTING || next == FLUSHING || next == CLOSED;
            case ROUTING -> next == PREREAD || next == CONNECTING || next == FLUSHING || next == CLOSED;
            case CONNECTING -> next != PREREAD;
            // Back to ROUTING or CONNECTING only from a backend that failed before its first byte.
            case SPLICING -> next != PREREAD && next != SPLICING;
            case FLUSHING -> next == CLOSED;
            case CLOSED -> false;
        };
    }
}
