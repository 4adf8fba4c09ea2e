package org.proxymachine.session;

import java.io.IOException;
import java.net.ConnectException;
import java.net.Inet6Address;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.SocketAddress;
import java.net.StandardProtocolFamily;
import java.net.UnixDomainSocketAddress;
import java.nio.channels.SelectionKey;
import java.nio.channels.SocketChannel;
import java.time.Duration;
import java.util.ArrayDeque;
import java.util.Deque;
import java.util.Iterator;
import java.util.List;
import jdk.net.ExtendedSocketOptions;
import org.jspecify.annotations.Nullable;
import org.proxymachine.route.ConnectPolicy;
import org.proxymachine.route.Destination;

/**
 * The state CONNECTING: tries destinations in order, each as often as its policy says, each attempt at every address of
 * the name. The client is read on meanwhile, up to the preread limit, so that one that resets is noticed.
 */
final class Dial implements Phase {
    /** What a client waits for a place at a backend where its decision has no connect timeout. */
    static final Duration QUEUE_TIMEOUT = Duration.ofSeconds(30);

    private final Session session;
    private final Routing routing;
    private final ConnectPolicy policy;
    private final Iterator<Destination> destinations;
    private final Deque<SocketAddress> addresses = new ArrayDeque<>();

    private Destination destination;
    private int retriesLeft;
    private @Nullable Callback<List<InetAddress>> lookup;
    private @Nullable Endpoint backend;
    private BackendPlaces.@Nullable Place place;
    private long waitingSinceNanos;
    private boolean betweenAttempts;
    private long attemptDeadlineNanos;
    private CloseReason reason = CloseReason.CONNECT_FAILED;
    private String error = "no address";

    Dial(Session session, Routing routing, List<Destination> destinations, ConnectPolicy policy) {
        this.session = session;
        this.routing = routing;
        this.policy = policy;
        this.destinations = destinations.iterator();
        this.destination = this.destinations.next();
        this.retriesLeft = policy.retries();
    }

    void attempt() {
        betweenAttempts = false;
        session.heads(destination);
        addresses.clear();
        session.noDeadline();
        Duration timeout = policy.connectTimeout();
        if (timeout != null) {
            attemptDeadlineNanos = session.reactor().after(timeout);
            session.deadlineAt(attemptDeadlineNanos);
        }
        BackendPlaces places = session.context().places();
        if (places != null) {
            BackendPlaces.Place taken = places.take(destination, () -> session.later(this, this::granted));
            place = taken;
            if (!taken.isHeld()) {
                waitForPlace();
                return;
            }
        }
        connect();
    }

    private void waitForPlace() {
        waitingSinceNanos = session.reactor().nowNanos();
        if (policy.connectTimeout() == null) {
            session.deadlineIn(QUEUE_TIMEOUT);
        }
    }

    private boolean isWaiting() {
        return place != null && waitingSinceNanos != 0;
    }

    private void stopWaiting() {
        if (isWaiting()) {
            session.waited(session.reactor().nowNanos() - waitingSinceNanos);
            waitingSinceNanos = 0;
        }
    }

    private void leavePlace() {
        stopWaiting();
        if (place != null) {
            place.leave();
            place = null;
        }
    }

    private void granted() {
        BackendPlaces.Place waitedFor = place;
        // The wait may have ended meanwhile, or be another one by now.
        if (waitedFor != null && isWaiting() && waitedFor.isHeld()) {
            stopWaiting();
            if (policy.connectTimeout() == null) {
                session.noDeadline();
            }
            connect();
        }
    }

    private void connect() {
        session.countAttempt();
        if (destination instanceof Destination.Tcp tcp) {
            resolve(tcp);
        } else if (destination instanceof Destination.Unix unix) {
            addresses.add(UnixDomainSocketAddress.of(unix.path()));
            tryNextAddress();
        }
    }

    private void resolve(Destination.Tcp tcp) {
        if (tcp.literal() != null) {
            addresses.add(tcp.literal());
            tryNextAddress();
            return;
        }
        Callback<List<InetAddress>> callback = new Callback<>(
                session.reactor(),
                (found, failure) -> session.turn(() -> {
                    lookup = null;
                    if (found != null) {
                        resolved(tcp, found);
                    } else {
                        unresolved(tcp);
                    }
                }));
        lookup = callback;
        session.context().resolver().resolve(tcp.host()).whenComplete(callback);
    }

    private void unresolved(Destination.Tcp tcp) {
        destinationFailed(CloseReason.UNRESOLVED, "unknown host " + tcp.host());
    }

    private void resolved(Destination.Tcp tcp, List<InetAddress> found) {
        for (InetAddress address : found) {
            addresses.add(new InetSocketAddress(address, tcp.port()));
        }
        tryNextAddress();
    }

