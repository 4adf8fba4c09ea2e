package org.proxymachine.sniff;

import org.jspecify.annotations.Nullable;

/**
 * A request for SOCKS 4 ("SOCKS: A protocol for TCP proxy across firewalls", Ying-Da Lee, NEC) or 4A ("SOCKS 4A: A
 * Simple Extension to SOCKS 4 Protocol", the same); both at openssh.com/txt.
 *
 * <p>Text is UTF-8; a byte that is none is a lone surrogate U+DC80 to U+DCFF.
 *
 * @param command {@code connect}, {@code bind}, or the number of another one, such as {@code 3}, for the script to refuse
 * @param host four decimal numbers, or the name of a 4A request: in lower case, without a dot at its end; or the IPv6
 *     address that stands for one, in brackets or not, without them and as RFC 5952 writes it
 * @param port 0 to 65535
 * @param user the user id; mostly empty
 * @param length bytes of the request
 */
public record Socks4(String command, String host, int port, String user, int length) {

    /**
     * Reads a request.
     *
     * @param data a binary string of all that has come so far
     * @return null if this is not SOCKS 4
     * @throws NeedMore while it may yet be
     */
    public static @Nullable Socks4 parse(String data) {
        return Cursor.parse(data, Socks4::read);
    }

    /**
     * Returns host and port as a decision's {@code remote} takes them. The host is what a stranger said: look at it, or
     * the proxy is a way into all networks that it can reach.
     *
     * @return {@code host:port}, or {@code [v6]:port} where a 4A name is an IPv6 address; null for port 0 and a name that
     *     is none
     */
    public @Nullable String getRemote() {
        return Addresses.remote(host, port);
    }

    private static Socks4 read(Cursor cursor) {
        cursor.expect("\4");
        int command = cursor.u8();
        int port = cursor.u16();
        String address = cursor.take(Addresses.IPV4_BYTES);
        int start = cursor.position();
        cursor.past(0);
        // 4A: an address that cannot be, 0.0.0.x with another x than 0, and the name at the end.
        boolean named = address.startsWith("\0\0\0") && !address.endsWith("\0");
        if (named) {
            cursor.past(0);
        }
        Cursor texts = cursor.from(start);
        String user = Text.of(texts.until(0));
        String host = named ? HostName.of(Text.of(texts.until(0))) : Addresses.text(Addresses.bytes(address));
        return new Socks4(command(command), host, port, user, cursor.position());
    }

    private static String command(int command) {
        return switch (command) {
            case 1 -> "connect";
            case 2 -> "bind";
            default -> String.valueOf(command);
        };
    }
}
