package org.proxymachine.session;

import java.io.IOException;
import java.net.InetSocketAddress;
import java.net.SocketAddress;
import java.net.SocketException;
import java.nio.channels.SelectionKey;
import java.nio.channels.SocketChannel;
import java.time.Duration;
import java.util.Objects;
import org.jspecify.annotations.Nullable;
import org.proxymachine.reactor.BufferPool;
import org.proxymachine.reactor.Exhaustion;
import org.proxymachine.reactor.Reactor;
import org.proxymachine.reactor.Timer;
import org.proxymachine.route.Client;
import org.proxymachine.route.ConnectPolicy;
import org.proxymachine.route.Decision;
import org.proxymachine.route.Destination;
import org.proxymachine.route.Router;
import org.proxymachine.sniff.ProxyHeader;

/**
 * One proxied connection, from accept to close. Belongs to the reactor's thread; ends itself.
 *
 * <pre>
 *   accept ──► PREREAD ◄──► ROUTING      {@link Routing}: the router is asked, after {@link Introduction} if need be
 *                 │            │
 *                 └─────┬──────┘
 *                       ▼
 *                  CONNECTING ──► ROUTING, CONNECTING   {@link Dial}: a failure is the router's to answer
 *                       │
 *                       ▼
 *                   SPLICING      {@link Splice}: two pipes
 *                       │
 *      any of these ──► FLUSHING  {@link Farewell}: one side is still owed bytes
 *                       │
 *                       ▼
 *                    CLOSED       reaped at the end of the turn
 * </pre>
 *
 * <p>Each event comes in through one of four doors (client ready, backend ready, deadline, task), goes to the phase of
 * the present state, and is followed by {@link #settle}, the one place where interest in readiness is set.
 */
public final class Session {
    private static final String GONE = "the peer is gone";

    private final SessionContext context;
    private final long id;
    private final SocketAddress peer;
    private final SocketAddress local;
    private final long acceptNanos;
    private final Endpoint client;
    private final Pipe up;
    private final Pipe down;
    private final Timer deadline;

    /** The neighbours among those that are too young for TCP keep-alive: {@link KeepAliveSweep}'s. */
    @Nullable
    Session older;

    @Nullable
    Session younger;

    boolean young;

    /** Null while it is young. */
    private @Nullable KeepAlive keepAlive;

    private SessionState state = SessionState.PREREAD;
    private Phase phase;
    private @Nullable Routing routing;
    private @Nullable Endpoint backend;
    private @Nullable CloseReason reason;
    private AddressLimits.@Nullable Ticket ticket;
    private BackendPlaces.@Nullable Place place;

    private SocketAddress source;
    private @Nullable Destination destination;
    private @Nullable SocketAddress backendAddress;
    private @Nullable String tag;
    private byte @Nullable [] replyOnceConnected;
    private int connectAttempts;
    private long routedNanos;
    private long queueNanos;
    private long connectedNanos;
    private long firstByteNanos;

    /**
     * Takes over an accepted channel.
     *
     * @param channel in non-blocking mode; closed by the session from here on, unless this throws
     * @throws IOException if it cannot be registered
     */
    public Session(SessionContext context, Router router, Client info, SocketChannel channel) throws IOException {
        this.context = context;
        this.id = info.id();
        this.peer = info.peer();
        this.local = info.local();
        this.source = info.source();
        this.acceptNanos = context.reactor().nowNanos();
        this.up = new Pipe(context.reactor().pool());
        this.down = new Pipe(context.reactor().pool());
        this.deadline = context.reactor().timer(this::expired);
        Routing start = new Routing(this, router, info);
        this.routing = start;
        this.phase = context.proxies().test(peer) ? new Introduction(this, info) : start;
        this.client = new Endpoint(context.reactor(), channel, SelectionKey.OP_READ, this::clientReady);
    }

    /** Starts: the router hears of the client. */
    public void start() {
        listener().opened(this);
        Routing start = Objects.requireNonNull(routing);
        start.opened();
        if (phase == start) {
            turn(() -> admit(start::accepted));
        }
        if (state != SessionState.CLOSED) {
            // Most clients speak at once: what they said is here by now, and need not wait for another turn.
            clientReady(SelectionKey.OP_READ);
        }
    }

