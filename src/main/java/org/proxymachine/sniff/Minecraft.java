package org.proxymachine.sniff;

import org.jspecify.annotations.Nullable;

/**
 * The handshake that a client of Minecraft (Java edition, 1.7 and later) sends first, as documented at minecraft.wiki (once
 * wiki.vg), "Java Edition protocol/Packets", Handshaking. The ping of older ones (0xFE) is not read.
 *
 * @param host as the player gave it or as an SRV record did, without the dot at its end, and without what Forge and others
 *     append after a NUL
 * @param port as the player gave it or as an SRV record did
 * @param protocolVersion such as 763 for 1.20.1; pings may say -1
 * @param nextState what the client wants: 1 status, 2 login, 3 transfer
 * @param length bytes of the packet, those of its length included; a login goes on with the next one
 */
public record Minecraft(String host, int port, int protocolVersion, int nextState, int length) {
    private static final int LEGACY_PING = 0xfe;
    private static final int TRANSFER = 3;

    private static final int VAR_INT_BYTES = 5;

    private static final int MAX_HOST_CHARS = 255;

    /** The most that so many chars of Java's take. */
    private static final int MAX_HOST_BYTES = 3 * MAX_HOST_CHARS;

    private static final int MIN_BYTES = 6;
    private static final int MAX_BYTES = 4 * VAR_INT_BYTES + MAX_HOST_BYTES + 2;

    /**
     * Reads a handshake.
     *
     * @param data a binary string of all that has come so far
     * @return null if this is not Minecraft
     * @throws NeedMore while it may yet be
     */
    public static @Nullable Minecraft parse(String data) {
        return Cursor.parse(data, Minecraft::read);
    }

    private static Minecraft read(Cursor cursor) {
        // The length of a whole packet too, but of one with 245 bytes of host; and this ping has no second byte.
        cursor.check(cursor.peek() != LEGACY_PING);
        int bytes = (int) cursor.varInt(VAR_INT_BYTES, MAX_BYTES);
        cursor.check(bytes >= MIN_BYTES);
        Cursor packet = cursor.slice(bytes);
        packet.varInt(VAR_INT_BYTES, 0);
        int protocolVersion = (int) packet.varInt(VAR_INT_BYTES, 0xffff_ffffL);
        String host = host(packet);
        int port = packet.u16();
        int nextState = (int) packet.varInt(VAR_INT_BYTES, TRANSFER);
        packet.check(nextState > 0 && packet.atEnd());
        return new Minecraft(host, port, protocolVersion, nextState, cursor.position());
    }

    private static String host(Cursor packet) {
        int bytes = (int) packet.varInt(VAR_INT_BYTES, MAX_HOST_BYTES);
        packet.check(bytes <= packet.left() - 3);
        String host = packet.slice(bytes).utf8(c -> true);
        packet.check(host.length() <= MAX_HOST_CHARS);
        int nul = host.indexOf('\0');
        host = nul < 0 ? host : host.substring(0, nul);
        return host.endsWith(".") ? host.substring(0, host.length() - 1) : host;
    }
}
