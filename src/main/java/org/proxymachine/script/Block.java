package org.proxymachine.script;

import java.util.Locale;

/** The blocks that a script may register, by the most parameters each may take. */
enum Block {
    PROXY(2),
    PROXY_ACCEPT(1),
    PROXY_SILENT(1),
    PROXY_CONNECT_ERROR(3),
    PROXY_INACTIVITY_ERROR(3),
    PROXY_RECORD(1),
    PROXY_UNLOAD(1);

    private final int maxParameters;

    Block(int maxParameters) {
        this.maxParameters = maxParameters;
    }

    int maxParameters() {
        return maxParameters;
    }

    /** Returns the name that scripts use. */
    String word() {
        return name().toLowerCase(Locale.ROOT);
    }
}