    /** Goes on with a client that is known now: the router hears of it. */
    void introduced(Client info) {
        Routing start = routing;
        if (start == null) {
            throw new IllegalStateException("session " + id + " is routed already");
        }
        source = info.source();
        become(SessionState.PREREAD, start);
        admit(start::introduced);
    }

    /** Goes on if the client's address may have another connection. */
    private void admit(Runnable next) {
        AddressLimits addresses = context.addresses();
        if (addresses != null) {
            AddressLimits.Ticket asked = addresses.ticket();
            ticket = asked;
            CloseReason refusal = asked.take(source, reactor().nowNanos());
            if (refusal != null) {
                close(refusal);
                return;
            }
        }
        next.run();
    }

    long acceptNanos() {
        return acceptNanos;
    }

    /** Returns the moment at which it was last connected to a backend. */
    long connectedNanos() {
        return connectedNanos;
    }

    /** Has the kernel find out by these times that a peer's host is gone, on both sides, and on each backend to come. */
    void keepAlive(KeepAlive times) {
        keepAlive = times;
        client.keepAlive(times);
        Endpoint connected = backend;
        if (connected != null) {
            connected.keepAlive(times);
        }
    }

    /** Asks whether a side that sends no more is gone. {@link #probed} is to follow in the next turn. */
    void probe() {
        if (up.hasSourceEnded()) {
            client.probe();
        }
        Endpoint connected = backend;
        if (connected != null && down.hasSourceEnded()) {
            connected.probe();
        }
    }

    void probed() {
        settle();
    }

    /** Ends now, whatever is under way: by the daemon's own end, or an operator's wish. */
    public void cut(CloseReason why) {
        if (state != SessionState.CLOSED) {
            close(why);
        }
    }

    /**
     * Ends now, and holds nothing from here on, unless it is spliced. Only with no session's handler on the stack.
     *
     * @return how many bytes of the heap this set free
     */
    public int shed() {
        int held = up.pending().heldBytes() + down.pending().heldBytes();
        if (held == 0 || state == SessionState.SPLICING || state == SessionState.CLOSED) {
            return 0;
        }
        close(CloseReason.MEMORY_LIMIT);
        up.abandon();
        down.abandon();
        return held;
    }

    // At the end of what may have added to it.
    private void checkMemory() {
        BufferPool pool = reactor().pool();
        if (pool.heldBytes() > pool.maxHeldBytes()) {
            context.overfull().run();
        }
    }

    /** Returns the number of this session, from 1. */
    public long id() {
        return id;
    }

    /** Returns the address at the other end of the client's connection. */
    public SocketAddress peer() {
        return peer;
    }

    /** Returns where the client connected from: the peer, unless a PROXY header says otherwise. */
    public SocketAddress source() {
        return source;
    }

    /** Returns where it is to be connected, or is; null before it was routed. Any thread, as {@link #report}. */
    public @Nullable Destination destination() {
        return destination;
    }

    /** Returns what it is connected to there, or was last tried. Any thread, as {@link #report}. */
    public @Nullable SocketAddress backendAddress() {
        return backendAddress;
    }

    /** Returns how many bytes have come from the client, a PROXY header not counted. Any thread, as {@link #report}. */
    public long receivedBytes() {
        return up.receivedBytes();
    }

    /** Returns where the session is on its way. */
    public SessionState state() {
        return state;
    }

    // The four doors.

    void clientReady(int readyOps) {
        try {
            if (readyOps == SelectionKey.OP_CONNECT) {
                throw new EndpointFailure(client, EndpointFailure.Operation.READ, new SocketException(GONE));
            }
            phase.clientReady(readyOps);
        } catch (EndpointFailure e) {
            failed(e);
        } catch (Throwable e) {
            broken(e);
        }
        settle();
        checkMemory();
    }

    void backendReady(int readyOps) {
        try {
            Endpoint connected = backend;
            if (readyOps == SelectionKey.OP_CONNECT && connected != null) {
                throw new EndpointFailure(connected, EndpointFailure.Operation.READ, new SocketException(GONE));
            }
            phase.backendReady(readyOps);
        } catch (EndpointFailure e) {
            failed(e);
        } catch (Throwable e) {
            broken(e);
        }
        settle();
    }

