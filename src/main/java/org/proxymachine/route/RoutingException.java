package org.proxymachine.route;

import org.jspecify.annotations.Nullable;

/** A router could not decide. The message is one line for the log: where, what was expected, what was found. */
public final class RoutingException extends RuntimeException {
    private static final long serialVersionUID = 1;

    /** The cause is for those who asked for stack traces. */
    public RoutingException(String message, @Nullable Throwable cause) {
        super(message, cause);
    }
}
