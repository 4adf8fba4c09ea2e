package org.proxymachine.sniff;

import java.util.Collections;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * The head of an HTTP/1 request (RFC 9112, RFC 9110): the request line and the headers, up to and including the empty
 * line. Lines may end with a line feed alone, and empty ones may come first (RFC 9112, section 2.2).
 *
 * <p>Text is UTF-8; a byte that is none is a lone surrogate U+DC80 to U+DCFF.
 *
 * @param method such as {@code GET}
 * @param target the request target as sent, mostly in one of the four forms of RFC 9112, section 3.2
 * @param path the target's path without the query, as sent; "/" for an absolute target without one, {@code *} for that,
 *     empty for CONNECT
 * @param version {@code 1.1}, or another 1.x
 * @param host from the target if that has an authority, else from the Host header: in lower case, without port, brackets
 *     and the dot at its end, an IPv6 address as RFC 5952 writes it; null if there is none, if it can be no host, or if two
 *     readers could take it for two different ones
 * @param port as given there, else null
 * @param headers by name in lower case; blanks around values are removed, folded lines joined by a space (RFC 9112,
 *     section 5.2), repeated ones by {@code ", "} (RFC 9110, section 5.3), but for a Host that says the same again
 * @param oddities what a server may well refuse with 400, and two servers may read in two ways; mostly none: {@code fold}
 *     (a folded line), {@code blank} (one before a colon), {@code line} (a line without a colon; it is in no header),
 *     {@code name} (of a header, that is no token), {@code control} (a control character in them; a lone carriage return is one),
 *     {@code duplicate} (Host headers that differ), {@code target} (a space in it)
 * @param length bytes of the head, the empty line included
 */
public record Http(
        String method,
        String target,
        String path,
        String version,
        @Nullable String host,
        @Nullable Integer port,
        Map<String, String> headers,
        List<String> oddities,
        int length) {

    /** Copies the headers. */
    public Http {
        headers = Collections.unmodifiableMap(new LinkedHashMap<>(headers));
        oddities = List.copyOf(oddities);
    }

    /**
     * Reads a request's head.
     *
     * @param data a binary string of all that has come so far
     * @return null if this is not HTTP/1, as the preface of HTTP/2 (RFC 9113, section 3.4) is not
     * @throws NeedMore while it may yet be
     */
    public static @Nullable Http parse(String data) {
        return Cursor.parse(data, HttpHead::read);
    }

    /** RFC 9110, section 5.6.2: tchar. */
    static boolean isToken(int c) {
        return Ascii.isLetterOrDigit(c) || "!#$%&'*+-.^_`|~".indexOf(c) >= 0;
    }
}
