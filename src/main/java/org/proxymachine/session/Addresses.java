package org.proxymachine.session;

import java.net.InetSocketAddress;

/** Addresses as the logs write them. */
public final class Addresses {
    private Addresses() {}

    /** Returns {@code 192.0.2.1:80} or {@code [2001:db8::1]:80}; asks no name server. */
    public static String format(InetSocketAddress address) {
        String host = address.getHostString();
        return (host.indexOf(':') < 0 ? host : "[" + host + "]") + ":" + address.getPort();
    }
}
