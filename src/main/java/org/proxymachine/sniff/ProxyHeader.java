package org.proxymachine.sniff;

import java.net.InetSocketAddress;
import java.util.Collections;
import java.util.LinkedHashMap;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * The header in which a proxy before us says whose connection it passes on ("The PROXY protocol", versions 1 and 2,
 * haproxy.org/download/3.0/doc/proxy-protocol.txt). Who takes it from a stranger believes a stranger: look at the peer
 * first.
 *
 * @param version 1 or 2
 * @param local whether the connection's own addresses are to be used: it is the proxy's own (LOCAL), or the header does
 *     not name any (UNKNOWN, UNSPEC)
 * @param transport {@code tcp4}, {@code tcp6}, {@code udp4}, {@code udp6}, {@code unix}, or {@code unspec} for the rest
 * @param source the client; null if local or unix. A v4-mapped address is, as everywhere in the JDK, the IPv4 one
 * @param destination what the client connected to; likewise
 * @param tlvs the values that follow the addresses in version 2, as binary strings by type; the first of those with one
 *     type, and no padding. Empty if local, as such a header's contents are to be ignored
 * @param length bytes of the header
 */
public record ProxyHeader(
        int version,
        boolean local,
        String transport,
        @Nullable InetSocketAddress source,
        @Nullable InetSocketAddress destination,
        Map<Integer, String> tlvs,
        int length) {
    static final String UNSPEC = "unspec";

    /** Copies the values. */
    public ProxyHeader {
        tlvs = Collections.unmodifiableMap(new LinkedHashMap<>(tlvs));
    }

    /**
     * Reads a header of either version.
     *
     * @param data a binary string of all that has come so far
     * @return null if this is no such header
     * @throws NeedMore while it may yet be
     */
    public static @Nullable ProxyHeader parse(String data) {
        return Cursor.parse(data, ProxyHeader::read);
    }

    private static ProxyHeader read(Cursor cursor) {
        return cursor.peek() == 'P' ? ProxyLine.read(cursor) : ProxyBlock.read(cursor);
    }

    /**
     * Says in one line what is wrong with bytes of which {@link #parse} says that they are no such header.
     *
     * @param data as there
     * @return the beginning of the bytes in quotes, and which part of the header they have wrong
     */
    public static String problem(String data) {
        String part = Cursor.wrongPart(data, ProxyHeader::read);
        String wrong = part == null || part.equals("signature") ? "which is none" : "whose " + part + " is wrong";
        return Quote.of(data) + ", " + wrong;
    }

    /**
     * Writes a header for a backend. An IPv4 and an IPv6 address together are written as two IPv6 ones, the former
     * v4-mapped, as a header has one family for both.
     *
     * @param version 1 or 2
     * @param source the client; with null, or an address that is not resolved, the header says neither of the two:
     *     UNKNOWN in version 1, LOCAL in version 2
     * @param destination what the client connected to; likewise
     * @return the header
     */
    public static byte[] encode(
            int version, @Nullable InetSocketAddress source, @Nullable InetSocketAddress destination) {
        if (version != 1 && version != 2) {
            throw new IllegalArgumentException("version must be 1 or 2, was " + version);
        }
        if (source == null || source.isUnresolved() || destination == null || destination.isUnresolved()) {
            return version == 1 ? ProxyLine.unknown() : ProxyBlock.local();
        }
        byte[] from = source.getAddress().getAddress();
        byte[] to = destination.getAddress().getAddress();
        if (from.length != to.length) {
            from = Addresses.mapped(from);
            to = Addresses.mapped(to);
        }
        return version == 1
                ? ProxyLine.write(from, source.getPort(), to, destination.getPort())
                : ProxyBlock.write(from, source.getPort(), to, destination.getPort());
    }
}
