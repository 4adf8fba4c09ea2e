package org.proxymachine.sniff;

import org.jspecify.annotations.Nullable;

/**
 * The CONNECT that an MQTT client sends first: section 3.1 of MQTT 3.1 (IBM and Eurotech, 2010), and of the OASIS standards
 * 3.1.1 and 5.0.
 *
 * @param clientId empty if the server is to choose one
 * @param userName or null
 * @param keepAlive seconds, or 0 for none
 * @param level 3 for MQTT 3.1, 4 for 3.1.1, 5
 * @param cleanStart whether an earlier session is to be dropped; before 5 the new one is not kept either
 * @param length bytes of the packet
 */
public record Mqtt(
        String clientId, @Nullable String userName, int keepAlive, int level, boolean cleanStart, int length) {
    private static final int CONNECT = 0x10;

    private static final int USER_NAME = 0x80;
    private static final int PASSWORD = 0x40;
    private static final int WILL_RETAIN = 0x20;
    private static final int WILL_QOS = 0x18;
    private static final int WILL = 0x04;
    private static final int CLEAN_START = 0x02;
    private static final int RESERVED = 0x01;

    private static final int VAR_INT_BYTES = 4;
    private static final int MIN_REMAINING_BYTES = 12;
    private static final int MAX_BYTES = 65_536;

    /**
     * Reads a CONNECT of 64 KiB at most.
     *
     * @param data a binary string of all that has come so far
     * @return null if this is not MQTT, or too long
     * @throws NeedMore while it may yet be
     */
    public static @Nullable Mqtt parse(String data) {
        return Cursor.parse(data, Mqtt::read);
    }

    private static Mqtt read(Cursor cursor) {
        cursor.check(cursor.u8() == CONNECT);
        int remaining = (int) cursor.varInt(VAR_INT_BYTES, MAX_BYTES);
        cursor.check(remaining >= MIN_REMAINING_BYTES && remaining <= MAX_BYTES - cursor.position());
        Cursor packet = cursor.slice(remaining);
        int level = level(packet);
        int flags = flags(packet, level);
        int keepAlive = packet.u16();
        skipProperties(packet, level);
        String clientId = text(packet);
        if (has(flags, WILL)) {
            skipProperties(packet, level);
            packet.slice16();
            packet.slice16();
        }
        String userName = comes(packet, level, flags, USER_NAME) ? text(packet) : null;
        if (comes(packet, level, flags, PASSWORD)) {
            packet.slice16();
        }
        packet.check(packet.atEnd());
        return new Mqtt(clientId, userName, keepAlive, level, has(flags, CLEAN_START), cursor.position());
    }

    private static int level(Cursor packet) {
        packet.expect("\0");
        int nameBytes = packet.u8();
        packet.check(nameBytes == 4 || nameBytes == 6);
        packet.expect(nameBytes == 4 ? "MQTT" : "MQIsdp");
        int level = packet.u8();
        packet.check(nameBytes == 4 ? level == 4 || level == 5 : level == 3);
        return level;
    }

    private static int flags(Cursor packet, int level) {
        int flags = packet.u8();
        packet.check(!has(flags, RESERVED) && (flags & WILL_QOS) != WILL_QOS);
        // MQTT-3.1.2-13 and -15 of 3.1.1; to 3.1 these bits mean nothing then.
        packet.check(level == 3 || has(flags, WILL) || (flags & (WILL_QOS | WILL_RETAIN)) == 0);
        // MQTT-3.1.2-22 of 3.1.1; 5 allows it.
        packet.check(level == 5 || has(flags, USER_NAME) || !has(flags, PASSWORD));
        return flags;
    }

    private static boolean has(int flags, int flag) {
        return (flags & flag) != 0;
    }

    // MQTT 3.1, CONNECT, payload: the remaining length has precedence over the flags, for clients older than those.
    private static boolean comes(Cursor packet, int level, int flags, int flag) {
        return has(flags, flag) && (level != 3 || !packet.atEnd());
    }

    private static void skipProperties(Cursor packet, int level) {
        if (level == 5) {
            packet.skip((int) packet.varInt(VAR_INT_BYTES, packet.left()));
        }
    }

    // MQTT-1.5.3-2 of 3.1.1 and MQTT-1.5.4-2 of 5: no NUL.
    private static String text(Cursor packet) {
        return packet.slice16().utf8(c -> c != 0);
    }
}
