package org.proxymachine.session;

import java.nio.channels.SelectionKey;
import java.time.Duration;
import org.jspecify.annotations.Nullable;
import org.proxymachine.route.ConnectPolicy;
import org.proxymachine.route.Destination;

/** The state SPLICING: two pipes, until both have ended. Nothing here looks at the bytes. */
final class Splice implements Phase {
    private static final String CLOSED_EARLY = "closed before its first byte";

    private final Session session;
    private final Endpoint client;
    private final Endpoint backend;
    private final Pipe up;
    private final Pipe down;
    private final Destination destination;
    private final @Nullable Duration inactivityTimeout;
    private final @Nullable Duration idleTimeout;
    private final long startNanos;
    private long activityNanos;

    /** Null once the backend has spoken: from then on nobody but the two sides has a say. */
    private @Nullable Routing routing;

    /** Whether the backend takes no more bytes. What it sent before is still read, and what it was owed is kept. */
    private boolean backendDeaf;

    /** Whether the backend ended first, and without a word. */
    private boolean backendClosedEarly;

    Splice(Session session, Endpoint backend, Destination destination, ConnectPolicy policy, Routing routing) {
        this.session = session;
        this.client = session.client();
        this.backend = backend;
        this.up = session.up();
        this.down = session.down();
        this.destination = destination;
        this.inactivityTimeout = policy.inactivityTimeout();
        this.idleTimeout = policy.idleTimeout();
        this.routing = routing;
        this.startNanos = session.connectedNanos();
        this.activityNanos = startNanos;
    }

    /** Sends what is there already. */
    void start() throws EndpointFailure {
        armDeadline();
        flushUp();
        if (!down.pending().isEmpty()) {
            flushDown();
        }
    }

    @Override
    public void clientReady(int readyOps) throws EndpointFailure {
        if ((readyOps & SelectionKey.OP_WRITE) != 0) {
            down.sinkReady();
            if (down.wantsWrite()) {
                flushDown();
            }
        }
        if ((readyOps & SelectionKey.OP_READ) != 0 && up.wantsRead() && !backendDeaf) {
            active();
            if (up.transfer(client, backend, session.reactor().scratch()) < 0) {
                passEnd(up, backend, down);
            }
        }
    }

    @Override
    public void backendReady(int readyOps) throws EndpointFailure {
        if ((readyOps & SelectionKey.OP_WRITE) != 0 && !backendDeaf) {
            up.sinkReady();
            if (up.wantsWrite()) {
                flushUp();
            }
        }
        if ((readyOps & SelectionKey.OP_READ) != 0 && down.wantsRead()) {
            active();
            int read = down.transfer(backend, client, session.reactor().scratch());
            if (read > 0 && routing != null) {
                backendSpoke();
                // Many a backend says one thing and closes: its FIN is mostly here by now, and waits for no turn.
                read = down.wantsRead()
                        ? down.transfer(backend, client, session.reactor().scratch())
                        : 0;
            }
            if (read < 0) {
                backendEnded();
            }
        }
    }

    private void backendSpoke() {
        routing = null;
        session.backendSpoke();
        if (backendDeaf) {
            // It has answered, so nobody else will be asked, and nobody gets what it did not take.
            up.abandon();
        }
    }

    private void backendEnded() {
        Routing asked = routing;
        if (asked != null && asked.answersConnectErrors()) {
            asked.connectFailed(CloseReason.BACKEND_CLOSED, destination, CLOSED_EARLY);
            return;
        }
        backendClosedEarly = asked != null && !up.hasSourceEnded();
        if (backendDeaf) {
            // Nobody was asked for another backend, so nobody gets what this one did not take.
            up.abandon();
        }
        passEnd(down, client, up);
    }

    private void passEnd(Pipe pipe, Endpoint sink, Pipe other) {
        if (other.hasSourceEnded() && other.hasEnded()) {
            // Nothing is pending, as the source was read: the close(2) that follows sends the FIN, and saves a
            // shutdown(2).
            pipe.endWithSink();
        } else {
            pipe.sourceEnded(sink);
        }
        endIfBothEnded();
    }

    private void flushUp() throws EndpointFailure {
        up.flush(backend, session.reactor().scratch());
        active();
        endIfBothEnded();
    }

