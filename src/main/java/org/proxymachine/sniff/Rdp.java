package org.proxymachine.sniff;

import java.util.List;
import java.util.stream.IntStream;
import org.jspecify.annotations.Nullable;

/**
 * The connection request that a Remote Desktop client sends first: MS-RDPBCGR, section 2.2.1.1, in a class 0 request of
 * X.224 (section 13.3), in a packet of RFC 1006 (section 6).
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

    private static final int CORRELATION_INFO_PRESENT = 0x08;

    private static final int MIN_BYTES = 11;

    /** The length indicator of X.224 ends at 254, and does not count itself and the four bytes before. */
    private static final int MAX_BYTES = 259;

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
        int high = cursor.u8();
        cursor.check(high <= MAX_BYTES >> 8);
        int length = high << 8 | cursor.u8();
        cursor.check(length >= MIN_BYTES && length <= MAX_BYTES);
        Cursor request = cursor.slice(length - cursor.position());
        request.check(request.u8() == request.left());
        request.expect("\u00e0\0\0");
        request.skip(2);
        request.expect("\0");

        String line = line(request);
        boolean isCookie = line != null && line.startsWith(COOKIE);
        int flags = request.atEnd() ? 0 : negotiation(request);
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
        String line = request.until('\r', MAX_BYTES, c -> c >= ' ' && c != 0x7f);
        request.expect("\n");
        return line;
    }

    private static int negotiation(Cursor request) {
        request.expect("\1");
        boolean correlated = (request.u8() & CORRELATION_INFO_PRESENT) != 0;
        request.check(request.left() == (correlated ? 6 + 36 : 6));
        request.expect("\10\0");
        int flags = request.u8() | request.u8() << 8 | request.u8() << 16 | request.u8() << 24;
        if (correlated) {
            request.expect("\6\0\44\0");
            request.rest();
        }
        return flags;
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
