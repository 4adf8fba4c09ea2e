package org.proxymachine.session;

import java.nio.channels.SelectionKey;
import java.time.Duration;

/**
 * The state FLUSHING: one side is still owed bytes, the other is gone. Delivers them within a bound, then closes so that
 * they arrive: a close(2) with unread bytes in the receive queue sends a RST, which destroys what is on its way.
 */
final class Farewell implements Phase {
    /** What a receiver may take to accept more of the bytes it is owed. */
    static final Duration FLUSH_TIMEOUT = Duration.ofSeconds(10);

    /** What it may then take to close its own side, while what it still says is discarded. */
    static final Duration LINGER_TIMEOUT = Duration.ofSeconds(5);

    /** What the kernel gets to deliver its own queue before a reset that is passed on would destroy it. */
    static final Duration RESET_DELAY = Duration.ofSeconds(1);

    /** How the last byte is followed. */
    enum Manner {
        /** The other side came to its end, or the script said close. */
        FIN,
        /** The other side was reset: what is cut off must not look complete. */
        RESET
    }

    private final Session session;
    private final Endpoint survivor;
    private final Pipe pipe;
    private final Manner manner;
    private boolean drained;
    private boolean peerEnded;

    Farewell(Session session, Endpoint survivor, Pipe pipe, Manner manner, boolean peerEnded) {
        this.session = session;
        this.survivor = survivor;
        this.pipe = pipe;
        this.manner = manner;
        this.peerEnded = peerEnded;
    }

    void start() throws EndpointFailure {
        session.deadlineIn(FLUSH_TIMEOUT);
        if (manner == Manner.FIN) {
            pipe.sourceEnded();
        }
        flush();
    }

    private void flush() throws EndpointFailure {
        int written = pipe.flush(survivor, session.reactor().scratch());
        if (!pipe.pending().isEmpty()) {
            if (written > 0) {
                session.deadlineIn(FLUSH_TIMEOUT);
            }
            return;
        }
        drained = true;
        if (manner == Manner.RESET) {
            session.deadlineIn(RESET_DELAY);
        } else if (peerEnded) {
            session.closeFlushed();
        } else {
            session.deadlineIn(LINGER_TIMEOUT);
        }
    }

    private void ready(int readyOps) throws EndpointFailure {
        if (!drained && (readyOps & SelectionKey.OP_WRITE) != 0) {
            flush();
        }
        if ((readyOps & SelectionKey.OP_READ) != 0
                && !peerEnded
                && survivor.read(session.reactor().scratch()) < 0) {
            peerEnded = true;
            if (drained && manner == Manner.FIN) {
                session.closeFlushed();
            }
        }
    }

    @Override
    public void clientReady(int readyOps) throws EndpointFailure {
        ready(readyOps);
    }

    @Override
    public void backendReady(int readyOps) throws EndpointFailure {
        ready(readyOps);
    }

    @Override
    public void expired() {
        if (manner == Manner.RESET) {
            survivor.reset();
        }
        session.closeFlushed();
    }

    @Override
    public void failed(EndpointFailure failure) {
        session.closeFlushed();
    }

    @Override
    public int clientOps() {
        return ops(session.client());
    }

    @Override
    public int backendOps() {
        return session.client() == survivor ? 0 : (drained ? 0 : SelectionKey.OP_WRITE) | readOps();
    }

    private int ops(Endpoint endpoint) {
        return endpoint == survivor ? (drained ? 0 : SelectionKey.OP_WRITE) | readOps() : 0;
    }

    private int readOps() {
        return peerEnded ? 0 : SelectionKey.OP_READ;
    }
}
