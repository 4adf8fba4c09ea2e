package org.proxymachine.address;

import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.SocketAddress;
import java.net.UnknownHostException;
import java.util.Locale;
import java.util.function.Predicate;
import org.jspecify.annotations.Nullable;

/** What somebody looks for among addresses: one address, in whatever form, or text that is part of one. */
public final class AddressFilter {
    private AddressFilter() {}

    /**
     * Returns what holds for the addresses that are meant: with {@code 2001:db8:0::1} or {@code [2001:db8::1]} that address
     * at each port, with {@code [2001:db8::1]:80} at this one, with {@code 2001:db8::/32} those of the network, with anything
     * else those in whose text it is.
     *
     * @throws IllegalArgumentException with one line that says what was expected and found, for a network that can be none
     */
    public static Predicate<SocketAddress> of(String text) {
        InetAddress whole = literal(text);
        if (whole != null) {
            return address -> address instanceof InetSocketAddress inet && whole.equals(inet.getAddress());
        }
        if (text.indexOf('/') > 0 && !text.startsWith("unix:")) {
            Network network = Network.parse(text);
            return address -> address instanceof InetSocketAddress inet && network.contains(inet.getAddress());
        }
        int colon = text.lastIndexOf(':');
        InetAddress host = colon < 0 ? null : literal(text.substring(0, colon));
        if (host != null && text.substring(colon + 1).matches("[0-9]{1,5}")) {
            int port = Integer.parseInt(text.substring(colon + 1));
            return address -> address instanceof InetSocketAddress inet
                    && host.equals(inet.getAddress())
                    && inet.getPort() == port;
        }
        String part = text.toLowerCase(Locale.ROOT);
        return address -> Addresses.format(address).toLowerCase(Locale.ROOT).contains(part);
    }

    private static @Nullable InetAddress literal(String text) {
        boolean bracketed = text.startsWith("[") && text.endsWith("]");
        try {
            return LiteralAddress.parse(bracketed ? text.substring(1, text.length() - 1) : text);
        } catch (UnknownHostException e) {
            return null;
        }
    }
}
