package org.proxymachine.sniff;

import org.jspecify.annotations.Nullable;

/**
 * The CONNECT that an MQTT client sends first: section 3.1 of MQTT 3.1 (IBM and Eurotech, 2010), and of the OASIS standards
 * 3.1.1 and 5.0. Of flags that contradict each other the server is the judge.
 *
 * <p>Text is UTF-8; a byte that is none is a lone surrogate U+DC80 to U+DCFF.
 *
 * @param clientId empty if the server is to choose one
 * @param userName or null
 * @param keepAlive seconds, or 0 for none
 * @param level 3 for MQTT 3.1, 4 for 3.1.1, 5; another one is for the script to refuse with 1, and without the bit 0x80
 * @param bridge whether a broker calls, as mosquitto's bridges say by the bit 0x80 of the level
 * @param cleanStart whether an earlier session is to be dropped; before 5 the new one is not kept either
 * @param length bytes of the packet
 */
public record Mqtt(
        String clientId,
        @Nullable String userName,
        int keepAlive,
        int level,
        boolean bridge,
        boolean cleanStart,
        int length) {
    private static final int CONNECT = 0x10;

    private static final int USER_NAME = 0x80;
    private static final int WILL = 0x04;
    private static final int CLEAN_START = 0x02;

    /** Of the level. */
    private static final int BRIDGE = 0x80;

    private static final int VAR_INT_BYTES = 4;

    /** All that its bytes can say. */
    private static final int MAX_REMAINING_BYTES = 0xfff_ffff;

    private static final int MIN_REMAINING_BYTES = 12;

    /**
     * Reads a CONNECT.
     *
     * @param data a binary string of all that has come so far
     * @return null if this is not MQTT
     * @throws NeedMore while it may yet be
     */
    public static @Nullable Mqtt parse(String data) {
        return Cursor.parse(data, Mqtt::read);
    }

    private static Mqtt read(Cursor cursor) {
        cursor.check(cursor.u8() == CONNECT);
        int remaining = (int) cursor.varInt(VAR_INT_BYTES, MAX_REMAINING_BYTES);
        cursor.check(remaining >= MIN_REMAINING_BYTES);
        Cursor packet = cursor.slice(remaining);
        int said = level(packet);
        int level = said & ~BRIDGE;
        packet.awaitEnd();
        int flags = packet.u8();
        int keepAlive = packet.u16();
        skipProperties(packet, level);
        String clientId = text(packet);
        if (has(flags, WILL)) {
            skipProperties(packet, level);
            packet.slice16();
            packet.slice16();
        }
        String userName = comes(packet, flags) ? text(packet) : null;
        return new Mqtt(
                clientId, userName, keepAlive, level, (said & BRIDGE) != 0, has(flags, CLEAN_START), cursor.position());
    }

    private static int level(Cursor packet) {
        packet.expect("\0");
        int nameBytes = packet.u8();
        packet.check(nameBytes == 4 || nameBytes == 6);
        packet.expect(nameBytes == 4 ? "MQTT" : "MQIsdp");
        return packet.u8();
    }

    private static boolean has(int flags, int flag) {
        return (flags & flag) != 0;
    }

    // MQTT 3.1, CONNECT, payload: the remaining length has precedence over the flags, for clients older than those.
    private static boolean comes(Cursor packet, int flags) {
        return has(flags, USER_NAME) && !packet.atEnd();
    }

    private static void skipProperties(Cursor packet, int level) {
        if (level == 5) {
            packet.skip((int) packet.varInt(VAR_INT_BYTES, packet.left()));
        }
    }

    private static String text(Cursor packet) {
        Cursor text = packet.slice16();
        return text.text(text.left());
    }
}
