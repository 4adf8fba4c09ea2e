package org.proxymachine.sniff;

import java.util.Collections;
import java.util.LinkedHashMap;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * The head of an HTTP/1 request (RFC 9112, RFC 9110): the request line and the headers, up to and including the empty
 * line. What two readers could take for two different requests is refused: folded lines, space before a colon, a lone
 * carriage return, other control characters, Host headers that differ.
 *
 * @param method such as {@code GET}
 * @param target the request target as sent, in any of the four forms of RFC 9112, section 3.2
 * @param path the target's path without the query, as sent; "/" for an absolute target without one, {@code *} for that,
 *     empty for CONNECT
 * @param version {@code 1.1}, or another 1.x
 * @param host from the target if it names one, else from the Host header: in lower case, without port and brackets, an
 *     IPv6 address as RFC 5952 writes it; null if neither names one
 * @param port as given there, else null
 * @param headers by name in lower case; blanks around values are removed, repeated ones joined by {@code ", "}
 *     (RFC 9110, section 5.3)
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
        int length) {
    /** What {@code --max-preread} is unless told otherwise; more than servers take (mostly 8 KiB). */
    private static final int MAX_BYTES = 65_536;

    private static final int MAX_METHOD = 32;

    /** Copies the headers. */
    public Http {
        headers = Collections.unmodifiableMap(new LinkedHashMap<>(headers));
    }

    /**
     * Reads a request's head.
     *
     * @param data a binary string of all that has come so far
     * @return null if this is not HTTP/1, as the preface of HTTP/2 (RFC 9113, section 3.4) is not
     * @throws NeedMore while it may yet be
     */
    public static @Nullable Http parse(String data) {
        return Cursor.parse(data, Http::read);
    }

    private static Http read(Cursor cursor) {
        Cursor head = cursor.limited(MAX_BYTES);
        if (Ascii.isLineEnd(head.peek())) {
            // RFC 9112, section 2.2: some clients send an empty line after the body of an earlier request.
            endLine(head);
        }
        String method = head.until(' ', MAX_METHOD, Http::isToken);
        head.check(!method.isEmpty());
        HttpTarget target = HttpTarget.read(head, method);
        String version = version(head);
        HttpFields fields = HttpFields.read(head);
        endLine(head);
        Authority authority = target.authority() != null ? target.authority() : fields.host();
        return new Http(
                method,
                target.text(),
                target.path(),
                version,
                authority == null ? null : authority.host(),
                authority == null ? null : authority.port(),
                fields.values(),
                head.position());
    }

    private static String version(Cursor head) {
        head.expect("HTTP/1.");
        String version = "1." + head.decimal(9);
        endLine(head);
        return version;
    }

    /** RFC 9112, section 2.2: a line feed alone may be taken for the end of a line. */
    static void endLine(Cursor head) {
        if (head.peek() == '\r') {
            head.u8();
        }
        head.expect("\n");
    }

    /** RFC 9110, section 5.6.2: tchar. */
    static boolean isToken(int c) {
        return Ascii.isLetterOrDigit(c) || "!#$%&'*+-.^_`|~".indexOf(c) >= 0;
    }
}
