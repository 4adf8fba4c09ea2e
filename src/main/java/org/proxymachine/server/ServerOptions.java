package org.proxymachine.server;

import java.net.InetSocketAddress;
import org.proxymachine.session.Limits;

/**
 * What a server is told at its start.
 *
 * @param address to listen on; port 0 picks a free one
 * @param maxConnections clients at a time; past it the kernel's backlog holds the rest
 * @param maxBufferBytes direct memory for what slow receivers have not taken yet; past it reads are small
 */
public record ServerOptions(InetSocketAddress address, Limits limits, int maxConnections, long maxBufferBytes) {
    /** Options with half of what the JVM allows for direct memory, which is as much as its heap may take. */
    public ServerOptions(InetSocketAddress address, Limits limits, int maxConnections) {
        this(address, limits, maxConnections, Runtime.getRuntime().maxMemory() / 2);
    }

    /** @throws IllegalArgumentException if there is no room for a single connection */
    public ServerOptions {
        if (maxConnections < 1) {
            throw new IllegalArgumentException("max connections must be 1 or more, was " + maxConnections);
        }
    }
}
