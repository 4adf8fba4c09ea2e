package org.proxymachine.session;

import java.nio.channels.SelectionKey;
import java.time.Duration;
import org.jspecify.annotations.Nullable;
import org.proxymachine.route.ConnectPolicy;
import org.proxymachine.route.Destination;

/** The state SPLICING: two pipes, until both have ended. Nothing here looks at the bytes. */
final class Splice implements Phase {
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
        this.startNanos = session.reactor().nowNanos();
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
        if ((readyOps & SelectionKey.OP_WRITE) != 0 && down.wantsWrite()) {
            flushDown();
        }
        if ((readyOps & SelectionKey.OP_READ) != 0 && up.wantsRead()) {
            activityNanos = session.reactor().nowNanos();
            if (up.transfer(client, backend, session.reactor().scratch()) < 0) {
                up.sourceEnded(backend);
                endIfBothEnded();
            }
        }
    }

    @Override
    public void backendReady(int readyOps) throws EndpointFailure {
        if ((readyOps & SelectionKey.OP_WRITE) != 0 && up.wantsWrite()) {
            flushUp();
        }
        if ((readyOps & SelectionKey.OP_READ) != 0 && down.wantsRead()) {
            activityNanos = session.reactor().nowNanos();
            int read = down.transfer(backend, client, session.reactor().scratch());
            if (read > 0) {
                backendSpoke();
            } else if (read < 0) {
                backendEnded();
            }
        }
    }

    private void backendSpoke() {
        if (routing != null) {
            routing = null;
            session.dropRouting();
        }
    }

    private void backendEnded() {
        Routing asked = routing;
        if (asked != null && asked.answersConnectErrors()) {
            asked.connectFailed(CloseReason.BACKEND_CLOSED, destination, "closed before its first byte");
            return;
        }
        backendClosedEarly = asked != null && !up.hasSourceEnded();
        down.sourceEnded(client);
        endIfBothEnded();
    }

    private void flushUp() throws EndpointFailure {
        up.flush(backend, session.reactor().scratch());
        activityNanos = session.reactor().nowNanos();
        endIfBothEnded();
    }

    private void flushDown() throws EndpointFailure {
        down.flush(client, session.reactor().scratch());
        activityNanos = session.reactor().nowNanos();
        endIfBothEnded();
    }

    private void endIfBothEnded() {
        if (up.hasEnded() && down.hasEnded()) {
            session.close(backendClosedEarly ? CloseReason.BACKEND_CLOSED : CloseReason.DONE);
        }
    }

    private void armDeadline() {
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
        long nowNanos = session.reactor().nowNanos();
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
        boolean clientGone = failure.endpoint() == client;
        Pipe toIt = clientGone ? down : up;
        Pipe fromIt = clientGone ? up : down;
        toIt.abandon();
        // A side that no longer takes bytes may have sent some before: read on until it says so itself.
        if (failure.operation() == EndpointFailure.Operation.WRITE && !fromIt.hasSourceEnded()) {
            return;
        }
        Routing asked = routing;
        if (!clientGone && asked != null && asked.answersConnectErrors()) {
            asked.connectFailed(CloseReason.BACKEND_CLOSED, destination, "reset before its first byte");
            return;
        }
        session.outlived(
                clientGone ? backend : client,
                fromIt,
                clientGone ? CloseReason.CLIENT_RESET : CloseReason.BACKEND_RESET);
    }

    @Override
    public int clientOps() {
        return ops(up, down);
    }

    @Override
    public int backendOps() {
        return ops(down, up);
    }

    private static int ops(Pipe from, Pipe to) {
        return (from.wantsRead() ? SelectionKey.OP_READ : 0) | (to.wantsWrite() ? SelectionKey.OP_WRITE : 0);
    }
}
