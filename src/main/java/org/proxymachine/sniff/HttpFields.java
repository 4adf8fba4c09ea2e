package org.proxymachine.sniff;

import java.util.LinkedHashMap;
import java.util.Locale;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * The headers of a request (RFC 9112, section 5).
 *
 * @param values as {@link Http#headers}
 * @param host what the Host header says, if there is one and it says anything
 */
record HttpFields(Map<String, String> values, @Nullable Authority host) {
    private static final int MAX_LINES = 200;

    /** Reads lines up to the empty one, which is left. */
    static HttpFields read(Cursor head) {
        Map<String, String> values = new LinkedHashMap<>();
        Authority host = null;
        for (int lines = 0; !Ascii.isLineEnd(head.peek()); lines++) {
            head.check(lines < MAX_LINES);
            // A folded line begins with a blank, which no name does.
            String name = head.until(':', head.left(), Http::isToken).toLowerCase(Locale.ROOT);
            head.check(!name.isEmpty());
            skipBlanks(head);
            if (name.equals("host")) {
                host = host(head, values);
            } else {
                values.merge(name, value(head), (before, value) -> before + ", " + value);
            }
            Http.endLine(head);
        }
        return new HttpFields(values, host);
    }

    private static @Nullable Authority host(Cursor head, Map<String, String> values) {
        int start = head.position();
        // RFC 9112, section 3.2: empty if the target has no authority.
        Authority host =
                Ascii.isLineEnd(head.peek()) ? null : Authority.read(head, c -> Ascii.isBlank(c) || Ascii.isLineEnd(c));
        String value = head.since(start);
        skipBlanks(head);
        head.check(value.equals(values.getOrDefault("host", value)) && Ascii.isLineEnd(head.peek()));
        values.put("host", value);
        return host;
    }

    private static String value(Cursor head) {
        int start = head.position();
        while (!Ascii.isLineEnd(head.peek())) {
            int c = head.u8();
            head.check((c >= ' ' && c != 0x7f) || c == '\t');
        }
        return head.since(start).stripTrailing();
    }

    private static void skipBlanks(Cursor head) {
        while (Ascii.isBlank(head.peek())) {
            head.u8();
        }
    }
}
