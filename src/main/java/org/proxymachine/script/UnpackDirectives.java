package org.proxymachine.script;

import static java.nio.ByteOrder.BIG_ENDIAN;
import static java.nio.ByteOrder.LITTLE_ENDIAN;

import java.nio.ByteOrder;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * Reads the directives of {@link Unpack}: a letter, the modifiers {@code _ ! < >}, then a count or {@code *}. Whitespace
 * between directives is ignored, and a comment from {@code #} to the end of its line.
 */
final class UnpackDirectives {
    private static final String KNOWN = "cCsSiIlLqQjJnNvVUwDdFfEeGgAaZBbHhuMm@Xx";
    private static final String MODIFIABLE = "sSiIlLqQjJ";

    private final String source;
    private int at;

    private UnpackDirectives(String source) {
        this.source = source;
    }

    /**
     * Returns the directives of a text, in order.
     *
     * @throws IllegalArgumentException naming the first that is unknown, or ill-formed, and its place
     */
    static List<UnpackDirective> parse(String source) {
        var directives = new UnpackDirectives(source);
        var parsed = new ArrayList<UnpackDirective>();
        directives.skipBlank();
        while (directives.more()) {
            parsed.add(directives.next());
            directives.skipBlank();
        }
        return parsed;
    }

    private void skipBlank() {
        while (more()) {
            if (source.charAt(at) == '#') {
                int newline = source.indexOf('\n', at);
                at = newline < 0 ? source.length() : newline;
            } else if (isSpace(source.charAt(at))) {
                at++;
            } else {
                return;
            }
        }
    }

    /** As C's isspace. */
    private static boolean isSpace(char c) {
        return c == ' ' || (c >= '\t' && c <= '\r');
    }

    private UnpackDirective next() {
        int index = at;
        char type = source.charAt(at++);
        if (KNOWN.indexOf(type) < 0) {
            String what = type == 'P' || type == 'p' ? "no pointers, so no directive '" : "unknown directive '";
            throw UnpackDirective.error(what + type + "'", source, index);
        }
        int size = sizeBytes(type);
        ByteOrder order = "nNgG".indexOf(type) < 0 ? LITTLE_ENDIAN : BIG_ENDIAN;
        @Nullable Character explicitOrder = null;
        while (more() && "_!<>".indexOf(source.charAt(at)) >= 0) {
            char modifier = source.charAt(at);
            if (MODIFIABLE.indexOf(type) < 0) {
                throw UnpackDirective.error("'" + modifier + "' allowed only after " + MODIFIABLE, source, at);
            }
            if (modifier == '_' || modifier == '!') {
                size = type == 'l' || type == 'L' ? Long.BYTES : size;
            } else if (explicitOrder != null) {
                throw UnpackDirective.error("'" + modifier + "' after '" + explicitOrder + "'", source, at);
            } else {
                explicitOrder = modifier;
                order = modifier == '<' ? LITTLE_ENDIAN : BIG_ENDIAN;
            }
            at++;
        }
        return new UnpackDirective(type, size, order, count(type), source, index);
    }

    private static int sizeBytes(char type) {
        return switch (type) {
            case 'c', 'C' -> Byte.BYTES;
            case 's', 'S', 'n', 'v' -> Short.BYTES;
            case 'i', 'I', 'l', 'L', 'N', 'V', 'e', 'f', 'F', 'g' -> Integer.BYTES;
            case 'q', 'Q', 'j', 'J', 'd', 'D', 'E', 'G' -> Long.BYTES;
            default -> 0;
        };
    }

    private long count(char type) {
        if (!moreDigits()) {
            if (more() && source.charAt(at) == '*') {
                at++;
                return UnpackDirective.ALL;
            }
            return type == '@' ? 0 : 1;
        }
        int start = at;
        long count = 0;
        while (moreDigits()) {
            int digit = source.charAt(at++) - '0';
            if (count > (Long.MAX_VALUE - digit) / 10) {
                throw UnpackDirective.error("count too big", source, start);
            }
            count = 10 * count + digit;
        }
        return count;
    }

    private boolean moreDigits() {
        return more() && source.charAt(at) >= '0' && source.charAt(at) <= '9';
    }

    private boolean more() {
        return at < source.length();
    }
}