    private void expired() {
        turn(() -> phase.expired());
    }

    /** An event that is no readiness: a deadline, an answer, an address. */
    @FunctionalInterface
    interface Step {
        void run() throws EndpointFailure;
    }

    void turn(Step step) {
        if (state == SessionState.CLOSED) {
            return;
        }
        try {
            step.run();
        } catch (EndpointFailure e) {
            failed(e);
        } catch (Throwable e) {
            broken(e);
        }
        settle();
    }

    /** Runs a step after this event, unless the session has left the phase by then. */
    void later(Phase only, Step step) {
        reactor()
                .execute(() -> turn(() -> {
                    if (phase == only) {
                        step.run();
                    }
                }));
    }

    /** A step that comes by itself, not within another, and may add to what is held. */
    void answer(Step step) {
        turn(step);
        checkMemory();
    }

    private void settle() {
        if (state == SessionState.CLOSED) {
            return;
        }
        client.interest(phase.clientOps());
        Endpoint connected = backend;
        if (connected != null) {
            connected.interest(phase.backendOps());
        }
    }

    private void failed(EndpointFailure failure) {
        try {
            phase.failed(failure);
        } catch (Throwable e) {
            broken(e);
        }
    }

    private void broken(Throwable fault) {
        Exhaustion.rethrow(fault);
        listener().broken(this, fault);
        if (state != SessionState.CLOSED) {
            close(CloseReason.INTERNAL_ERROR);
        }
    }

    // What the phases ask for.

    /** Changes the state. The one place that does. */
    void become(SessionState next, Phase nextPhase) {
        if (!state.mayBecome(next) && state != next) {
            throw new IllegalStateException("session " + id + " cannot go from " + state + " to " + next);
        }
        SessionState from = state;
        if (phase != nextPhase) {
            phase.left();
        }
        phase = nextPhase;
        state = next;
        listener().changed(this, from, next);
    }

    void connect(Decision.Connect decision) {
        Routing asked = routing;
        if (asked == null) {
            throw new IllegalStateException("session " + id + " is routed already");
        }
        routedNanos = reactor().nowNanos();
        queueNanos = 0;
        connectedNanos = 0;
        backendAddress = null;
        replyOnceConnected = decision.reply();
        tag(decision.tag());
        dropBackend();
        // Now, not once connected: how to connect depends on whether there is anything to send.
        up.pending().preface(preface(decision.policy(), asked.client()));
        Dial dial = new Dial(this, asked, decision.destinations(), decision.policy());
        become(SessionState.CONNECTING, dial);
        dial.attempt();
    }

    private static byte @Nullable [] preface(ConnectPolicy policy, Client client) {
        return policy.proxyProtocol() == 0
                ? null
                : ProxyHeader.encode(policy.proxyProtocol(), inet(client.source()), inet(client.destination()));
    }

    private static @Nullable InetSocketAddress inet(SocketAddress address) {
        return address instanceof InetSocketAddress inet ? inet : null;
    }

    /** Notes what the router has to say of the session, in place of what it said before. */
    void tag(@Nullable String said) {
        if (said != null) {
            tag = said;
        }
    }

    void heads(Destination next) {
        destination = next;
    }

    void waited(long nanos) {
        queueNanos += nanos;
    }

    void countAttempt() {
        connectAttempts++;
    }

    void tries(SocketAddress address) {
        backendAddress = address;
    }

    void connected(
            Endpoint endpoint, Destination remote, ConnectPolicy policy, BackendPlaces.@Nullable Place placeThere) {
        Routing asked = routing;
        if (asked == null) {
            throw new IllegalStateException("session " + id + " is spliced already");
        }
        connectedNanos = reactor().nowNanos();
        backend = endpoint;
        KeepAlive times = keepAlive;
        if (times != null) {
            endpoint.keepAlive(times);
        }
        place = placeThere;
        noDeadline();
        reply(replyOnceConnected);
        replyOnceConnected = null;
        Splice splice = new Splice(this, endpoint, remote, policy, asked);
        become(SessionState.SPLICING, splice);
        turn(splice::start);
    }

    /** From here on the router has no say. */
    void backendSpoke() {
        routing = null;
        firstByteNanos = reactor().nowNanos();
    }

