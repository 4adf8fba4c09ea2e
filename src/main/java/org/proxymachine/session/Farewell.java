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

    /** What the last segments, which the kernel has sent, get to arrive before a reset that is passed on. */
    static final Duration RESET_DELAY = Duration.ofMillis(20);

    /** The same where the receiver was slow: the last segments may wait for it to read. */
    static final Duration SLOW_RESET_DELAY = Duration.ofSeconds(1);

    /** What a receiver's kernel takes though the receiver reads nothing: nearly the least window that there is (tcp(7)). */
    private static final int LEAST_WINDOW_BYTES = 2_048;

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

    /** Whether the kernel may hold more than the last segments: asked of a receiver that is to be reset. */
    private boolean undelivered;

    private boolean slow;
    private long drainedNanos;
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
            slow = true;
            if (written > 0) {
                session.deadlineIn(FLUSH_TIMEOUT);
            }
            return;
        }
        drained = true;
        if (manner == Manner.RESET) {
            // A reset destroys what the kernel has not sent. How much that is cannot be asked, but when it is little.
            undelivered = true;
            drainedNanos = session.reactor().nowNanos();
            survivor.narrow();
            session.deadlineIn(FLUSH_TIMEOUT);
        } else if (peerEnded) {
            session.closeFlushed();
        } else {
            session.deadlineIn(LINGER_TIMEOUT);
        }
    }

    private void delivered() {
        undelivered = false;
        slow |= session.reactor().nowNanos() - drainedNanos > RESET_DELAY.toNanos();
        session.deadlineIn(slow ? SLOW_RESET_DELAY : restOfTheLastWrite());
    }

    // The last bytes may be behind a window that is closed, and be too few for the socket to tell: what was sent
    // just before gets a second from its write.
    private Duration restOfTheLastWrite() {
        if (pipe.sentBytes() <= LEAST_WINDOW_BYTES) {
            return RESET_DELAY;
        }
        Duration rest = SLOW_RESET_DELAY.minusNanos(session.reactor().nowNanos() - survivor.writtenNanos());
        return rest.compareTo(RESET_DELAY) > 0 ? rest : RESET_DELAY;
    }

    private void ready(int readyOps) throws EndpointFailure {
        if ((readyOps & SelectionKey.OP_WRITE) != 0) {
            if (!drained) {
                flush();
            } else if (undelivered) {
                delivered();
            }
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
        return session.client() == survivor ? 0 : survivorOps();
    }

    private int ops(Endpoint endpoint) {
        return endpoint == survivor ? survivorOps() : 0;
    }

    private int survivorOps() {
        return (drained && !undelivered ? 0 : SelectionKey.OP_WRITE) | (peerEnded ? 0 : SelectionKey.OP_READ);
    }
}
