package org.proxymachine.observe;

import java.net.InetSocketAddress;
import java.net.SocketAddress;
import java.util.concurrent.TimeUnit;
import org.jspecify.annotations.Nullable;
import org.proxymachine.address.Addresses;
import org.proxymachine.session.SessionReport;

/**
 * A session that ended, and when.
 *
 * @param endMillis since the epoch
 */
record AccessEntry(SessionReport report, long endMillis) {

    long acceptMillis() {
        return endMillis - TimeUnit.NANOSECONDS.toMillis(report.totalNanos());
    }

    /** Returns the address without its port, {@code unix:/path} for a unix socket, or null for none. */
    static @Nullable String host(@Nullable SocketAddress address) {
        if (address instanceof InetSocketAddress inet) {
            return Addresses.host(inet);
        }
        return address == null ? null : Addresses.format(address);
    }

    /** Returns the port, or -1 where there is none. */
    static int port(@Nullable SocketAddress address) {
        return address instanceof InetSocketAddress inet ? inet.getPort() : -1;
    }
}
