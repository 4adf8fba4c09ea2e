package org.proxymachine.script;

import java.math.BigDecimal;
import java.math.BigInteger;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import org.jspecify.annotations.Nullable;

/**
 * A large Map or List of constants as a few texts, which a compiled script holds in place of code. Each value is a letter
 * for its type, the length of its text or the number of its elements, a colon, and that. Public for Groovy's sake.
 */
public final class Table {
    /** What a class takes for one text, should each char need three bytes (JVMS, section 4.4.7). */
    private static final int MAX_TEXT_CHARS = 21_845;

    private static final char NONE = '?';

    private final String text;
    private int at;

    private Table(List<String> texts) {
        this.text = String.join("", texts);
    }

    /** Returns a new Map of what {@link #texts} was given. */
    public static Map<?, ?> map(List<String> texts) {
        return (Map<?, ?>) Objects.requireNonNull(new Table(texts).next());
    }

    /** Returns a new List of what {@link #texts} was given. */
    public static List<?> list(List<String> texts) {
        return (List<?>) Objects.requireNonNull(new Table(texts).next());
    }

    /** Whether this can be in a table, Maps and Lists aside. */
    static boolean canHold(@Nullable Object value) {
        return type(value) != NONE;
    }

    /** Writes a Map or List. */
    static List<String> texts(@Nullable Object table) {
        StringBuilder text = new StringBuilder();
        append(text, table);
        List<String> texts = new ArrayList<>();
        for (int i = 0; i < text.length(); i += MAX_TEXT_CHARS) {
            texts.add(text.substring(i, Math.min(text.length(), i + MAX_TEXT_CHARS)));
        }
        return texts;
    }

    private static void append(StringBuilder text, @Nullable Object value) {
        if (value instanceof Map<?, ?> map) {
            text.append('M').append(map.size()).append(':');
            map.forEach((key, each) -> {
                append(text, key);
                append(text, each);
            });
        } else if (value instanceof List<?> list) {
            text.append('A').append(list.size()).append(':');
            list.forEach(each -> append(text, each));
        } else {
            String written = String.valueOf(value);
            text.append(type(value)).append(written.length()).append(':').append(written);
        }
    }

    private static char type(@Nullable Object value) {
        return value == null
                ? 'N'
                : value instanceof String
                        ? 'S'
                        : value instanceof Integer
                                ? 'I'
                                : value instanceof Long
                                        ? 'L'
                                        : value instanceof BigDecimal
                                                ? 'D'
                                                : value instanceof BigInteger
                                                        ? 'G'
                                                        : value instanceof Boolean ? 'B' : NONE;
    }

    private @Nullable Object next() {
        char type = text.charAt(at++);
        int colon = text.indexOf(':', at);
        int length = Integer.parseInt(text, at, colon, 10);
        at = colon + 1;
        if (type == 'M') {
            return entries(length);
        }
        if (type == 'A') {
            return elements(length);
        }
        at += length;
        return value(type, text.substring(at - length, at));
    }

    private Map<@Nullable Object, @Nullable Object> entries(int size) {
        Map<@Nullable Object, @Nullable Object> map = new LinkedHashMap<>();
        for (int i = 0; i < size; i++) {
            map.put(next(), next());
        }
        return map;
    }

    private List<@Nullable Object> elements(int size) {
        List<@Nullable Object> list = new ArrayList<>(size);
        for (int i = 0; i < size; i++) {
            list.add(next());
        }
        return list;
    }

    private static @Nullable Object value(char type, String written) {
        return switch (type) {
            case 'S' -> written;
            case 'I' -> Integer.valueOf(written);
            case 'L' -> Long.valueOf(written);
            case 'D' -> new BigDecimal(written);
            case 'G' -> new BigInteger(written);
            case 'B' -> Boolean.valueOf(written);
            default -> null;
        };
    }
}
