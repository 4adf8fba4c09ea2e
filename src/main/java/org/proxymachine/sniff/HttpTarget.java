package org.proxymachine.sniff;

import org.jspecify.annotations.Nullable;

/**
 * What a request is for (RFC 9112, section 3.2).
 *
 * @param text as sent
 * @param path as {@link Http#path}
 * @param hasAuthority whether it is absolute or CONNECT's
 * @param authority the one that it has, unless that can be none
 */
record HttpTarget(
        String text,
        String path,
        boolean hasAuthority,
        @Nullable Authority authority) {

    /** Reads a target, which is a binary string. */
    static HttpTarget of(String binary, String method) {
        String text = Text.of(binary);
        if (method.equals("CONNECT")) {
            return new HttpTarget(text, "", true, Authority.of(text));
        }
        int authority = text.startsWith("/") ? 0 : authority(text);
        if (authority == 0) {
            return new HttpTarget(text, path(text, 0), false, null);
        }
        int end = authority;
        while (end < text.length() && "/?#".indexOf(text.charAt(end)) < 0) {
            end++;
        }
        String path = path(text, end);
        return new HttpTarget(text, path.isEmpty() ? "/" : path, true, Authority.of(text.substring(authority, end)));
    }

    /** Where the authority begins, behind the scheme; 0 for a target in another form. */
    private static int authority(String text) {
        int end = text.indexOf("://");
        boolean scheme = end > 0
                && Ascii.isLetter(text.charAt(0))
                && text.substring(0, end).chars().allMatch(HttpTarget::isSchemeChar);
        return scheme ? end + 3 : 0;
    }

    private static String path(String text, int start) {
        int query = text.indexOf('?', start);
        return text.substring(start, query < 0 ? text.length() : query);
    }

    private static boolean isSchemeChar(int c) {
        return Ascii.isLetterOrDigit(c) || c == '+' || c == '-' || c == '.';
    }
}
