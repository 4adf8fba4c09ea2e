package org.proxymachine.script;

import java.net.InetSocketAddress;
import java.net.SocketAddress;
import java.util.Map;
import org.proxymachine.address.Addresses;
import org.proxymachine.route.Client;

/** The client as a script sees it: {@code conn}. Public, with getters, for Groovy's sake. */
public final class ScriptConnection {
    private final Client client;

    ScriptConnection(Client client) {
        this.client = client;
    }

    /** Returns the number of this connection since the start of the daemon, from 1. */
    public long getId() {
        return client.id();
    }

    /** Returns the address at the other end of the connection. */
    public Address getPeer() {
        return new Address(client.peer());
    }

    /** Returns the address at this end. */
    public Address getLocal() {
        return new Address(client.local());
    }

    /** Returns where the client connected from: the peer, unless that is a proxy that said whom it speaks for. */
    public Address getSource() {
        return new Address(client.source());
    }

    /** Returns where the client connected to: here, unless it was to a proxy that said so. */
    public Address getDestination() {
        return new Address(client.destination());
    }

    /** Returns what else a PROXY header of version 2 said, as binary strings by type: 1 is the ALPN, 2 the server name. */
    public Map<Integer, String> getTlvs() {
        return client.tlvs();
    }

    /** Returns a map for the script's own notes, which lives as long as the connection is not routed for good. */
    public Map<Object, Object> getSession() {
        return client.session();
    }

    @Override
    public String toString() {
        return "connection " + getId() + " from " + getPeer();
    }

    /** A host and a port; a unix socket has {@code unix:/path} for its host and the port 0. */
    public static final class Address {
        private final SocketAddress address;

        Address(SocketAddress address) {
            this.address = address;
        }

        /** Returns the literal address; no name server is asked. */
        public String getHost() {
            return address instanceof InetSocketAddress inet ? Addresses.host(inet) : "unix:" + address;
        }

        /** Returns the port. */
        public int getPort() {
            return address instanceof InetSocketAddress inet ? inet.getPort() : 0;
        }

        @Override
        public String toString() {
            return Addresses.format(address);
        }
    }
}
