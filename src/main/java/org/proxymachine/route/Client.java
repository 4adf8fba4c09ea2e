package org.proxymachine.route;

import java.net.InetSocketAddress;
import java.util.HashMap;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * What a router may know of a client. Lives until the connection is routed for good; belongs to the reactor's thread,
 * but for its {@link #session} map, which is the script's to use.
 */
public final class Client {
    private final long id;
    private final InetSocketAddress peer;
    private final InetSocketAddress local;
    private @Nullable Map<Object, Object> session;

    /** A client with its two addresses as seen at accept. */
    public Client(long id, InetSocketAddress peer, InetSocketAddress local) {
        this.id = id;
        this.peer = peer;
        this.local = local;
    }

    /** Returns the number of this connection since the start of the daemon, from 1; 0 is the rehearsal before it. */
    public long id() {
        return id;
    }

    /** Returns the client's address. */
    public InetSocketAddress peer() {
        return peer;
    }

    /** Returns the address that the client connected to. */
    public InetSocketAddress local() {
        return local;
    }

    /** Returns the router's own notes on this connection. */
    public Map<Object, Object> session() {
        Map<Object, Object> notes = session;
        if (notes == null) {
            notes = new HashMap<>();
            session = notes;
        }
        return notes;
    }
}