    private void tryNextAddress() {
        SocketAddress address;
        while ((address = addresses.poll()) != null) {
            if (start(address)) {
                return;
            }
        }
        attemptFailed();
    }

    /** Returns whether this address is being connected to; if not, why is noted. */
    private boolean start(SocketAddress address) {
        session.tries(address);
        if (session.context().forbidden().test(address)) {
            reason = CloseReason.CONNECT_FAILED;
            error = "it is this daemon's own admin endpoint";
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
            backend = endpoint;
            if (connected) {
                succeeded(endpoint);
            } else if (policy.connectTimeout() != null) {
                // A dead address must leave time for those behind it: each gets an equal share of what is left.
                long nowNanos = session.reactor().nowNanos();
                long leftNanos = attemptDeadlineNanos - nowNanos;
                session.deadlineAt(nowNanos + leftNanos / (addresses.size() + 1));
            }
            return true;
        } catch (IOException | RuntimeException e) {
            note(e);
            if (channel != null) {
                session.reactor().close(channel);
            }
            return false;
        }
    }

    private static SocketChannel open(SocketAddress address) throws IOException {
        if (address instanceof InetSocketAddress inet) {
            boolean v6 = inet.getAddress() instanceof Inet6Address;
            SocketChannel channel = SocketChannel.open(v6 ? StandardProtocolFamily.INET6 : StandardProtocolFamily.INET);
            channel.configureBlocking(false);
            return channel;
        }
        SocketChannel channel = SocketChannel.open(StandardProtocolFamily.UNIX);
        channel.configureBlocking(false);
        return channel;
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

    @Override
    public void backendReady(int readyOps) {
        Endpoint endpoint = backend;
        if (endpoint == null) {
            return;
        }
        try {
            if (endpoint.finishConnect()) {
                succeeded(endpoint);
            }
        } catch (IOException e) {
            note(e);
            dropBackend();
            tryNextAddress();
        }
    }

    private void succeeded(Endpoint endpoint) {
        backend = null;
        BackendPlaces.Place held = place;
        place = null;
        session.connected(endpoint, destination, policy, held);
    }

    private void note(Exception e) {
        error = e.getMessage() != null ? e.getMessage() : e.toString();
        if (e instanceof ConnectException && error.contains("timed out")) {
            reason = CloseReason.CONNECT_TIMEOUT;
        } else if (e instanceof ConnectException && error.contains("refused")) {
            reason = CloseReason.CONNECT_REFUSED;
        } else {
            reason = CloseReason.CONNECT_FAILED;
        }
    }

    @Override
    public void expired() {
        if (betweenAttempts) {
            attempt();
            return;
        }
        if (isWaiting()) {
            Duration waited = policy.connectTimeout() != null ? policy.connectTimeout() : QUEUE_TIMEOUT;
            destinationFailed(CloseReason.BACKEND_LIMIT, "no place among its connections within " + seconds(waited));
            return;
        }
        reason = CloseReason.CONNECT_TIMEOUT;
        error = lookup == null
                ? "no connection within " + seconds(policy.connectTimeout())
                : "no answer to the look-up of its name within " + seconds(policy.connectTimeout());
        callOff();
        tryNextAddress();
    }

    private static String seconds(@Nullable Duration timeout) {
        return timeout == null ? "the time allowed" : timeout.toMillis() / 1000.0 + " s";
    }

    private void attemptFailed() {
        if (retriesLeft > 0) {
            retriesLeft--;
            leavePlace();
            betweenAttempts = true;
            session.deadlineIn(policy.retryDelay());
        } else {
            destinationFailed(reason, error);
        }
    }

    private void destinationFailed(CloseReason why, String what) {
        session.noDeadline();
        leavePlace();
        if (destinations.hasNext()) {
            session.listener().backendFailed(session, destination, what);
            destination = destinations.next();
            retriesLeft = policy.retries();
            session.later(this, this::attempt);
        } else {
            // Not from here: an answer that names another backend that fails at once would nest ever deeper.
            session.later(this, () -> routing.connectFailed(why, destination, what));
        }
    }

    @Override
    public void clientReady(int readyOps) throws EndpointFailure {
        routing.clientReady(readyOps);
    }

    @Override
    public int clientOps() {
        return routing.clientOps();
    }

    @Override
    public void failed(EndpointFailure failure) {
        session.close(CloseReason.CLIENT_RESET);
    }

    @Override
    public void left() {
        leavePlace();
        callOff();
    }

    private void callOff() {
        if (lookup != null) {
            lookup.callOff();
            lookup = null;
        }
        dropBackend();
    }

    private void dropBackend() {
        if (backend != null) {
            backend.close();
            backend = null;
        }
    }
}
