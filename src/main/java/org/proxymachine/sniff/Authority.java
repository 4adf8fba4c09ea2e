package org.proxymachine.sniff;

import java.util.Locale;
import java.util.function.IntPredicate;
import org.jspecify.annotations.Nullable;

/**
 * A host and perhaps a port, as in the Host header (RFC 9110, section 7.2; RFC 3986, section 3.2.2).
 *
 * @param host in lower case; an IPv6 address without brackets, as RFC 5952 writes it
 * @param port null if none is given, or an empty one
 */
record Authority(String host, @Nullable Integer port) {
    private static final int MAX_NAME = 255;

    /**
     * Reads an authority without user information, and leaves what ends it. Percent-encoding, which no host name needs,
     * is a mismatch: else there were two ways to write each name, and a script would compare but one.
     */
    static Authority read(Cursor cursor, IntPredicate end) {
        String host = cursor.peek() == '[' ? literal(cursor) : name(cursor, end);
        if (end.test(cursor.peek())) {
            return new Authority(host, null);
        }
        cursor.expect(":");
        Integer port = end.test(cursor.peek()) ? null : cursor.decimal(65_535);
        cursor.check(end.test(cursor.peek()));
        return new Authority(host, port);
    }

    private static String literal(Cursor cursor) {
        cursor.expect("[");
        return Addresses.text(Ipv6.read(cursor, ']'));
    }

    private static String name(Cursor cursor, IntPredicate end) {
        int start = cursor.position();
        while (cursor.peek() != ':' && !end.test(cursor.peek())) {
            cursor.check(isNameChar(cursor.u8()) && cursor.position() - start <= MAX_NAME);
        }
        cursor.check(cursor.position() > start);
        String name = cursor.since(start).toLowerCase(Locale.ROOT);
        // The dot that makes a name absolute is no part of a host's own name (RFC 1034, section 3.1).
        return name.length() > 1 && name.endsWith(".") ? name.substring(0, name.length() - 1) : name;
    }

    /** RFC 3986: unreserved, sub-delims. */
    private static boolean isNameChar(int c) {
        return Ascii.isLetterOrDigit(c) || "-._~!$&'()*+,;=".indexOf(c) >= 0;
    }
}
