package org.proxymachine.admin;

import java.util.Locale;

/** What a script is asked. */
enum ScriptCall {
    ACCEPTED,
    SILENT,
    RECEIVED,
    CONNECT_ERROR,
    INACTIVITY;

    private final String word = name().toLowerCase(Locale.ROOT).replace('_', '-');

    /** Returns the value of the label {@code call}. */
    String word() {
        return word;
    }
}
