package org.proxymachine.session;

import java.nio.ByteBuffer;
import java.nio.channels.SelectionKey;
import java.time.Duration;
import java.util.List;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;
import org.proxymachine.route.Client;
import org.proxymachine.route.Decision;
import org.proxymachine.route.Destination;
import org.proxymachine.route.Router;
import org.proxymachine.route.RoutingException;

/**
 * The session's talk with its router: the states PREREAD and ROUTING, and again whenever a backend failed. Dropped with
 * the backend's first byte, after which the router has no more say.
 */
final class Routing implements Phase {
    /** How often the answer to a failed backend may name another one; a script that goes on for ever is cut off. */
    static final int MAX_REROUTES = 100;

    private final Session session;
    private final Router router;
    private final Client client;
    private int seenBytes;
    private int reroutes;
    private long routeDeadlineNanos;
    private long silenceNanos;

    /** Whether the router is to hear of it if the client goes on saying nothing. */
    private boolean heedsSilence;

    private @Nullable CloseReason failure;
    private @Nullable Callback<Decision> pending;
    private Runnable callOff = () -> {};

    Routing(Session session, Router router, Client client) {
        this.session = session;
        this.router = router;
        this.client = client;
    }

    /** The client has come: the times that it may take count from here. */
    void opened() {
        routeDeadlineNanos = session.acceptNanos()
                + session.context().limits().routeTimeout().toNanos();
        session.deadlineAt(routeDeadlineNanos);
        Duration silence = router.silence();
        if (silence != null) {
            heedsSilence = true;
            silenceNanos = session.acceptNanos() + silence.toNanos();
        }
    }

    void accepted() {
        heedSilence();
        ask(() -> router.accepted(client));
    }

    /** The client is known now, and may have sent bytes behind what made it so. */
    void introduced() {
        accepted();
        askAboutNews();
    }

    @Override
    public void clientReady(int readyOps) throws EndpointFailure {
        if (session.down().wantsWrite()) {
            session.flushDown();
        } else if ((readyOps & SelectionKey.OP_READ) != 0) {
            read();
        }
    }

    private void read() throws EndpointFailure {
        PendingBytes bytes = session.up().pending();
        int room = room();
        ByteBuffer scratch = session.reactor().scratch();
        // With no room left a single byte tells a client that waits from one that says too much.
        scratch.limit(Math.max(1, Math.min(room, scratch.capacity())));
        int read = session.client().read(scratch);
        if (read < 0) {
            session.up().sourceEnded();
            if (session.state() == SessionState.PREREAD && bytes.size() <= seenBytes) {
                session.end(CloseReason.CLIENT_LEFT);
            }
            return;
        }
        session.up().received(read);
        if (read > 0 && room <= 0) {
            session.end(CloseReason.PREREAD_LIMIT);
            return;
        }
        bytes.append(scratch.flip());
        askAboutNews();
    }

    private int room() {
        return session.context().limits().maxPrereadBytes()
                - session.up().pending().size();
    }

    private void askAboutNews() {
        PendingBytes bytes = session.up().pending();
        if (session.state() == SessionState.PREREAD && bytes.size() > seenBytes) {
            seenBytes = bytes.size();
            ask(() -> router.received(client, bytes.array(), bytes.size()));
        }
    }

    Client client() {
        return client;
    }

    /** Whether the router wants to hear of a backend that closed before its first byte. */
    boolean answersConnectErrors() {
        return router.answersConnectErrors();
    }

    /** All attempts at all destinations failed, or the backend went away before its first byte. */
    void connectFailed(CloseReason reason, Destination remote, String error) {
        failure = reason;
        session.listener().backendFailed(session, remote, error);
        ask(() -> router.connectFailed(client, remote, error));
    }

    /** The backend is connected and silent. */
    void inactive(Destination remote, String error) {
        failure = CloseReason.INACTIVITY_TIMEOUT;
        session.listener().backendFailed(session, remote, error);
        ask(() -> router.inactive(client, remote, error));
    }

    private void ask(Supplier<Decision> question) {
        Decision decision;
        try {
            decision = question.get();
        } catch (RoutingException e) {
            fail(e.getMessage(), e);
            return;
        }
        take(decision);
    }

    private void take(Decision decision) {
        if (decision instanceof Decision.Pending later) {
            await(later);
        } else if (decision instanceof Decision.Connect connect) {
            connect(connect);
        } else if (decision instanceof Decision.Wait wait && failure == null) {
            await(wait);
        } else if (decision instanceof Decision.Close close) {
            session.tag(close.tag());
            close(close.bytes());
        } else {
            close(null);
        }
    }

