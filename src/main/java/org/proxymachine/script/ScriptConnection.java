package org.proxymachine.script;

import java.net.InetSocketAddress;
import java.util.Map;
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

    /** Returns the client's address. */
    public Address getPeer() {
        return new Address(client.peer());
    }

    /** Returns the address that the client connected to. */
    public Address getLocal() {
        return new Address(client.local());
    }

    /** Returns a map for the script's own notes, which lives as long as the connection is not routed for good. */
    public Map<Object, Object> getSession() {
        return client.session();
    }

    @Override
    public String toString() {
        return "connection " + getId() + " from " + getPeer();
    }

    /** A host and a port. */
    public static final class Address {
        private final InetSocketAddress address;

        Address(InetSocketAddress address) {
            this.address = address;
        }

        /** Returns the literal address; no name server is asked. */
        public String getHost() {
            return address.getHostString();
        }

        /** Returns the port. */
        public int getPort() {
            return address.getPort();
        }

        @Override
        public String toString() {
            return getHost().indexOf(':') < 0 ? getHost() + ":" + getPort() : "[" + getHost() + "]:" + getPort();
        }
    }
}
