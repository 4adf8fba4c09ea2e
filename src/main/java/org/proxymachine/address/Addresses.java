package org.proxymachine.address;

import java.net.Inet6Address;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.NetworkInterface;
import java.net.SocketAddress;
import java.util.Arrays;

/**
 * Addresses as text, each in one form only: IPv4 as four decimal numbers, IPv6 as RFC 5952 has it. No name server is
 * asked.
 */
public final class Addresses {
    private static final int IPV4_BYTES = 4;

    /** What begins an IPv6 address that stands for an IPv4 one (RFC 4291, section 2.5.5.2). */
    private static final byte[] MAPPED = {0, 0, 0, 0, 0, 0, 0, 0, 0, 0, -1, -1};

    private Addresses() {}

    /** Returns {@code 192.0.2.1:80}, {@code [2001:db8::1]:80} or {@code unix:/path}. */
    public static String format(SocketAddress address) {
        return address instanceof InetSocketAddress inet ? hostAndPort(host(inet), inet.getPort()) : "unix:" + address;
    }

    /** Returns the host of an address without brackets: as text, or a name that was not looked up. */
    public static String host(InetSocketAddress address) {
        InetAddress host = address.getAddress();
        return host == null ? address.getHostString() : text(host);
    }

    /** Returns {@code host:port}, with brackets around a host that has a colon. */
    public static String hostAndPort(String host, int port) {
        return (host.indexOf(':') < 0 ? host : "[" + host + "]") + ":" + port;
    }

    /** Returns an address, with the zone of one that has a zone (RFC 4007, section 11). */
    public static String text(InetAddress address) {
        String text = text(address.getAddress());
        if (address instanceof Inet6Address v6) {
            NetworkInterface zone = v6.getScopedInterface();
            if (zone != null) {
                return text + "%" + zone.getName();
            }
            if (v6.getScopeId() > 0) {
                return text + "%" + v6.getScopeId();
            }
        }
        return text;
    }

    /** Returns 4 bytes as a dotted quad and 16 as RFC 5952 has it, v4-mapped ones in its mixed notation (section 5). */
    public static String text(byte[] address) {
        if (address.length == IPV4_BYTES) {
            return dotted(address, 0);
        }
        return Arrays.equals(address, 0, MAPPED.length, MAPPED, 0, MAPPED.length)
                ? "::ffff:" + dotted(address, MAPPED.length)
                : groups(address);
    }

    /** Returns 16 bytes as RFC 5952 has it, all of them in hexadecimal. */
    public static String groups(byte[] address) {
        int gap = -1;
        int longest = 1; // A lone zero is not shortened (section 4.2.2).
        for (int i = 0; i < address.length / 2; i++) {
            int zeros = 0;
            while (i + zeros < address.length / 2 && group(address, i + zeros) == 0) {
                zeros++;
            }
            if (zeros > longest) {
                gap = i;
                longest = zeros;
            }
        }
        StringBuilder text = new StringBuilder();
        for (int i = 0; i < address.length / 2; i++) {
            if (i == gap) {
                text.append("::");
                i += longest - 1;
            } else {
                text.append(text.isEmpty() || i == gap + longest ? "" : ":")
                        .append(Integer.toHexString(group(address, i)));
            }
        }
        return text.toString();
    }

    private static String dotted(byte[] address, int at) {
        return (address[at] & 0xff)
                + "." + (address[at + 1] & 0xff)
                + "." + (address[at + 2] & 0xff)
                + "." + (address[at + 3] & 0xff);
    }

    private static int group(byte[] address, int index) {
        return (address[2 * index] & 0xff) << 8 | (address[2 * index + 1] & 0xff);
    }
}
