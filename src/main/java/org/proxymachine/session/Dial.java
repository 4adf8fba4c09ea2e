package org.proxymachine.session;

import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.SocketAddress;
import java.net.UnixDomainSocketAddress;
import java.net.UnknownHostException;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Iterator;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import org.jspecify.annotations.Nullable;
import org.proxymachine.address.LiteralAddress;
import org.proxymachine.route.ConnectPolicy;
import org.proxymachine.route.Destination;

/**
 * The state CONNECTING: tries destinations in order, each as often as its policy says, each attempt at every address of
 * the name. The client is read on meanwhile, up to the preread limit, so that one that resets is noticed.
 */
final class Dial implements Phase {
    /** What a client waits for a place at a backend where its decision has no connect timeout. */
    static final Duration QUEUE_TIMEOUT = Duration.ofSeconds(30);

    /** What an address may keep its client from the next one of the same name. */
    private static final Duration STAGGER = Duration.ofSeconds(1);

    private final Session session;
    private final Routing routing;
    private final ConnectPolicy policy;
    private final Iterator<Destination> destinations;

    private Destination destination;
    private int retriesLeft;
    private @Nullable Callback<List<InetAddress>> lookup;
    private @Nullable Connector connector;
    private BackendPlaces.@Nullable Place place;
    private long waitingSinceNanos;
    private boolean betweenAttempts;
    private long attemptDeadlineNanos;

    /** What each address of the attempt may take of its time; 0 until the first is waited for. */
    private long shareNanos;

    /** How many addresses were to be tried when one was waited for last. */
    private int leftBefore;

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
            connectTo(List.of(UnixDomainSocketAddress.of(unix.path())));
        }
    }

    private void resolve(Destination.Tcp tcp) {
        if (tcp.literal() != null) {
            connectTo(List.of(tcp.literal()));
            return;
        }
        if (LiteralAddress.hasZone(tcp.host())) {
            connectInZone(tcp);
            return;
        }
        CompletableFuture<List<InetAddress>> answer =
                session.context().resolver().resolve(tcp.host());
        if (answer.isDone() && !answer.isCompletedExceptionally()) {
            resolved(tcp, answer.join());
            return;
        }
        Callback<List<InetAddress>> callback = new Callback<>(
                session.reactor(),
                (found, failure) -> session.turn(() -> {
                    lookup = null;
                    if (found != null) {
                        resolved(tcp, found);
                    } else {
                        unresolved(tcp, failure);
                    }
                }));
        lookup = callback;
        CompletionStage<List<InetAddress>> later = answer;
        later.whenComplete(callback);
    }

    private void connectInZone(Destination.Tcp tcp) {
        try {
            connectTo(List.of(new InetSocketAddress(LiteralAddress.parse(tcp.host()), tcp.port())));
        } catch (UnknownHostException e) {
            attemptFailed(CloseReason.CONNECT_FAILED, String.valueOf(e.getMessage()));
        }
    }

    private void unresolved(Destination.Tcp tcp, @Nullable Throwable failure) {
        destinationFailed(CloseReason.UNRESOLVED, "unknown host " + tcp.host() + why(failure));
    }

    private static String why(@Nullable Throwable failure) {
        if (failure instanceof NameResolver.NotAsked) {
            return ": " + failure.getMessage();
        }
        return failure instanceof UnknownHostException ? "" : ": " + failure;
    }

    private void resolved(Destination.Tcp tcp, List<InetAddress> found) {
        List<SocketAddress> addresses = new ArrayList<>(found.size());
        for (InetAddress address : found) {
            addresses.add(new InetSocketAddress(address, tcp.port()));
        }
        connectTo(session.context().resolver().silent().inOrder(addresses));
    }

    private void connectTo(List<SocketAddress> addresses) {
        shareNanos = 0;
        leftBefore = addresses.size();
        Connector started = new Connector(session, this, addresses);
        connector = started;
        started.tryNext();
    }

    /**
     * What is under way is silent so far: it has its share of what is left to the attempt's deadline, and alone no longer than
     * {@link #STAGGER}. After a stall the later ones have what the first one had, though the deadline is past.
     */
    void waits() {
        Connector waiting = connector;
        int left = waiting == null ? 0 : waiting.left();
        if (left == 0 && policy.connectTimeout() == null) {
            session.noDeadline();
            return;
        }
        long nowNanos = session.reactor().nowNanos();
        if (left < leftBefore) {
            grantShares(nowNanos, left + 1);
        }
        leftBefore = left;
        long mayTake =
                policy.connectTimeout() == null ? Long.MAX_VALUE : (attemptDeadlineNanos - nowNanos) / (left + 1);
        session.deadlineAt(nowNanos + (left == 0 ? mayTake : Math.min(STAGGER.toNanos(), mayTake)));
    }

    private void grantShares(long nowNanos, int addresses) {
        if (shareNanos == 0) {
            shareNanos = (attemptDeadlineNanos - nowNanos) / addresses;
        } else if (attemptDeadlineNanos - nowNanos < shareNanos * addresses) {
            attemptDeadlineNanos = nowNanos + shareNanos * addresses;
        }
    }

    @Override
    public void backendReady(int readyOps) {
        if (connector != null) {
            connector.ready();
        }
    }

    void succeeded(Endpoint endpoint) {
        connector = null;
        BackendPlaces.Place held = place;
        place = null;
        session.connected(endpoint, destination, policy, held);
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
        Connector silent = connector;
        if (silent != null && silent.left() > 0) {
            silent.tryNext();
            return;
        }
        String missing = lookup == null ? "no connection" : "no answer to the look-up of its name";
        callOff();
        attemptFailed(CloseReason.CONNECT_TIMEOUT, missing + " within " + seconds(policy.connectTimeout()));
    }

    private static String seconds(@Nullable Duration timeout) {
        return timeout == null ? "the time allowed" : timeout.toMillis() / 1000.0 + " s";
    }

    /** No address of this attempt could be connected to. */
    void attemptFailed(CloseReason reason, String error) {
        connector = null;
        if (destination instanceof Destination.Tcp tcp && tcp.literal() == null) {
            session.context().resolver().forget(tcp.host());
        }
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
        if (connector != null) {
            connector.callOff();
            connector = null;
        }
    }
}
