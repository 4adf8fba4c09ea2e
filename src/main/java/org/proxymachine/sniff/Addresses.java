package org.proxymachine.sniff;

import java.net.InetAddress;
import java.net.UnknownHostException;
import java.nio.charset.StandardCharsets;
import java.util.Arrays;
import org.jspecify.annotations.Nullable;
import org.proxymachine.address.LiteralAddress;

/** Addresses as numbers and as text. Nobody is asked about a name. */
final class Addresses {
    static final int IPV4_BYTES = 4;

    /** What begins an IPv6 address that stands for an IPv4 one (RFC 4291, section 2.5.5.2). */
    private static final byte[] MAPPED = {0, 0, 0, 0, 0, 0, 0, 0, 0, 0, -1, -1};

    private Addresses() {}

    /** Reads four decimal numbers without leading zeros (RFC 3986, section 3.2.2), and leaves what follows. */
    static byte[] ipv4(Cursor cursor) {
        byte[] address = new byte[IPV4_BYTES];
        for (int i = 0; i < IPV4_BYTES; i++) {
            if (i > 0) {
                cursor.expect(".");
            }
            address[i] = (byte) cursor.decimal(255);
        }
        return address;
    }

    /** Returns the address that these 4 or 16 bytes are: for a v4-mapped one, as everywhere in the JDK, the IPv4 one. */
    static InetAddress of(byte[] address) {
        try {
            return InetAddress.getByAddress(address);
        } catch (UnknownHostException e) {
            throw new IllegalArgumentException("address must have 4 or 16 bytes, had " + address.length, e);
        }
    }

    static byte[] bytes(String binary) {
        return binary.getBytes(StandardCharsets.ISO_8859_1);
    }

    /** Writes 4 bytes as a dotted quad and 16 as RFC 5952 has it, v4-mapped ones in its mixed notation (section 5). */
    static String text(byte[] address) {
        return org.proxymachine.address.Addresses.text(address);
    }

    /** Writes 16 bytes as RFC 5952 has it, all of them in hexadecimal. */
    static String groups(byte[] address) {
        return org.proxymachine.address.Addresses.groups(address);
    }

    /** Returns the v4-mapped address for an IPv4 one, and any other as it is. */
    static byte[] mapped(byte[] address) {
        if (address.length != IPV4_BYTES) {
            return address;
        }
        byte[] mapped = Arrays.copyOf(MAPPED, Ipv6.BYTES);
        System.arraycopy(address, 0, mapped, MAPPED.length, IPV4_BYTES);
        return mapped;
    }

    /**
     * Writes {@code host:port} for a decision's {@code remote}, an IPv6 address in brackets. Null for what is neither a
     * name nor an address there: port 0, odd characters, numbers that only some programs read as
     * an IPv4 address, and, since {@code unix:} begins a path, that name.
     */
    static @Nullable String remote(String host, int port) {
        if (port == 0 || host.equals("unix")) {
            return null;
        }
        if (host.indexOf(':') < 0) {
            return host.chars().allMatch(c -> Ascii.isLetterOrDigit(c) || "-._".indexOf(c) >= 0)
                            && !LiteralAddress.isAmbiguous(host)
                    ? host + ":" + port
                    : null;
        }
        byte[] address = Cursor.parse(host + "]", cursor -> Ipv6.read(cursor, ']'));
        return address == null ? null : "[" + host + "]:" + port;
    }
}
