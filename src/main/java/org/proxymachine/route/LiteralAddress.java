package org.proxymachine.route;

import java.net.InetAddress;
import java.net.UnknownHostException;
import org.jspecify.annotations.Nullable;

/** Addresses that are written as numbers, and need no look-up. */
public final class LiteralAddress {
    private static final int IPV4_BYTES = 4;

    private LiteralAddress() {}

    /**
     * Returns the address that this host is, or null for a name; nobody is asked.
     *
     * @param host four decimal numbers (RFC 3986, section 3.2.2, IPv4address), or anything with a colon for IPv6
     * @throws UnknownHostException if it has a colon and is no IPv6 address
     */
    public static @Nullable InetAddress parse(String host) throws UnknownHostException {
        if (host.indexOf(':') >= 0) {
            // In brackets the JDK takes it for nothing else, and asks no name server about a malformed one.
            return InetAddress.getByName("[" + host + "]");
        }
        byte[] address = new byte[IPV4_BYTES];
        int number = -1;
        int count = 0;
        for (int i = 0; i < host.length(); i++) {
            char c = host.charAt(i);
            if (c >= '0' && c <= '9' && number < 26) {
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
        return InetAddress.getByAddress(address);
    }
}
