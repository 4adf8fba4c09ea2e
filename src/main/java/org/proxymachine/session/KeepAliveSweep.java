package org.proxymachine.session;

import java.time.Duration;
import java.util.Collection;
import java.util.concurrent.TimeUnit;
import org.jspecify.annotations.Nullable;
import org.proxymachine.reactor.Reactor;
import org.proxymachine.reactor.Timer;

/**
 * Sets TCP keep-alive on both sides of each session that is older than ten seconds. Belongs to the reactor's thread.
 *
 * <p>Eight system calls are much for a short connection, and nothing beside the life of a long one. The young sessions are
 * a list in the order of their age, linked through the sessions themselves, with one timer for all: a session costs no
 * allocation, and its timer no heap operation.
 */
public final class KeepAliveSweep {
    static final Duration AGE = Duration.ofSeconds(10);

    /** Of one sweep to the next, so that sessions that age one by one are looked at together. */
    private static final Duration INTERVAL = Duration.ofSeconds(1);

    /** In one turn: 2 ms of system calls. */
    private static final int BATCH = 256;

    private final Reactor reactor;
    private final KeepAlive times;
    private final Timer timer;
    private final Timer probe;
    private final Collection<Session> all;
    private @Nullable Session oldest;
    private @Nullable Session youngest;
    private boolean armed;
    private boolean probing;

    /** A sweep that sets these times, and looks after all these sessions. */
    public KeepAliveSweep(Reactor reactor, KeepAlive times, Collection<Session> all) {
        this.all = all;
        this.probe = reactor.timer(this::probe);
        this.reactor = reactor;
        this.times = times;
        this.timer = reactor.timer(this::sweep);
    }

    /** Takes in a session that has just begun. */
    public void opened(Session session) {
        Session before = youngest;
        session.older = before;
        if (before == null) {
            oldest = session;
        } else {
            before.younger = session;
        }
        youngest = session;
        session.young = true;
        if (!armed) {
            armed = true;
            timer.arm(session.acceptNanos() + AGE.toNanos());
        }
        if (!probing) {
            probing = true;
            probe.arm(session.acceptNanos() + probeNanos());
        }
    }

    private long probeNanos() {
        return TimeUnit.SECONDS.toNanos(times.intervalSeconds());
    }

    // What the kernel finds out of a side that sends no more has to be asked for.
    private void probe() {
        all.forEach(Session::probe);
        reactor.execute(() -> all.forEach(Session::probed));
        probing = !all.isEmpty();
        if (probing) {
            probe.arm(reactor.nowNanos() + probeNanos());
        }
    }

    /** Forgets a session that has ended. */
    public void closed(Session session) {
        if (!session.young) {
            return;
        }
        Session before = session.older;
        Session after = session.younger;
        if (before == null) {
            oldest = after;
        } else {
            before.younger = after;
        }
        if (after == null) {
            youngest = before;
        } else {
            after.older = before;
        }
        session.older = null;
        session.younger = null;
        session.young = false;
    }

    private void sweep() {
        long nowNanos = reactor.nowNanos();
        for (int i = 0; i < BATCH; i++) {
            Session first = oldest;
            if (first == null || first.acceptNanos() + AGE.toNanos() - nowNanos > 0) {
                break;
            }
            closed(first);
            first.keepAlive(times);
        }
        rearm(nowNanos);
    }

    private void rearm(long nowNanos) {
        Session first = oldest;
        armed = first != null;
        if (first != null) {
            long leftNanos = first.acceptNanos() + AGE.toNanos() - nowNanos;
            timer.arm(nowNanos + (leftNanos <= 0 ? 0 : Math.max(leftNanos, INTERVAL.toNanos())));
        }
    }
}
