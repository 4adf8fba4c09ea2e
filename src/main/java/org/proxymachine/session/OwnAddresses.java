package org.proxymachine.session;

import java.net.SocketAddress;
import org.jspecify.annotations.Nullable;

/** The addresses at which this daemon itself listens, to which no client is connected. Asked on the reactor's thread. */
public interface OwnAddresses {
    /** Returns what of this daemon listens at an address, such as {@code admin endpoint}, or null. */
    @Nullable
    String at(SocketAddress remote);

    /**
     * Returns the same for a connection that is made, of which more is known: where both of its ends have one address,
     * that is this machine's, however new the address is.
     */
    @Nullable
    String reached(SocketAddress remote, SocketAddress local);
}