    /** Queues bytes for the client, behind those that it has not taken yet. */
    void reply(byte @Nullable [] bytes) {
        if (bytes != null && bytes.length > 0) {
            down.pending().append(bytes);
        }
    }

    void flushDown() throws EndpointFailure {
        if (down.wantsWrite()) {
            down.flush(client, reactor().scratch());
        }
    }

    /** Ends on the proxy's side: the client gets what it is owed, then a FIN. */
    void end(CloseReason why) {
        reason = why;
        dropBackend();
        if (down.pending().isEmpty() && down.sentBytes() == 0) {
            close(why);
            return;
        }
        farewell(client, down, Farewell.Manner.FIN, up.hasSourceEnded());
    }

    /** One side was reset; the other gets what the first still sent, and is told. */
    void outlived(Endpoint survivor, Pipe toSurvivor, CloseReason why) {
        reason = why;
        if (survivor == client) {
            dropBackend();
        } else {
            client.close();
        }
        if (toSurvivor.hasEnded() || toSurvivor.hasSourceEnded()) {
            // It has had everything, FIN included, or will have: what is left is to let it finish.
            farewell(survivor, toSurvivor, Farewell.Manner.FIN, false);
        } else if (toSurvivor.pending().isEmpty() && toSurvivor.sentBytes() == 0) {
            survivor.reset();
            close(why);
        } else {
            farewell(survivor, toSurvivor, Farewell.Manner.RESET, false);
        }
    }

    private void farewell(Endpoint survivor, Pipe pipe, Farewell.Manner manner, boolean peerEnded) {
        Farewell farewell = new Farewell(this, survivor, pipe, manner, peerEnded);
        become(SessionState.FLUSHING, farewell);
        turn(farewell::start);
    }

    /** Ends what {@link #end} or {@link #outlived} began, with the reason given there. */
    void closeFlushed() {
        CloseReason why = reason;
        close(why != null ? why : CloseReason.INTERNAL_ERROR);
    }

    /** Ends at once. */
    void close(CloseReason why) {
        reason = why;
        noDeadline();
        become(SessionState.CLOSED, phase);
        phase.left();
        reactor().reap(this::reap);
    }

    private void reap() {
        try {
            listener().closed(report());
        } finally {
            release();
        }
    }

    private void release() {
        client.close();
        dropBackend();
        up.abandon();
        down.abandon();
        if (ticket != null) {
            ticket.giveBack();
        }
        context.reaped().accept(this);
    }

    private void dropBackend() {
        if (backend != null) {
            backend.close();
            backend = null;
        }
        if (place != null) {
            place.leave();
            place = null;
        }
    }

    /**
     * Returns what there is to say of it so far. Another thread may ask, too: then each value is one that it had a moment
     * ago, and they need not be of the same moment.
     */
    public SessionReport report() {
        return report(CloseReason.INTERNAL_ERROR);
    }

    /** The same of one that the end of the process cuts for this reason, if it has none of its own. */
    public SessionReport report(CloseReason otherwise) {
        CloseReason why = reason;
        return new SessionReport(
                id,
                peer,
                source,
                local,
                destination,
                backendAddress,
                why != null ? why : otherwise,
                connectAttempts,
                up.receivedBytes(),
                down.sentBytes(),
                up.sentBytes(),
                down.receivedBytes(),
                routedNanos == 0 ? -1 : routedNanos - acceptNanos,
                queueNanos,
                connectedNanos == 0 ? -1 : connectedNanos - routedNanos,
                firstByteNanos == 0 ? -1 : firstByteNanos - routedNanos,
                reactor().nowNanos() - acceptNanos,
                context.active().getAsInt(),
                tag);
    }

    void deadlineIn(Duration duration) {
        deadline.arm(reactor().after(duration));
    }

    void deadlineAt(long nanos) {
        deadline.arm(nanos);
    }

    void noDeadline() {
        deadline.disarm();
    }

    SessionContext context() {
        return context;
    }

    SessionListener listener() {
        return context.listener();
    }

    Reactor reactor() {
        return context.reactor();
    }

    Endpoint client() {
        return client;
    }

    Pipe up() {
        return up;
    }

    Pipe down() {
        return down;
    }
}
