package org.proxymachine.sniff;

import java.util.List;
import org.jspecify.annotations.Nullable;

/** The three messages of a SOCKS 5 client, in the order in which it sends them; each waits for an answer. */
public final class Socks5 {
    private Socks5() {}

    /**
     * The methods that a client can authenticate with (RFC 1928, section 3). The answer is {@code 5} and one of them, or
     * {@code 5 255}.
     *
     * @param methods such as 0 for none and 2 for {@link Login}; may be empty
     * @param length bytes of the message
     */
    public record Greeting(List<Integer> methods, int length) {
        /** Copies the methods. */
        public Greeting {
            methods = List.copyOf(methods);
        }
    }

    /**
     * Name and password (RFC 1929, section 2). The answer is {@code 1 0}, or {@code 1} and another number.
     *
     * @param user text: UTF-8, as the RFC names no encoding; a byte that is none is a lone surrogate U+DC80 to U+DCFF
     * @param password likewise; both may be empty, against the RFC, as clients send them so
     * @param length bytes of the message
     */
    public record Login(String user, String password, int length) {
        /** Leaves the password out. */
        @Override
        public String toString() {
            return "Login[user=" + user + ", length=" + length + "]";
        }
    }

    /**
     * What the client wants (RFC 1928, section 4).
     *
     * @param command {@code connect}, {@code bind} or {@code udp-associate}; or the number of another one, such as {@code
     *     240}, for the script to refuse with 7
     * @param addressType 1 (IPv4), 3 (a name) or 4 (IPv6); another one is for the script to refuse with 8
     * @param host a name as text, in lower case, without a dot at its end; four decimal numbers; or an IPv6 address
     *     without brackets as RFC 5952 writes it, also where it was sent as a name; null for another type
     * @param port 0 to 65535; 0 for another type
     * @param length bytes of the message; for another type as far as it can be read, type included
     */
    public record Request(
            String command, int addressType, @Nullable String host, int port, int length) {
        /**
         * Returns host and port as a decision's {@code remote} takes them. The host is what a stranger said: look at it,
         * or the proxy is a way into all networks that it can reach.
         *
         * @return {@code host:port} or {@code [v6]:port}; null for port 0, no host, and a name that is none
         */
        public @Nullable String getRemote() {
            return host == null ? null : Addresses.remote(host, port);
        }
    }

    /**
     * Reads the first message.
     *
     * @param data a binary string of all that has come so far
     * @return null if this is not SOCKS 5
     * @throws NeedMore while it may yet be
     */
    public static @Nullable Greeting greeting(String data) {
        return Cursor.parse(data, Socks5::readGreeting);
    }

    /**
     * Reads the message that follows where method 2 was chosen.
     *
     * @param data a binary string of all that has come since
     * @return null if this is not a login
     * @throws NeedMore while it may yet be
     */
    public static @Nullable Login login(String data) {
        return Cursor.parse(data, Socks5::readLogin);
    }

    /**
     * Reads the message that follows once the client is authenticated.
     *
     * @param data a binary string of all that has come since
     * @return null if this is not a request
     * @throws NeedMore while it may yet be
     */
    public static @Nullable Request request(String data) {
        return Cursor.parse(data, Socks5::readRequest);
    }

    private static Greeting readGreeting(Cursor cursor) {
        cursor.expect("\5");
        List<Integer> methods = cursor.take(cursor.u8()).chars().boxed().toList();
        return new Greeting(methods, cursor.position());
    }

    private static Login readLogin(Cursor cursor) {
        cursor.expect("\1");
        String user = cursor.text(cursor.u8());
        String password = cursor.text(cursor.u8());
        return new Login(user, password, cursor.position());
    }

    private static Request readRequest(Cursor cursor) {
        cursor.expect("\5");
        String command = command(cursor.u8());
        // Reserved, and so looked at by no server.
        cursor.u8();
        int type = cursor.u8();
        String host = switch (type) {
            case 1 -> address(cursor, Addresses.IPV4_BYTES);
            case 3 -> HostName.of(cursor.text(cursor.u8()));
            case 4 -> address(cursor, Ipv6.BYTES);
            // How long such an address is, and whether a port follows, nobody knows.
            default -> null;
        };
        return new Request(command, type, host, host == null ? 0 : cursor.u16(), cursor.position());
    }

    private static String command(int command) {
        return switch (command) {
            case 1 -> "connect";
            case 2 -> "bind";
            case 3 -> "udp-associate";
            default -> String.valueOf(command);
        };
    }

    private static String address(Cursor cursor, int bytes) {
        return Addresses.text(Addresses.bytes(cursor.take(bytes)));
    }
}
