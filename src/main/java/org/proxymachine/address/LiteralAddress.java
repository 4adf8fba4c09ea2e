package org.proxymachine.address;

import java.net.Inet6Address;
import java.net.InetAddress;
import java.net.NetworkInterface;
import java.net.SocketException;
import java.net.UnknownHostException;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;

/** Addresses that are written as numbers, and need no look-up. */
public final class LiteralAddress {
    private static final int IPV4_BYTES = 4;

    /** As inet_aton(3) reads them, octal and hexadecimal ones as well. */
    private static final Pattern NUMBERS =
            Pattern.compile("(?:NUMBER\\.){0,3}NUMBER".replace("NUMBER", "(?:[0-9]+|0[xX][0-9a-fA-F]*)"));

    private LiteralAddress() {}

    /**
     * Whether this is numbers that some programs read as an IPv4 address and {@link #parse} does not, such as {@code 127.1},
     * {@code 2130706433} and {@code 0177.0.0.1}. They differ in what it says, so that what one of them has checked another one
     * may connect to; and no name of a host is like it (RFC 1123, section 2.1).
     */
    public static boolean isAmbiguous(String host) {
        return !host.isEmpty() && host.charAt(0) <= '9' && NUMBERS.matcher(host).matches() && v4(host) == null;
    }

    /** Whether this is an IPv6 address that says which of this machine's networks it belongs to (RFC 4007, section 11). */
    public static boolean hasZone(String host) {
        return host.indexOf(':') >= 0 && host.indexOf('%') >= 0;
    }

    /**
     * Returns the address that this host is, or null for a name; nobody is asked.
     *
     * @param host four decimal numbers (RFC 3986, section 3.2.2, IPv4address), or anything with a colon for IPv6, perhaps
     *     with a zone: the name of an interface, or its number
     * @throws UnknownHostException if it has a colon and is no IPv6 address, or if there is no such interface now
     */
    public static @Nullable InetAddress parse(String host) throws UnknownHostException {
        if (hasZone(host)) {
            return inZone(host, host.indexOf('%'));
        }
        if (host.indexOf(':') >= 0) {
            return v6(host);
        }
        byte[] v4 = v4(host);
        return v4 == null ? null : InetAddress.getByAddress(v4);
    }

    private static InetAddress v6(String host) throws UnknownHostException {
        // In brackets the JDK takes it for nothing else, and asks no name server about a malformed one.
        return InetAddress.getByName("[" + host + "]");
    }

    private static InetAddress inZone(String host, int percent) throws UnknownHostException {
        byte[] address = v6(host.substring(0, percent)).getAddress();
        String zone = host.substring(percent + 1);
        if (zone.matches("[0-9]{1,9}")) {
            return Inet6Address.getByAddress(null, address, Integer.parseInt(zone));
        }
        NetworkInterface network;
        try {
            network = zone.isEmpty() ? null : NetworkInterface.getByName(zone);
        } catch (SocketException e) {
            network = null;
        }
        if (network == null) {
            throw new UnknownHostException("there is no network interface \"" + zone + "\" now");
        }
        return Inet6Address.getByAddress(null, address, network.getIndex());
    }

    /** Checks the address of one that has a zone; the zone itself may come and go. */
    public static void checkZoned(String host) throws UnknownHostException {
        v6(host.substring(0, host.indexOf('%')));
        if (host.endsWith("%")) {
            throw new UnknownHostException("it has an empty zone");
        }
    }

    private static byte @Nullable [] v4(String host) {
        byte[] address = new byte[IPV4_BYTES];
        int number = -1;
        int count = 0;
        for (int i = 0; i < host.length(); i++) {
            char c = host.charAt(i);
            if (c >= '0' && c <= '9' && number != 0 && number < 26) {
                number = Math.max(number, 0) * 10 + c - '0';
            } else if (c == '.' && number >= 0 && number <= 255 && count < IPV4_BYTES - 1) {
                address[count++] = (byte) number;
                number = -1;
            } else {
                return null;
            }
        }
        if (count != IPV4_BYTES - 1 || number < 0 || number > 255) {
            return null;
        }
        address[count] = (byte) number;
        return address;
    }
}
