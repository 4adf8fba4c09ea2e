package org.proxymachine.server;

import java.net.InetSocketAddress;
import java.net.SocketAddress;
import java.util.List;
import org.proxymachine.session.Limits;

/**
 * What a server is told at its start.
 *
 * @param address to listen on; port 0 picks a free one
 * @param acceptProxy where the proxies are that begin with a PROXY header, which is believed
 * @param maxConnections clients at a time; past it the kernel's backlog holds the rest
 * @param maxBufferBytes direct memory for what slow receivers have not taken yet; past it reads are small
 */
public record ServerOptions(
        InetSocketAddress address, List<Network> acceptProxy, Limits limits, int maxConnections, long maxBufferBytes) {
    /** Options with half of what the JVM allows for direct memory, which is as much as its heap may take. */
    public ServerOptions(InetSocketAddress address, List<Network> acceptProxy, Limits limits, int maxConnections) {
        this(address, acceptProxy, limits, maxConnections, Runtime.getRuntime().maxMemory() / 2);
    }

    /** @throws IllegalArgumentException if there is no room for a single connection */
    public ServerOptions {
        acceptProxy = List.copyOf(acceptProxy);
        if (maxConnections < 1) {
            throw new IllegalArgumentException("max connections must be 1 or more, was " + maxConnections);
        }
    }

    /** Whether this peer begins with a PROXY header. */
    boolean isProxy(SocketAddress peer) {
        if (peer instanceof InetSocketAddress inet) {
            for (Network network : acceptProxy) {
                if (network.contains(inet.getAddress())) {
                    return true;
                }
            }
        }
        return false;
    }
}
