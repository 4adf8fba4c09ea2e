package org.proxymachine.session;

import java.io.IOException;
import java.net.Inet4Address;
import java.net.Inet6Address;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.SocketAddress;
import java.net.StandardProtocolFamily;
import java.nio.channels.SelectionKey;
import java.nio.channels.SocketChannel;
import java.util.ArrayList;
import java.util.List;
import jdk.net.ExtendedSocketOptions;
import org.jspecify.annotations.Nullable;

/**
 * One attempt of a {@link Dial}: connects to the first of several addresses that answers. An address that fails makes
 * way for the next at once; one that is silent is waited for further while the next is tried beside it (RFC 8305,
 * section 5).
 */
final class Connector {
    private final Session session;
    private final Dial dial;
    private final List<SocketAddress> addresses;
    private final List<Endpoint> underWay = new ArrayList<>(1);
    private int next;
    private CloseReason reason = CloseReason.CONNECT_FAILED;
    private String error = "no address";

    Connector(Session session, Dial dial, List<SocketAddress> addresses) {
        this.session = session;
        this.dial = dial;
        this.addresses = addresses;
    }

    /** Returns how many addresses have not been tried. */
    int left() {
        return addresses.size() - next;
    }

    /** Tries the next address that does not fail at once; without one, the attempt fails when nothing is under way. */
    void tryNext() {
        while (next < addresses.size()) {
            if (start(target(addresses.get(next++)))) {
                return;
            }
        }
        if (underWay.isEmpty()) {
            dial.attemptFailed(reason, error);
        } else {
            dial.waits();
        }
    }

    // To connect to 0.0.0.0 is to connect to this machine (ip(7)): the JDK does the same, and does not say so.
    private static SocketAddress target(SocketAddress address) {
        if (address instanceof InetSocketAddress inet && inet.getAddress().isAnyLocalAddress()) {
            return new InetSocketAddress(loopback(inet.getAddress()), inet.getPort());
        }
        return address;
    }

    private static InetAddress loopback(InetAddress any) {
        byte[] bytes = any.getAddress();
        bytes[bytes.length - 1] = 1;
        if (any instanceof Inet4Address) {
            bytes[0] = 127;
        }
        try {
            return InetAddress.getByAddress(bytes);
        } catch (IOException e) {
            throw new IllegalStateException(e);
        }
    }

    /** Returns whether this address is being connected to, or is connected; if not, why is noted. */
    private boolean start(SocketAddress address) {
        session.tries(address);
        String own = session.context().own().at(address);
        if (own != null) {
            isOwn(own);
            return false;
        }
        SocketChannel channel = null;
        try {
            channel = open(address);
            if (!session.up().pending().isEmpty()) {
                joinHandshakeAndData(channel);
            }
            // Asked at once: within a host or rack the handshake is often over when connect(2) returns, and a poll(2)
            // costs less than two changes of interest and a turn of the loop.
            boolean connected = channel.connect(address) || channel.finishConnect();
            Endpoint endpoint = new Endpoint(
                    session.reactor(), channel, connected ? 0 : SelectionKey.OP_CONNECT, session::backendReady);
            underWay.add(endpoint);
            if (connected) {
                return reached(endpoint);
            }
            dial.waits();
            return true;
        } catch (IOException | RuntimeException e) {
            note(e);
            if (channel != null) {
                session.reactor().close(channel);
            }
            return false;
        }
    }

    private void isOwn(String what) {
        reason = CloseReason.CONNECT_FAILED;
        error = "it is this daemon's own " + what;
    }

    private static SocketChannel open(SocketAddress address) throws IOException {
        SocketChannel channel = SocketChannel.open(family(address));
        channel.configureBlocking(false);
        return channel;
    }

    private static StandardProtocolFamily family(SocketAddress address) {
        if (address instanceof InetSocketAddress inet) {
            return inet.getAddress() instanceof Inet6Address
                    ? StandardProtocolFamily.INET6
                    : StandardProtocolFamily.INET;
        }
        return StandardProtocolFamily.UNIX;
    }

    /**
     * Has the ACK that ends the handshake wait for the bytes that are about to be sent, and go with them (tcp(7),
     * TCP_QUICKACK): a packet less, and the backend wakes up once. The kernel itself goes back to quick acknowledgements
     * when the connection is up. Only with bytes at hand: else the ACK would wait for its timer, 200 ms.
     */
    private static void joinHandshakeAndData(SocketChannel channel) throws IOException {
        // Linux has it, for TCP.
        if (channel.supportedOptions().contains(ExtendedSocketOptions.TCP_QUICKACK)) {
            channel.setOption(ExtendedSocketOptions.TCP_QUICKACK, false);
        }
    }

    /** One of those under way has an outcome. */
    void ready() {
        // From the last, which may be removed; and a success closes all others.
        for (int i = underWay.size() - 1; i >= 0 && i < underWay.size(); i--) {
            ready(underWay.get(i));
        }
    }

    private void ready(Endpoint endpoint) {
        try {
            if (!endpoint.finishConnect() || reached(endpoint)) {
                return;
            }
        } catch (IOException e) {
            note(e);
            underWay.remove(endpoint);
            endpoint.close();
        }
        tryNext();
    }

    /** Returns whether this connection, which is made, is one to somebody else; if not, why is noted. */
    private boolean reached(Endpoint endpoint) {
        underWay.remove(endpoint);
        SocketAddress remote = endpoint.remoteAddress();
        SocketAddress local = endpoint.localAddress();
        if (remote != null && local != null) {
            session.tries(remote);
            String own = session.context().own().reached(remote, local);
            if (own != null || local.equals(remote)) {
                isOurs(own);
                // No FIN: what a connection to itself leaves behind would keep the port from its server for a minute.
                endpoint.reset();
                return false;
            }
        }
        remember(endpoint);
        callOff();
        dial.succeeded(endpoint);
        return true;
    }

    private void remember(Endpoint answering) {
        SilentAddresses silent = session.context().resolver().silent();
        for (Endpoint each : underWay) {
            SocketAddress address = each.remoteAddress();
            if (address != null) {
                silent.add(address);
            }
        }
        SocketAddress address = answering.remoteAddress();
        if (address != null) {
            silent.remove(address);
        }
    }

    // Two ends with one address and port: nobody listens there, and the system chose that very port for our end, which
    // then met itself (RFC 9293, section 3.5, simultaneous open).
    private void isOurs(@Nullable String what) {
        if (what != null) {
            isOwn(what);
        } else {
            reason = CloseReason.CONNECT_REFUSED;
            error = "Connection refused (it reached its own local port)";
        }
    }

    private void note(Exception e) {
        ConnectError kind = ConnectError.of(e);
        reason = kind.reason();
        error = kind.text(e);
    }

    /** Gives up on all that is under way. */
    void callOff() {
        underWay.forEach(Endpoint::close);
        underWay.clear();
        next = addresses.size();
    }
}