    private void flushDown() throws EndpointFailure {
        down.flush(client, session.reactor().scratch());
        active();
        endIfBothEnded();
    }

    private void endIfBothEnded() {
        if (!up.hasEnded() || !down.hasEnded()) {
            return;
        }
        // A side that was given up on may still be sending: to close with its bytes unread would reset it, and destroy
        // what the kernel has not delivered to it.
        if (!up.hasSourceEnded()) {
            session.end(backendClosedEarly ? closedEarly() : CloseReason.BACKEND_RESET);
        } else if (!down.hasSourceEnded()) {
            session.outlived(backend, up, CloseReason.CLIENT_RESET);
        } else {
            session.close(backendClosedEarly ? closedEarly() : CloseReason.DONE);
        }
    }

    // A failure of the backend's, whether the router would have heard of it or not. Not before its session ends by it.
    private CloseReason closedEarly() {
        session.listener().backendFailed(session, destination, CLOSED_EARLY);
        return CloseReason.BACKEND_CLOSED;
    }

    // The clock is read for this only where it matters: a byte that is spliced costs no reading.
    private void active() {
        if (idleTimeout != null) {
            activityNanos = session.reactor().nowNanos();
        }
    }

    private void armDeadline() {
        if (inactivityTimeout == null && idleTimeout == null) {
            return;
        }
        long nowNanos = session.reactor().nowNanos();
        long leftNanos = Long.MAX_VALUE;
        if (inactivityTimeout != null && routing != null) {
            leftNanos = startNanos + inactivityTimeout.toNanos() - nowNanos;
        }
        if (idleTimeout != null) {
            leftNanos = Math.min(leftNanos, activityNanos + idleTimeout.toNanos() - nowNanos);
        }
        if (leftNanos != Long.MAX_VALUE) {
            session.deadlineAt(nowNanos + leftNanos);
        }
    }

    // The deadline is not moved with each byte: when it comes it looks how long ago the last one was.
    @Override
    public void expired() {
        long nowNanos = session.reactor().judgedNanos();
        Routing asked = routing;
        if (inactivityTimeout != null && asked != null && nowNanos - startNanos >= inactivityTimeout.toNanos()) {
            asked.inactive(destination, "no first byte within " + inactivityTimeout.toMillis() / 1000.0 + " s");
        } else if (idleTimeout != null && nowNanos - activityNanos >= idleTimeout.toNanos()) {
            session.close(CloseReason.IDLE_TIMEOUT);
        } else {
            armDeadline();
        }
    }

    @Override
    public void failed(EndpointFailure failure) {
        if (failure.endpoint() == client) {
            clientFailed(failure.operation());
        } else {
            backendFailed(failure.operation());
        }
    }

    // A side that no longer takes bytes may have sent some before: it is read until it says itself that it is gone.

    private void clientFailed(EndpointFailure.Operation operation) {
        down.abandon();
        if (operation == EndpointFailure.Operation.READ || up.hasSourceEnded() || backendDeaf) {
            session.outlived(backend, up, CloseReason.CLIENT_RESET);
        }
    }

    private void backendFailed(EndpointFailure.Operation operation) {
        boolean clientListens = !down.hasEnded();
        if (operation == EndpointFailure.Operation.WRITE && clientListens) {
            backendDeaf = true;
            if (routing == null) {
                up.abandon();
            }
            return;
        }
        Routing asked = routing;
        if (asked != null && asked.answersConnectErrors() && clientListens) {
            // What it was owed stays: another backend may yet get it.
            asked.connectFailed(CloseReason.BACKEND_CLOSED, destination, "reset before its first byte");
            return;
        }
        up.abandon();
        session.outlived(client, down, CloseReason.BACKEND_RESET);
    }

    @Override
    public int clientOps() {
        return (up.wantsRead() && !backendDeaf ? SelectionKey.OP_READ : 0)
                | (down.wantsWrite() || down.awaitsSink() ? SelectionKey.OP_WRITE : 0);
    }

    @Override
    public int backendOps() {
        return (down.wantsRead() ? SelectionKey.OP_READ : 0)
                | ((up.wantsWrite() || up.awaitsSink()) && !backendDeaf ? SelectionKey.OP_WRITE : 0);
    }
}
