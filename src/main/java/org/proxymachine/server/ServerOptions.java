package org.proxymachine.server;

import java.net.InetSocketAddress;
import org.proxymachine.session.Limits;

/**
 * What a server is told at its start.
 *
 * @param address to listen on; port 0 picks a free one
 * @param maxConnections clients at a time; past it the kernel's backlog holds the rest
 */
public record ServerOptions(InetSocketAddress address, Limits limits, int maxConnections) {
    /** @throws IllegalArgumentException if there is no room for a single connection */
    public ServerOptions {
        if (maxConnections < 1) {
            throw new IllegalArgumentException("max connections must be 1 or more, was " + maxConnections);
        }
    }
}
