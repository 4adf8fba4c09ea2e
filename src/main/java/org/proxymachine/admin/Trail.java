package org.proxymachine.admin;

import java.net.SocketAddress;
import java.time.Instant;
import java.util.Objects;
import org.jspecify.annotations.Nullable;
import org.proxymachine.address.Addresses;
import org.proxymachine.session.CloseReason;
import org.proxymachine.session.Session;
import org.proxymachine.session.SessionReport;
import org.proxymachine.session.SessionState;

/**
 * What is known of one session: how it went, and why. Written on the reactor's thread, and by answers of futures on
 * theirs; read by whoever asks.
 */
final class Trail {
    private final long id;
    private final long startMillis;
    private final long startNanos;
    private final Steps steps = new Steps();

    /** Null once it has ended: what is remembered of it must not hold what it held. */
    private volatile @Nullable Session session;

    private volatile @Nullable SessionReport end;
    private volatile long endNanos;

    Trail(Session session, long startMillis, long startNanos) {
        this.id = session.id();
        this.session = session;
        this.startMillis = startMillis;
        this.startNanos = startNanos;
    }

    long id() {
        return id;
    }

    Instant started() {
        return Instant.ofEpochMilli(startMillis);
    }

    /** Returns what there is to say of it so far, or in the end. */
    SessionReport report() {
        // In this order: once the one is null, the other is there.
        Session live = session;
        return live != null ? live.report() : Objects.requireNonNull(end);
    }

    /** Returns where it is on its way. */
    SessionState state() {
        Session live = session;
        return live == null ? SessionState.CLOSED : live.state();
    }

    void ended(SessionReport report, long nowNanos) {
        event(new End(report.reason()));
        endNanos = nowNanos;
        end = report;
        session = null;
    }

    /** Returns when it ended, by nanoTime; 0 while it has not. */
    long endNanos() {
        return endNanos;
    }

    void event(Object what) {
        steps.add(Step.event(System.nanoTime() - startNanos, heard(), what));
    }

    void connected(@Nullable SocketAddress address) {
        event(address == null ? "connected" : new Connected(address));
    }

    void answered(String call, long beginNanos, long endNanos, Outline answer) {
        steps.add(new Step(endNanos - startNanos, call, heard(), endNanos - beginNanos, answer, 1));
    }

    private long heard() {
        Session live = session;
        return live == null ? report().bytesUp() : live.receivedBytes();
    }

    /** Returns what happened. */
    Steps steps() {
        return steps;
    }

    /** A text that is made only if somebody asks. */
    private record Connected(SocketAddress address) {
        @Override
        public String toString() {
            return "connected to " + Addresses.format(address);
        }
    }

    private record End(CloseReason reason) {
        @Override
        public String toString() {
            return "ended: " + reason.word();
        }
    }
}
