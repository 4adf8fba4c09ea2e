package org.proxymachine.sniff;

import java.util.HashSet;
import java.util.List;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/**
 * The ClientHello that a TLS client sends first (RFC 8446, section 4.1.2), from however many records (section 5.1), or in
 * the form of SSL 2, as old clients send it (RFC 5246, appendix E.2). What is odd in it is the server's to judge: what that
 * would have said is then left out.
 *
 * @param serverName the host asked for (server_name: RFC 6066, section 3) in lower case and without a dot at its end, as
 *     text in UTF-8; or null, also where it can be no name (RFC 6066 excludes IPv6 addresses) or there are two of them
 * @param alpn the protocols offered, in the client's order, such as {@code h2} (RFC 7301, section 3.1), as text in UTF-8;
 *     a byte that is none is a lone surrogate U+DC80 to U+DCFF
 * @param versions those offered, in the client's order, such as {@code 1.3}: of supported_versions (RFC 8446, section
 *     4.2.1) without the made-up ones of GREASE (RFC 8701), else the highest, which is all an older hello says; {@code ssl2},
 *     {@code ssl3}; four hexadecimal digits for one that has no name
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

    public Tls {
        alpn = List.copyOf(alpn);
        versions = List.copyOf(versions);
    }

    /**
     * Reads a ClientHello.
     *
     * @param data a binary string of all that has come so far
     * @return null if this is not TLS
     * @throws NeedMore while it may yet be
     */
    public static @Nullable Tls parse(String data) {
        return Cursor.parse(data, Tls::read);
    }

    private static Tls read(Cursor cursor) {
        if (Ssl2Hello.begins(cursor)) {
            return Ssl2Hello.read(cursor);
        }
        String message = TlsRecords.read(cursor, Tls::checkHello);
        return readHello(Cursor.of(message), cursor.position());
    }

    /** All but this is for the server to judge, which answers in words of TLS. */
    private static void checkHello(Cursor message) {
        message.check(message.u8() == CLIENT_HELLO);
        message.check(message.peek() <= 2);
    }

    private static Tls readHello(Cursor message, int length) {
        message.skip(1);
        Cursor hello = message.slice(message.u24());
        List<String> versions = hello.left() < 2 ? List.of() : List.of(TlsExtensions.version(hello.u16()));
        Cursor extensions = TlsExtensions.of(hello);
        String serverName = null;
        List<String> alpn = List.of();
        boolean ech = false;
        Set<Integer> seen = new HashSet<>();
        while (extensions.left() >= 4) {
            int type = extensions.u16();
            int bytes = Math.min(extensions.u16(), extensions.left());
            Cursor extension = extensions.slice(bytes);
            // RFC 8446, section 4.2. Of two server names the backend might take the other one.
            boolean first = seen.add(type);
            switch (type) {
                case SERVER_NAME -> serverName = first ? TlsExtensions.serverName(extension) : null;
                case ALPN -> alpn = TlsExtensions.protocols(extension);
                case SUPPORTED_VERSIONS -> versions = TlsExtensions.versions(extension, versions);
                case ENCRYPTED_CLIENT_HELLO -> ech = true;
                default -> {}
            }
        }
        return new Tls(serverName, alpn, versions, ech, length);
    }
}
