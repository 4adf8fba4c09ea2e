package org.proxymachine.sniff;

import java.util.List;
import java.util.stream.IntStream;
import org.jspecify.annotations.Nullable;

/**
 * The connection request that a Remote Desktop client sends first: MS-RDPBCGR, section 2.2.1.1, in a class 0 request of
 * X.224 (section 13.3), in a packet of RFC 1006 (section 6).
 *
 * <p>Text is UTF-8; a byte that is none is a lone surrogate U+DC80 to U+DCFF.
 *
 * @param cookie what follows {@code Cookie: mstshash=}, by custom the first characters of the user name; or null
 * @param routingToken what follows {@code Cookie: msts=}, or the whole line of a token in another form, such as {@code
 *     tsv://MS Terminal Services Plugin.1.Farm}; or null
 * @param requestedProtocols the flags of the negotiation request (section 2.2.1.1.1), or 0 without one
 * @param protocols their names: {@code ssl}, {@code hybrid}, {@code rdstls}, {@code hybrid-ex}, {@code aad}
 * @param length bytes of the packet
 */
public record Rdp(
        @Nullable String cookie,
        @Nullable String routingToken,
        int requestedProtocols,
        List<String> protocols,
        int length) {
    private static final String COOKIE = "Cookie: mstshash=";
    private static final String ROUTING_TOKEN = "Cookie: msts=";

    /** In the order of the flags, from 1 on. */
    private static final List<String> PROTOCOLS = List.of("ssl", "hybrid", "rdstls", "hybrid-ex", "aad");

    private static final int NEGOTIATION = 1;
    private static final int CORRELATION = 6;

    /** The highest length of a request that X.224 can say, its own byte not counted. */
    private static final int MAX_INDICATOR = 254;

    private static final int MIN_BYTES = 11;

    public Rdp {
        protocols = List.copyOf(protocols);
    }

    /**
     * Reads a connection request.
     *
     * @param data a binary string of all that has come so far
     * @return null if this is not RDP
     * @throws NeedMore while it may yet be
     */
    public static @Nullable Rdp parse(String data) {
        return Cursor.parse(data, Rdp::read);
    }

    private static Rdp read(Cursor cursor) {
        cursor.expect("\3\0");
        int length = cursor.u16();
        cursor.check(length >= MIN_BYTES);
        Cursor request = cursor.slice(length - cursor.position());
        // Its own length, which a longer packet has no room for.
        request.check(request.u8() == Math.min(request.left(), MAX_INDICATOR));
        request.expect("\u00e0\0\0");
        request.skip(2);
        request.expect("\0");
        String line = line(request);
        boolean isCookie = line != null && line.startsWith(COOKIE);
        int flags = negotiation(request, line == null);
        return new Rdp(
                isCookie ? after(COOKIE, line) : null,
                isCookie ? null : after(ROUTING_TOKEN, line),
                flags,
                names(flags),
                length);
    }

    // What else may stand here begins with a control character, and so do the parameters of other users of X.224.
    private static @Nullable String line(Cursor request) {
        if (request.atEnd() || request.peek() < ' ' || request.peek() > '~') {
            return null;
        }
        request.awaitEnd();
        int start = request.position();
        request.scan(request.left(), c -> c == '\r');
        String line = Text.of(request.since(start));
        request.skip(Math.min(request.left(), 2));
        return line;
    }

    /** Reads the negotiation request, if there is one. What follows it (section 2.2.1.1.2) is nothing to route by. */
    private static int negotiation(Cursor request, boolean first) {
        if (request.atEnd()) {
            return 0;
        }
        int type = request.u8();
        request.check(!first || type == NEGOTIATION || type == CORRELATION);
        request.awaitEnd();
        if (type != NEGOTIATION || request.left() < 7) {
            return 0;
        }
        request.skip(3);
        return request.u8() | request.u8() << 8 | request.u8() << 16 | request.u8() << 24;
    }

    private static @Nullable String after(String prefix, @Nullable String line) {
        return line != null && line.startsWith(prefix) ? line.substring(prefix.length()) : line;
    }

    private static List<String> names(int flags) {
        return IntStream.range(0, PROTOCOLS.size())
                .filter(i -> (flags & (1 << i)) != 0)
                .mapToObj(PROTOCOLS::get)
                .toList();
    }
}
