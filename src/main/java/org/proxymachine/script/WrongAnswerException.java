package org.proxymachine.script;

import org.jspecify.annotations.Nullable;

/** A block returned what it cannot mean. The message names the key, what was expected and what was found. */
final class WrongAnswerException extends IllegalArgumentException {
    private static final long serialVersionUID = 1;

    WrongAnswerException(String message) {
        this(message, null);
    }

    WrongAnswerException(String message, @Nullable Throwable cause) {
        super(message, cause);
    }
}
