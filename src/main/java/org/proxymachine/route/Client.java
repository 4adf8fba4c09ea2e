package org.proxymachine.route;

import java.net.SocketAddress;
import java.util.HashMap;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * What a router may know of a client. Lives until the connection is routed for good; belongs to the reactor's thread,
 * but for its {@link #session} map, which is the script's to use.
 */
public final class Client {
    private final long id;
    private final SocketAddress peer;
    private final SocketAddress local;
    private SocketAddress source;
    private SocketAddress destination;
    private Map<Integer, String> tlvs = Map.of();
    private @Nullable Map<Object, Object> session;
    private @Nullable Object memory;

    /** A client with its two addresses as seen at accept. */
    public Client(long id, SocketAddress peer, SocketAddress local) {
        this.id = id;
        this.peer = peer;
        this.local = local;
        this.source = peer;
        this.destination = local;
    }

    /** Takes down what a proxy in front of this one says of its own client, before the router hears of it. */
    public void introduce(SocketAddress source, SocketAddress destination) {
        this.source = source;
        this.destination = destination;
    }

    /** Takes down what else it says, as type-length-values of version 2. */
    public void introduce(Map<Integer, String> more) {
        this.tlvs = Map.copyOf(more);
    }

    /** Returns the number of this connection since the start of the daemon, from 1; 0 is the rehearsal before it. */
    public long id() {
        return id;
    }

    /** Returns the address at the other end of the connection. */
    public SocketAddress peer() {
        return peer;
    }

    /** Returns the address at this end. */
    public SocketAddress local() {
        return local;
    }

    /** Returns where the client connected from: the peer, unless that is a proxy that said whom it speaks for. */
    public SocketAddress source() {
        return source;
    }

    /** Returns where the client connected to, as seen there where it did. */
    public SocketAddress destination() {
        return destination;
    }

    /** Returns what else a proxy in front of this one said, by type (proxy-protocol.txt, section 2.2); mostly nothing. */
    public Map<Integer, String> tlvs() {
        return tlvs;
    }

    /** Returns what the router remembers of its last answer; null for nothing. */
    public @Nullable Object memory() {
        return memory;
    }

    /** Has the router remember this, and forget what it did. */
    public void remember(@Nullable Object what) {
        memory = what;
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
