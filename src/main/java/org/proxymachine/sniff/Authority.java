package org.proxymachine.sniff;

import org.jspecify.annotations.Nullable;

/**
 * A host and perhaps a port, as in the Host header (RFC 9110, section 7.2; RFC 3986, section 3.2.2).
 *
 * @param host in lower case and without a dot at its end; an IPv6 address without brackets, as RFC 5952 writes it
 * @param port null if none is given, or an empty one, or one that is no number from 0 to 65535
 */
record Authority(String host, @Nullable Integer port) {
    /** RFC 3986: unreserved and sub-delims. */
    private static final String ODD = "_~!$&'()*+,;=";

    /**
     * Returns what the text names, or null if that is no host. Neither user information nor percent-encoding, which no
     * host name needs, is taken: else there were two ways to write each name, and a script would compare but one.
     */
    static @Nullable Authority of(String text) {
        int colon = colon(text);
        String host = HostName.orNull(colon < 0 ? text : text.substring(0, colon), ODD);
        if (host == null) {
            return null;
        }
        return new Authority(host, colon < 0 ? null : port(text.substring(colon + 1)));
    }

    /** Where the port begins: behind the bracket, or behind the only colon, as an address without brackets has more. */
    private static int colon(String text) {
        int last = text.lastIndexOf(':');
        if (text.startsWith("[")) {
            return last > text.indexOf(']') ? last : -1;
        }
        return last == text.indexOf(':') ? last : -1;
    }

    private static @Nullable Integer port(String digits) {
        boolean number =
                !digits.isEmpty() && digits.length() <= 9 && digits.chars().allMatch(Ascii::isDigit);
        int port = number ? Integer.parseInt(digits) : -1;
        return port >= 0 && port <= 65_535 ? port : null;
    }
}
