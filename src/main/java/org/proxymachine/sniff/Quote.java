package org.proxymachine.sniff;

import java.util.Locale;

/** Bytes of a stranger as one line shows them. */
final class Quote {
    /** As long as the longest header of a line. */
    private static final int MAX_BYTES = 107;

    private Quote() {}

    /** Returns the first bytes in quotes: what prints in ASCII as it is, the rest escaped as in C. */
    static String of(String binary) {
        StringBuilder text = new StringBuilder("\"");
        for (int i = 0; i < Math.min(MAX_BYTES, binary.length()); i++) {
            text.append(escaped(binary.charAt(i)));
        }
        return text.append(binary.length() > MAX_BYTES ? "…\"" : "\"").toString();
    }

    private static String escaped(char c) {
        return switch (c) {
            case '\r' -> "\\r";
            case '\n' -> "\\n";
            case '\t' -> "\\t";
            case '"', '\\' -> "\\" + c;
            default ->
                c == ' ' || Ascii.isVisible(c) ? String.valueOf(c) : String.format(Locale.ROOT, "\\x%02x", (int) c);
        };
    }
}
