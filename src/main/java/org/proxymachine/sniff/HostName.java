package org.proxymachine.sniff;

import org.jspecify.annotations.Nullable;

/**
 * Host names as all parsers give them: in lower case, as they have none (RFC 4343: of ASCII alone, whatever the locale),
 * and without the dot at the end that makes a name absolute (RFC 1034, section 3.1).
 */
final class HostName {
    private static final int MAX_NAME = 255;

    private HostName() {}

    /** Returns the host that this text names: an IPv6 address, in brackets or not, as RFC 5952 writes it. */
    static String of(String text) {
        String address = address(text);
        return address != null ? address : withoutDots(Ascii.lowerCase(text));
    }

    /**
     * Returns the name or address, or null if the text can be neither: odd characters, an empty label, more than 255
     * bytes.
     *
     * @param odd the characters beside letters, digits, hyphens and dots that a label may have
     */
    static @Nullable String orNull(String text, String odd) {
        String host = of(text);
        return address(text) != null || isName(host, odd) ? host : null;
    }

    private static String withoutDots(String name) {
        int end = name.length();
        while (end > 0 && name.charAt(end - 1) == '.') {
            end--;
        }
        return name.substring(0, end);
    }

    private static @Nullable String address(String text) {
        boolean bracketed = text.startsWith("[") && text.endsWith("]");
        String literal = bracketed ? text.substring(1, text.length() - 1) : text;
        byte[] address = literal.indexOf(':') < 0 || literal.indexOf(']') >= 0
                ? null
                : Cursor.parse(literal + "]", cursor -> Ipv6.read(cursor, ']'));
        return address == null ? null : Addresses.text(address);
    }

    private static boolean isName(String name, String odd) {
        return !name.isEmpty()
                && name.length() <= MAX_NAME
                && !name.startsWith(".")
                && !name.contains("..")
                && name.codePoints().allMatch(c -> isNameChar(c, odd));
    }

    // Beyond ASCII: clients of local names send UTF-8; but what is no UTF-8 (see Text), and so no code point, is no
    // name.
    private static boolean isNameChar(int c, String odd) {
        return Ascii.isLetterOrDigit(c)
                || c == '-'
                || c == '.'
                || odd.indexOf(c) >= 0
                || (c >= 0xa0 && !isSurrogate(c));
    }

    private static boolean isSurrogate(int c) {
        return c >= Character.MIN_SURROGATE && c <= Character.MAX_SURROGATE;
    }
}
