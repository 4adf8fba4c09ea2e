package org.proxymachine.sniff;

import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;

/**
 * The handshake that a client of Minecraft (Java edition, 1.7 and later) sends first, as documented at minecraft.wiki (once
 * wiki.vg), "Java Edition protocol/Packets", Handshaking. The ping of older ones (FE 01) is not read. Those
 * before 1.4 send FE alone, with which a handshake of today may begin as well: that is waited for.
 *
 * <p>Text is UTF-8; a byte that is none is a lone surrogate U+DC80 to U+DCFF.
 *
 * @param host as the player gave it or as an SRV record did: in lower case, without the dot at its end, and without what
 *     others append: behind a NUL mods (Forge) and proxies (BungeeCord's forwarding), behind {@code ///} filter services
 * @param port as the player gave it or as an SRV record did
 * @param protocolVersion such as 763 for 1.20.1; pings may say -1
 * @param nextState what the client wants: 1 status, 2 login, 3 transfer; others are for the script to refuse
 * @param length bytes of the packet, those of its length included; a login goes on with the next one
 */
public record Minecraft(String host, int port, int protocolVersion, int nextState, int length) {
    /** What FE 01 says as a length. */
    private static final int LEGACY_PING = 254;

    private static final int VAR_INT_BYTES = 5;
    private static final long MAX_VAR_INT = 0xffff_ffffL;

    private static final Pattern APPENDED = Pattern.compile("\0|///");

    private static final int MIN_BYTES = 6;

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
        int bytes = (int) cursor.varInt(VAR_INT_BYTES, Integer.MAX_VALUE);
        // Those of the ping are the length of a packet with 245 bytes of address, too, which nobody has been seen to
        // send.
        cursor.check(bytes >= MIN_BYTES && bytes != LEGACY_PING);
        Cursor packet = cursor.slice(bytes);
        packet.varInt(VAR_INT_BYTES, 0);
        int protocolVersion = (int) packet.varInt(VAR_INT_BYTES, MAX_VAR_INT);
        int hostBytes = (int) packet.varInt(VAR_INT_BYTES, Integer.MAX_VALUE);
        packet.check(hostBytes <= packet.left() - 3);
        packet.awaitEnd();
        String host = host(packet.text(hostBytes));
        int port = packet.u16();
        int nextState = (int) packet.varInt(VAR_INT_BYTES, MAX_VAR_INT);
        packet.check(packet.atEnd());
        return new Minecraft(host, port, protocolVersion, nextState, cursor.position());
    }

    private static String host(String address) {
        return HostName.of(APPENDED.split(address, 2)[0]);
    }
}
