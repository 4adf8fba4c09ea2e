package org.proxymachine.admin;

import java.util.concurrent.TimeUnit;
import org.proxymachine.reactor.BufferPool;
import org.proxymachine.server.Server;

/** A running daemon as the endpoint sees it, from any thread. What it sees need not be of one moment. */
final class Watched {
    /** As long as that a client waits without noticing; past it the loop is stuck. */
    private static final long STUCK_NANOS = TimeUnit.SECONDS.toNanos(1);

    private final About about;
    private final Server server;
    private final Sessions sessions;
    private final Metrics metrics;
    private final LoopLag lag;
    private volatile Reloads reloads = Reloads.NONE;
    private Totals seen = Totals.NONE;

    Watched(About about, Server server, Sessions sessions, Metrics metrics, LoopLag lag) {
        this.about = about;
        this.server = server;
        this.sessions = sessions;
        this.metrics = metrics;
        this.lag = lag;
    }

    /** Returns all sessions at a glance. Totals never fall from one call to the next. */
    synchronized Overview overview() {
        Overview now = Overview.of(sessions, metrics);
        seen = now.totals().max(seen);
        return new Overview(now.sessions(), seen, now.backends());
    }

    /** Returns {@code stuck}, {@code draining}, {@code full} or {@code accepting}: the worst that holds. */
    String state() {
        if (lag.stuckNanos() > STUCK_NANOS) {
            return "stuck";
        }
        if (server.isDraining()) {
            return "draining";
        }
        return sessions.live().size() >= about.maxSessions() ? "full" : "accepting";
    }

    /** Returns where the loop is, by the line of the script if it is in one. */
    String place() {
        return server.router().locate(lag.stack());
    }

    void reloaded(Reloads last) {
        reloads = last;
        metrics.reloaded(last.problem() == null);
    }

    Reloads reloads() {
        return reloads;
    }

    About about() {
        return about;
    }

    Server server() {
        return server;
    }

    Sessions sessions() {
        return sessions;
    }

    Metrics metrics() {
        return metrics;
    }

    LoopLag lag() {
        return lag;
    }

    BufferPool buffers() {
        return server.reactor().pool();
    }
}
