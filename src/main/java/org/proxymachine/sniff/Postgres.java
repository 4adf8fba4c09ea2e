package org.proxymachine.sniff;

import java.nio.charset.StandardCharsets;
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
 * @param kind {@code startup}, {@code ssl}, {@code gssenc} or {@code cancel}
 * @param user who logs in, at a startup
 * @param database what to; the user's name if the client does not say, as the server has it
 * @param parameters all that a startup says, the two above included; the last of those with one name counts
 * @param protocol of a startup, such as {@code 3.0} or {@code 3.2}, else null
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

    /** The server's MAX_STARTUP_PACKET_LENGTH, which does not count the length itself. */
    private static final int MAX_BYTES = 4 + 10_000;

    /** With a key of 4 bytes up to protocol 3.0, of at most 256 since 3.2. */
    private static final int MIN_CANCEL_BYTES = 16;

    private static final int MAX_CANCEL_BYTES = 12 + 256;

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
        int length = length(cursor);
        Cursor packet = cursor.slice(length - 4);
        if (packet.peek() == 0) {
            return startup(packet, length);
        }
        return request(packet, length);
    }

    private static int length(Cursor cursor) {
        cursor.expect("\0\0");
        int high = cursor.u8();
        cursor.check(high <= MAX_BYTES >> 8);
        int length = high << 8 | cursor.u8();
        cursor.check(length >= MIN_BYTES && length <= MAX_BYTES);
        return length;
    }

    // Any minor version: the server negotiates down.
    private static Postgres startup(Cursor packet, int length) {
        packet.check(length > MIN_BYTES);
        packet.expect("\0\3");
        String protocol = "3." + packet.u16();
        Map<String, String> parameters = new LinkedHashMap<>();
        while (packet.peek() != 0) {
            String name = text(packet);
            parameters.put(name, text(packet));
        }
        packet.expect("\0");
        packet.check(packet.atEnd());
        String user = given(parameters, "user");
        String database = given(parameters, "database");
        return new Postgres("startup", user, database == null ? user : database, parameters, protocol, 0, length);
    }

    // The codes are versions from 1234.5678 on.
    private static Postgres request(Cursor packet, int length) {
        packet.check(packet.peek() == 4);
        packet.check(length == MIN_BYTES || (length >= MIN_CANCEL_BYTES && length <= MAX_CANCEL_BYTES));
        packet.expect("\4\322\26");
        int code = packet.u8();
        packet.check(length == MIN_BYTES ? code == 47 || code == 48 : code == 46);
        String kind = switch (code) {
            case 46 -> "cancel";
            case 47 -> "ssl";
            default -> "gssenc";
        };
        int processId = length == MIN_BYTES ? 0 : (int) packet.u32();
        return new Postgres(kind, null, null, Map.of(), null, processId, length);
    }

    /** Reads to a NUL: in UTF-8, which nobody promised; bytes that are something else become U+FFFD. */
    private static String text(Cursor packet) {
        return new String(Addresses.bytes(packet.until(0, MAX_BYTES, c -> true)), StandardCharsets.UTF_8);
    }

    private static @Nullable String given(Map<String, String> parameters, String name) {
        String value = parameters.get(name);
        return value == null || value.isEmpty() ? null : value;
    }
}
