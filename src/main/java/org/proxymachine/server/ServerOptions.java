package org.proxymachine.server;

import java.net.InetSocketAddress;
import java.net.SocketAddress;
import java.util.List;
import org.proxymachine.address.Network;
import org.proxymachine.session.Limits;

/**
 * What a server is told at its start.
 *
 * @param addresses to listen on, of TCP or of unix sockets; port 0 picks a free one
 * @param socketMode who may connect to the unix sockets among them, as chmod(2) has it
 * @param reusePort whether others of the same user may listen on the TCP addresses among them, too: SO_REUSEPORT of
 *     socket(7)
 * @param acceptProxy where the proxies are that begin with a PROXY header, which is believed
 * @param maxConnections clients at a time; past it the kernel's backlog holds the rest
 * @param maxBufferBytes direct memory for what slow receivers have not taken yet; past it reads are small
 */
public record ServerOptions(
        List<SocketAddress> addresses,
        int socketMode,
        boolean reusePort,
        List<Network> acceptProxy,
        Limits limits,
        int maxConnections,
        long maxBufferBytes) {
    /** The owner and the group. */
    public static final int DEFAULT_SOCKET_MODE = 0660;

    /** Options with half of what the JVM allows for direct memory, which is as much as its heap may take. */
    public ServerOptions(
            List<SocketAddress> addresses,
            int socketMode,
            boolean reusePort,
            List<Network> acceptProxy,
            Limits limits,
            int maxConnections) {
        this(
                addresses,
                socketMode,
                reusePort,
                acceptProxy,
                limits,
                maxConnections,
                Runtime.getRuntime().maxMemory() / 2);
    }

    /** Options for a single address that no proxy is in front of. */
    public ServerOptions(SocketAddress address, Limits limits, int maxConnections) {
        this(List.of(address), DEFAULT_SOCKET_MODE, false, List.of(), limits, maxConnections);
    }

    /** @throws IllegalArgumentException if there is no room for a single connection */
    public ServerOptions {
        addresses = List.copyOf(addresses);
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