    private void await(Decision.Pending later) {
        session.become(SessionState.ROUTING, this);
        if (failure != null) {
            session.deadlineIn(session.context().limits().routeTimeout());
        }
        Callback<Decision> callback = new Callback<>(session.reactor(), this::answered);
        pending = callback;
        callOff = later.callOff();
        later.answer().whenComplete(callback);
    }

    private void answered(@Nullable Decision decision, @Nullable Throwable error) {
        session.answer(() -> {
            pending = null;
            if (decision != null) {
                take(decision);
            } else {
                Throwable cause = error == null ? null : Decision.Pending.cause(error);
                fail(cause instanceof RoutingException ? cause.getMessage() : String.valueOf(cause), cause);
            }
        });
    }

    private void await(Decision.Wait wait) {
        if (session.state() == SessionState.ROUTING) {
            session.become(SessionState.PREREAD, this);
            heedSilence();
        }
        if (wait.data() != null) {
            boolean rest = wait.data().length < seenBytes;
            replaceSeen(wait.data());
            if (rest) {
                // What a dialogue has dealt with is gone; what it left may be the client's next message.
                seenBytes = 0;
            }
        }
        session.reply(wait.reply());
        if (session.up().hasSourceEnded() && session.up().pending().size() <= seenBytes) {
            session.end(CloseReason.CLIENT_LEFT);
            return;
        }
        // What came while the router was thinking is news to it. Not from here: rest after rest would nest ever deeper.
        if (session.up().pending().size() > seenBytes) {
            session.later(this, this::askAboutNews);
        }
    }

    private void connect(Decision.Connect connect) {
        if (failure != null && !mayReroute(connect.destinations())) {
            return;
        }
        if (connect.data() != null) {
            replaceSeen(connect.data());
        }
        failure = null;
        session.connect(connect);
    }

    // Nothing that reached a backend is ever sent to another.
    private boolean mayReroute(List<Destination> destinations) {
        if (failure == CloseReason.INACTIVITY_TIMEOUT) {
            fail("remote: a backend that is connected but silent cannot be replaced by " + destinations.get(0), null);
            return false;
        }
        if (session.up().sentBytes() > 0) {
            fail(
                    "remote: " + session.up().sentBytes() + " bytes have reached the first backend already, so "
                            + destinations.get(0) + " cannot have them",
                    null);
            return false;
        }
        if (++reroutes > MAX_REROUTES) {
            fail("remote: named another backend " + MAX_REROUTES + " times, and each failed", null);
            return false;
        }
        return true;
    }

    // A moment that is past already comes once all that is readable has been read.
    private void heedSilence() {
        if (isSilent() && silenceNanos - routeDeadlineNanos < 0) {
            session.deadlineAt(silenceNanos);
        }
    }

    private boolean isSilent() {
        return heedsSilence && session.up().receivedBytes() == 0;
    }

    private boolean isDue(long deadlineNanos) {
        return session.reactor().judgedNanos() - deadlineNanos >= 0;
    }

    private void replaceSeen(byte[] data) {
        session.up().pending().replace(seenBytes, data);
        seenBytes = data.length;
    }

    private void close(byte @Nullable [] bytes) {
        session.reply(bytes);
        CloseReason reason = failure;
        session.end(reason != null ? reason : CloseReason.SCRIPT_CLOSE);
    }

    private void fail(@Nullable String problem, @Nullable Throwable cause) {
        session.listener().routerFailed(session, String.valueOf(problem), cause);
        session.end(CloseReason.SCRIPT_ERROR);
    }

    @Override
    public void expired() {
        if (isSilent() && session.state() == SessionState.PREREAD && isDue(silenceNanos)) {
            heedsSilence = false;
            session.deadlineAt(routeDeadlineNanos);
            ask(() -> router.silent(client));
            return;
        }
        if (failure == null && !isDue(routeDeadlineNanos)) {
            session.deadlineAt(routeDeadlineNanos);
            return;
        }
        CloseReason reason = failure;
        session.end(reason != null ? reason : CloseReason.ROUTE_TIMEOUT);
    }

    @Override
    public void failed(EndpointFailure endpointFailure) {
        session.close(CloseReason.CLIENT_RESET);
    }

    @Override
    public int clientOps() {
        if (session.down().wantsWrite()) {
            return SelectionKey.OP_WRITE;
        }
        boolean reads = !session.up().hasSourceEnded() && (session.state() == SessionState.PREREAD || room() > 0);
        return reads ? SelectionKey.OP_READ : 0;
    }

    @Override
    public void left() {
        if (pending != null) {
            pending.callOff();
            pending = null;
            callOff.run();
        }
    }
}
