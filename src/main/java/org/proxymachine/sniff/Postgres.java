package org.proxymachine.sniff;

import java.util.Collections;
import java.util.LinkedHashMap;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * The first packet of a PostgreSQL client (PostgreSQL documentation, "Message Formats": StartupMessage, SSLRequest,
 * GSSENCRequest, CancelRequest).
 *
 * <p>A client that asks for encryption waits for one byte, and goes on in plain text with a startup packet after an
 * {@code N}.
 *
 * <p>Text is UTF-8, which nobody promised; a byte that is none is a lone surrogate U+DC80 to U+DCFF.
 *
 * @param kind {@code startup}, {@code ssl}, {@code gssenc}, {@code cancel}, or {@code unknown} for another request of
 *     their kind
 * @param user who logs in, at a startup
 * @param database what to; the user's name if the client does not say, as the server has it
 * @param parameters all that a startup says, the two above included; the last of those with one name counts
 * @param protocol of a startup, such as {@code 3.0} or {@code 3.2}, and of an unknown request, else null
 * @param processId whose statement a {@code cancel} is to end (as the server's BackendKeyData said it), else 0
 * @param length bytes of the packet
 */
public record Postgres(
        String kind,
        @Nullable String user,
        @Nullable String database,
        Map<String, String> parameters,
        @Nullable String protocol,
        int processId,
        int length) {
    private static final int MIN_BYTES = 8;

    /** NEGOTIATE_SSL_CODE and its like in pqcomm.h are versions 1234.x. */
    private static final int NEGOTIATION = 1234;

    /** Copies the parameters. */
    public Postgres {
        parameters = Collections.unmodifiableMap(new LinkedHashMap<>(parameters));
    }

    /**
     * Reads a packet.
     *
     * @param data a binary string of all that has come so far
     * @return null if this is not PostgreSQL
     * @throws NeedMore while it may yet be
     */
    public static @Nullable Postgres parse(String data) {
        return Cursor.parse(data, Postgres::read);
    }

    private static Postgres read(Cursor cursor) {
        // The first byte tells it from other protocols. The server takes 10,000 bytes (MAX_STARTUP_PACKET_LENGTH).
        cursor.expect("\0");
        int length = cursor.u24();
        cursor.check(length >= MIN_BYTES);
        Cursor packet = cursor.slice(length - 4);
        int major = major(packet);
        int minor = packet.u16();
        packet.awaitEnd();
        return major == NEGOTIATION ? request(packet, minor, length) : startup(packet, major + "." + minor, length);
    }

    private static int major(Cursor packet) {
        int high = packet.u8();
        packet.check(high == 0 || high == NEGOTIATION >> 8);
        int major = high << 8 | packet.u8();
        packet.check(high == 0 ? major > 0 : major == NEGOTIATION);
        return major;
    }

    private static Postgres startup(Cursor packet, String protocol, int length) {
        Map<String, String> parameters = protocol.startsWith("2.") ? fixed(packet) : parameters(packet);
        String user = given(parameters, "user");
        String database = given(parameters, "database");
        return new Postgres("startup", user, database == null ? user : database, parameters, protocol, 0, length);
    }

    // Any minor version: the server negotiates down. A packet without its terminator, or with more behind it, the
    // server refuses in words that the client can read.
    private static Map<String, String> parameters(Cursor packet) {
        Map<String, String> parameters = new LinkedHashMap<>();
        String[] words = packet.rest().split("\0", -1);
        for (int i = 0; i + 1 < words.length && !words[i].isEmpty(); i += 2) {
            parameters.put(Text.of(words[i]), Text.of(words[i + 1]));
        }
        return parameters;
    }

    /** Of the protocol before PostgreSQL 7.4: a StartupPacket of fields that end with a NUL or are full. */
    private static Map<String, String> fixed(Cursor packet) {
        String[] names = {"database", "user", "options", "unused", "tty"};
        int[] sizes = {64, 32, 64, 64, 64};
        Map<String, String> parameters = new LinkedHashMap<>();
        for (int i = 0; i < names.length && !packet.atEnd(); i++) {
            String field = packet.take(Math.min(sizes[i], packet.left()));
            int end = field.indexOf('\0');
            parameters.put(names[i], Text.of(end < 0 ? field : field.substring(0, end)));
        }
        return parameters;
    }

    private static Postgres request(Cursor packet, int code, int length) {
        String kind = switch (code) {
            case 5678 -> "cancel";
            case 5679 -> "ssl";
            case 5680 -> "gssenc";
            default -> "unknown";
        };
        int processId = kind.equals("cancel") && packet.left() >= 4 ? (int) packet.u32() : 0;
        String protocol = kind.equals("unknown") ? NEGOTIATION + "." + code : null;
        return new Postgres(kind, null, null, Map.of(), protocol, processId, length);
    }

    private static @Nullable String given(Map<String, String> parameters, String name) {
        String value = parameters.get(name);
        return value == null || value.isEmpty() ? null : value;
    }
}
