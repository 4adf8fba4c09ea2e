package org.proxymachine.observe;

/** How a session is written in the access log: each as one line, of which nothing outside can make two. */
public enum AccessFormat {
    /** {@code name=value}, with HAProxy's names and units. */
    TEXT {
        @Override
        void append(StringBuilder line, AccessEntry entry) {
            AccessText.append(line, entry);
        }
    },
    /** An object of JSON, with nginx's names and units. */
    JSON {
        @Override
        void append(StringBuilder line, AccessEntry entry) {
            AccessJson.append(line, entry);
        }
    };

    /** Appends the line, without its line feed. */
    abstract void append(StringBuilder line, AccessEntry entry);
}
