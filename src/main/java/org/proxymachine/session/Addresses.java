package org.proxymachine.session;

import java.net.InetSocketAddress;
import java.net.SocketAddress;

/** Addresses as the logs write them. */
public final class Addresses {
    private Addresses() {}

    /** Returns {@code 192.0.2.1:80}, {@code [2001:db8::1]:80} or {@code unix:/path}; asks no name server. */
    public static String format(SocketAddress address) {
        if (!(address instanceof InetSocketAddress inet)) {
            return "unix:" + address;
        }
        // Not the name that an address may remember.
        String host = inet.getAddress() == null
                ? inet.getHostString()
                : inet.getAddress().getHostAddress();
        return (host.indexOf(':') < 0 ? host : "[" + host + "]") + ":" + inet.getPort();
    }
}
