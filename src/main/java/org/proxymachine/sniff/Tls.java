package org.proxymachine.sniff;

import java.util.ArrayList;
import java.util.HashSet;
import java.util.HexFormat;
import java.util.List;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/**
 * The ClientHello that a TLS client sends first (RFC 8446, section 4.1.2), from however many records (section 5.1). One of
 * SSL 2 is not read.
 *
 * @param serverName the host asked for (server_name: RFC 6066, section 3) in lower case and without a dot at its end, or
 *     null
 * @param alpn the protocols offered, in the client's order, such as {@code h2} (RFC 7301, section 3.1)
 * @param versions those offered, in the client's order, such as {@code 1.3}: of supported_versions (RFC 8446, section
 *     4.2.1) without the made-up ones of GREASE (RFC 8701), else the highest, which is all an older hello says
 * @param ech whether there is an encrypted_client_hello (RFC 9849, section 5). The server name is then only the public one
 *     of whoever can decrypt it; or the real one, if the extension is made up (section 6.2), which nobody here can tell
 * @param length bytes to the end of the record that has the hello's last one
 */
public record Tls(@Nullable String serverName, List<String> alpn, List<String> versions, boolean ech, int length) {
    private static final int CLIENT_HELLO = 1;

    private static final int SERVER_NAME = 0;
    private static final int ALPN = 16;
    private static final int SUPPORTED_VERSIONS = 43;
    private static final int ENCRYPTED_CLIENT_HELLO = 0xfe0d;

    private static final int HANDSHAKE_HEADER_BYTES = 4;

    /** RFC 8446, section 5.2: 2^14 and 256. */
    private static final int MAX_RECORD_BYTES = 0x4100;

    private static final int MAX_NAME_BYTES = 255;

    public Tls {
        alpn = List.copyOf(alpn);
        versions = List.copyOf(versions);
    }

    /**
     * Reads a ClientHello of less than 64 KiB.
     *
     * @param data a binary string of all that has come so far
     * @return null if this is not TLS, or too long
     * @throws NeedMore while it may yet be
     */
    public static @Nullable Tls parse(String data) {
        return Cursor.parse(data, Tls::read);
    }

    private static Tls read(Cursor records) {
        StringBuilder message = new StringBuilder();
        try {
            unwrap(records, message);
        } catch (NeedMore e) {
            // What has come may tell all the same that this is no hello; if not, it is too short below as well.
        }
        Tls tls = Cursor.parse(message.toString(), hello -> readHello(hello, records.position()));
        if (tls == null) {
            throw Mismatch.INSTANCE;
        }
        return tls;
    }

    /** Appends the first handshake message, as far as it has come, and steps over its records. */
    private static void unwrap(Cursor records, StringBuilder message) {
        while (message.length() < messageBytes(message)) {
            records.expect("\26\3");
            records.skip(1);
            int high = records.u8();
            records.check(high <= MAX_RECORD_BYTES >> 8);
            int length = high << 8 | records.u8();
            records.check(length > 0 && length <= MAX_RECORD_BYTES);
            Cursor fragment = records.slice(length);
            while (!fragment.atEnd() && message.length() < messageBytes(message)) {
                message.append((char) fragment.u8());
            }
        }
    }

    // Without the highest of the three bytes of a length: where that is not 0, the hello is refused.
    private static int messageBytes(StringBuilder message) {
        return HANDSHAKE_HEADER_BYTES
                + (message.length() < HANDSHAKE_HEADER_BYTES ? 0 : message.charAt(2) << 8 | message.charAt(3));
    }

    private static Tls readHello(Cursor message, int length) {
        message.check(message.u8() == CLIENT_HELLO);
        message.check(message.u8() == 0);
        Cursor hello = message.slice16();
        hello.check(hello.peek() == 3);
        List<String> versions = List.of(version(hello.u16()));
        hello.skip(32);
        int sessionIdBytes = hello.u8();
        hello.check(sessionIdBytes <= 32);
        hello.skip(sessionIdBytes);
        int cipherSuiteBytes = hello.slice16().left();
        hello.check(cipherSuiteBytes > 0 && cipherSuiteBytes % 2 == 0);
        int compressionMethods = hello.u8();
        hello.check(compressionMethods > 0);
        hello.skip(compressionMethods);

        String serverName = null;
        List<String> alpn = List.of();
        boolean ech = false;
        Set<Integer> seen = new HashSet<>();
        if (!hello.atEnd()) {
            expectLengthOfRest(hello);
        }
        while (!hello.atEnd()) {
            int type = hello.u16();
            // RFC 8446, section 4.2. Of two server names the backend might take the other one.
            hello.check(seen.add(type));
            Cursor extension = hello.slice16();
            switch (type) {
                case SERVER_NAME -> serverName = serverName(extension);
                case ALPN -> alpn = protocols(extension);
                case SUPPORTED_VERSIONS -> versions = versions(extension);
                case ENCRYPTED_CLIENT_HELLO -> ech = true;
                default -> {}
            }
        }
        return new Tls(serverName, alpn, versions, ech, length);
    }

    private static @Nullable String serverName(Cursor names) {
        String host = null;
        expectLengthOfRest(names);
        do {
            int type = names.u8();
            names.check(type != 0 || host == null);
            Cursor name = names.slice16();
            if (type == 0) {
                host = host(name);
            }
        } while (!names.atEnd());
        return host;
    }

    private static String host(Cursor name) {
        name.check(name.left() <= MAX_NAME_BYTES);
        StringBuilder host = new StringBuilder();
        int previous = '.';
        do {
            int c = name.u8();
            name.check(c == '.' ? previous != '.' : isLetterOrDigit(c) || c == '-' || c == '_');
            host.append(Character.toLowerCase((char) c));
            previous = c;
        } while (!name.atEnd());
        if (previous == '.') {
            host.setLength(host.length() - 1);
        }
        return host.toString();
    }

    private static boolean isLetterOrDigit(int c) {
        return (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || (c >= '0' && c <= '9');
    }

    private static List<String> protocols(Cursor list) {
        List<String> protocols = new ArrayList<>();
        expectLengthOfRest(list);
        do {
            int bytes = list.u8();
            list.check(bytes > 0);
            protocols.add(list.take(bytes));
        } while (!list.atEnd());
        return protocols;
    }

    private static List<String> versions(Cursor list) {
        List<String> versions = new ArrayList<>();
        int bytes = list.u8();
        list.check(bytes == list.left() && bytes % 2 == 0);
        do {
            int version = list.u16();
            if (!isGrease(version)) {
                versions.add(version(version));
            }
        } while (!list.atEnd());
        return versions;
    }

    private static boolean isGrease(int value) {
        return (value & 0x0f0f) == 0x0a0a && value >> 8 == (value & 0xff);
    }

    private static String version(int version) {
        if (version >> 8 != 3) {
            // A draft's.
            return HexFormat.of().toHexDigits((short) version);
        }
        int minor = version & 0xff;
        return minor == 0 ? "ssl3" : "1." + (minor - 1);
    }

    private static void expectLengthOfRest(Cursor vector) {
        int length = vector.left() - 2;
        vector.check(vector.u8() == length >> 8);
        vector.check(vector.u8() == (length & 0xff));
    }
}
