package org.proxymachine.bench;

import java.util.List;
import java.util.Locale;
import java.util.stream.Collectors;

/** Writes objects of strings and lists of numbers (RFC 8259): all that the raw figures need. */
final class Json {
    private final StringBuilder text = new StringBuilder();
    private int depth;
    private boolean first = true;

    Json open() {
        text.append('{');
        depth++;
        first = true;
        return this;
    }

    Json close() {
        depth--;
        text.append('\n').append("  ".repeat(depth)).append('}');
        first = false;
        return this;
    }

    Json key(String name) {
        text.append(first ? "\n" : ",\n")
                .append("  ".repeat(depth))
                .append(quoted(name))
                .append(": ");
        first = false;
        return this;
    }

    Json field(String name, String value) {
        key(name);
        text.append(quoted(value));
        return this;
    }

    Json field(String name, List<Double> values) {
        key(name);
        text.append(values.stream()
                .map(value -> String.format(Locale.ROOT, "%.4f", value))
                .collect(Collectors.joining(", ", "[", "]")));
        return this;
    }

    String text() {
        return text.append('\n').toString();
    }

    private static String quoted(String value) {
        StringBuilder quoted = new StringBuilder("\"");
        for (int i = 0; i < value.length(); i++) {
            char c = value.charAt(i);
            if (c == '"' || c == '\\') {
                quoted.append('\\').append(c);
            } else if (c < 0x20) {
                quoted.append("\\u%04x".formatted((int) c));
            } else {
                quoted.append(c);
            }
        }
        return quoted.append('"').toString();
    }
}
