package org.proxymachine.observe;

import java.util.regex.Pattern;
import org.proxymachine.route.Destination;

/**
 * The value of a {@code name=value} field of a log line, written so that whatever it holds it is one value. As it is
 * where it is a plain word, else in quotes.
 */
final class Field {
    private static final Pattern NAME =
            Pattern.compile("\\b(id|client|source|backend|reason|up|down|route|connect|total|attempts|tag)=");

    private Field() {}

    /**
     * Returns it with a backslash before quotes and backslashes, control characters as {@link LineConverter} has them, and
     * {@code =} as {@code \\x3d}: so that not even a reader who splits at spaces takes a part of it for another field.
     */
    static String of(String text) {
        for (int i = 0; i < text.length(); i++) {
            if (!isPlain(text.charAt(i))) {
                return quoted(text);
            }
        }
        return text.isEmpty() ? "\"\"" : text;
    }

    /** Returns a sentence that stands behind the fields, in which nothing looks like one of them. */
    static String in(String sentence) {
        return NAME.matcher(sentence).replaceAll("$1\\\\x3d");
    }

    static String of(Destination destination) {
        return of(destination.toString());
    }

    // What addresses, names and paths are made of.
    private static boolean isPlain(char c) {
        return (c >= 'a' && c <= 'z')
                || (c >= 'A' && c <= 'Z')
                || (c >= '-' && c <= ':') // - . / 0-9 :
                || c == '['
                || c == ']'
                || c == '_'
                || c == '@'
                || c == '%'
                || c == '+'
                || c == ',';
    }

    private static String quoted(String text) {
        StringBuilder quoted = new StringBuilder(text.length() + 16).append('"');
        for (int i = 0; i < text.length(); i++) {
            char c = text.charAt(i);
            switch (c) {
                case '"', '\\' -> quoted.append('\\').append(c);
                case '=' -> quoted.append("\\x3d");
                default -> quoted.append(c);
            }
        }
        return LineConverter.escape(quoted.append('"').toString());
    }
}
