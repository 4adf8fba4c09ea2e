package org.proxymachine.sniff;

import org.jspecify.annotations.Nullable;

/**
 * What a request is for (RFC 9112, section 3.2).
 *
 * @param text as sent
 * @param path as {@link Http#path}
 * @param authority of an absolute target or one of CONNECT, else null
 */
record HttpTarget(String text, String path, @Nullable Authority authority) {
    private static final int MAX_SCHEME = 32;

    /** Reads a target, and the space after it. */
    static HttpTarget read(Cursor cursor, String method) {
        int start = cursor.position();
        Authority authority = null;
        String path;
        if (method.equals("CONNECT")) {
            authority = Authority.read(cursor, c -> c == ' ');
            cursor.check(authority.port() != null);
            path = "";
        } else if (method.equals("OPTIONS") && cursor.peek() == '*') {
            cursor.u8();
            path = "*";
        } else {
            if (cursor.peek() != '/') {
                authority = absolute(cursor);
            }
            path = path(cursor);
        }
        String text = cursor.since(start);
        cursor.expect(" ");
        return new HttpTarget(text, path, authority);
    }

    private static Authority absolute(Cursor cursor) {
        cursor.check(Ascii.isLetter(cursor.peek()));
        cursor.until(':', MAX_SCHEME, HttpTarget::isSchemeChar);
        cursor.expect("//");
        return Authority.read(cursor, c -> c == '/' || c == '?' || c == ' ');
    }

    private static String path(Cursor cursor) {
        int start = cursor.position();
        while (cursor.peek() != ' ' && cursor.peek() != '?') {
            visible(cursor);
        }
        String path = cursor.since(start);
        while (cursor.peek() != ' ') {
            visible(cursor);
        }
        return path.isEmpty() ? "/" : path;
    }

    // RFC 3986 knows ASCII only, but clients send UTF-8 as well, and servers take it.
    private static void visible(Cursor cursor) {
        int c = cursor.u8();
        cursor.check(c > ' ' && c != 0x7f);
    }

    private static boolean isSchemeChar(int c) {
        return Ascii.isLetterOrDigit(c) || c == '+' || c == '-' || c == '.';
    }
}
