package org.proxymachine.route;

import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.UnknownHostException;
import java.nio.file.InvalidPathException;
import java.nio.file.Path;
import org.jspecify.annotations.Nullable;
import org.proxymachine.address.Addresses;
import org.proxymachine.address.LiteralAddress;

/** Where a connection is sent: {@code host:port}, {@code [v6]:port} or {@code unix:/path}. */
public sealed interface Destination {
    /** Four times what a name of the DNS may have (RFC 1035, section 2.3.4): names may come from clients. */
    int MAX_CHARS = 1_024;

    /** Of one that is too long. */
    int SHOWN_CHARS = 60;

    /**
     * A host, by name or literal address (without brackets), and a port from 1 to 65535.
     *
     * @param literal the address if the host is one, made once for all that connect to it; null for a name, and for an
     *     address in a zone, which may come and go
     */
    record Tcp(String host, int port, @Nullable InetSocketAddress literal) implements Destination {
        /**
         * @throws IllegalArgumentException for a port outside 1 to 65535, a host with a colon that is no IPv6 address, or
         *     one of numbers that is no IPv4 address
         */
        public Tcp(String host, int port) {
            this(host, port, literal(host, port));
        }

        /** An address is written in one way, so that it is found by its text, too (RFC 5952). */
        public Tcp {
            host = literal == null ? host : Addresses.text(literal.getAddress());
        }

        private static @Nullable InetSocketAddress literal(String host, int port) {
            if (port < 1 || port > 65_535) {
                throw new IllegalArgumentException("port must be from 1 to 65535, was " + port);
            }
            try {
                if (LiteralAddress.hasZone(host)) {
                    LiteralAddress.checkZoned(host);
                    return null;
                }
                InetAddress address = LiteralAddress.parse(host);
                if (address == null && LiteralAddress.isAmbiguous(host)) {
                    throw new IllegalArgumentException(
                            "must be a name or four decimal numbers without leading zeros, was \"" + host + "\"");
                }
                return address == null ? null : new InetSocketAddress(address, port);
            } catch (UnknownHostException e) {
                throw new IllegalArgumentException("must be an IPv6 address, was \"" + host + "\"", e);
            }
        }

        /** Tables are kept by destination: host and port say it all. */
        @Override
        public int hashCode() {
            return 31 * host.hashCode() + port;
        }

        @Override
        public boolean equals(@Nullable Object other) {
            return this == other || (other instanceof Tcp tcp && port == tcp.port && host.equals(tcp.host));
        }

        @Override
        public String toString() {
            return Addresses.hostAndPort(host, port);
        }
    }

    /** A unix stream socket, by its path. */
    record Unix(String path) implements Destination {
        @Override
        public String toString() {
            return "unix:" + path;
        }
    }

    /**
     * Reads a destination as a script writes it.
     *
     * @throws IllegalArgumentException with one line that says what was expected and what was found
     */
    static Destination parse(String text) {
        if (text.length() > MAX_CHARS) {
            throw new IllegalArgumentException("must be host:port, [v6]:port or unix:/path of at most " + MAX_CHARS
                    + " chars, was one of " + text.length() + ", \"" + text.substring(0, SHOWN_CHARS) + "…\"");
        }
        for (int i = 0; i < text.length(); i++) {
            if (text.charAt(i) <= ' ' || text.charAt(i) == 0x7f) {
                throw malformed(text);
            }
        }
        if (text.startsWith("unix:")) {
            return new Unix(path(text, text.substring("unix:".length())));
        }
        int colon = text.lastIndexOf(':');
        if (colon < 1 || colon == text.length() - 1) {
            throw malformed(text);
        }
        return new Tcp(host(text, text.substring(0, colon)), port(text, text.substring(colon + 1)));
    }

    private static String host(String text, String host) {
        boolean bracketed = host.startsWith("[") && host.endsWith("]");
        String bare = bracketed ? host.substring(1, host.length() - 1) : host;
        // A v6 address without brackets cannot be told from host:port.
        if (bare.isEmpty() || (bare.indexOf(':') >= 0) != bracketed) {
            throw malformed(text);
        }
        return bare;
    }

    private static String path(String text, String path) {
        try {
            if (!path.isEmpty()) {
                return Path.of(path).toString();
            }
        } catch (InvalidPathException e) {
            // Chars that the system's encoding does not have, most likely.
        }
        throw malformed(text);
    }

    private static int port(String text, String digits) {
        if (digits.length() > 5) {
            throw malformed(text);
        }
        int port = 0;
        for (int i = 0; i < digits.length(); i++) {
            char c = digits.charAt(i);
            if (c < '0' || c > '9') {
                throw malformed(text);
            }
            port = port * 10 + c - '0';
        }
        if (port < 1 || port > 65_535) {
            throw new IllegalArgumentException("port must be from 1 to 65535, was \"" + text + "\"");
        }
        return port;
    }

    private static IllegalArgumentException malformed(String text) {
        return new IllegalArgumentException("must be host:port, [v6]:port or unix:/path, was \"" + text + "\"");
    }
}
