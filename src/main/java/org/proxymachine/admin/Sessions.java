package org.proxymachine.admin;

import java.time.InstantSource;
import java.util.ArrayList;
import java.util.Collection;
import java.util.Comparator;
import java.util.List;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import org.jspecify.annotations.Nullable;
import org.proxymachine.route.Destination;
import org.proxymachine.session.Session;
import org.proxymachine.session.SessionListener;
import org.proxymachine.session.SessionReport;
import org.proxymachine.session.SessionState;

/** The sessions there are, and the last that ended. Told on the reactor's thread, asked on any. */
final class Sessions implements SessionListener {
    private final Map<Long, Trail> live = new ConcurrentHashMap<>();
    private final InstantSource wall;
    private final Recent<Trail> failed = new Recent<>();
    private final Recent<Trail> others = new Recent<>();
    private volatile int highest;

    Sessions(InstantSource wall) {
        this.wall = wall;
    }

    @Override
    public void opened(Session session) {
        live.put(session.id(), new Trail(session, wall.millis(), System.nanoTime()));
        if (live.size() > highest) {
            highest = live.size();
        }
    }

    @Override
    public void changed(Session session, SessionState from, SessionState to) {
        Trail trail = live.get(session.id());
        if (trail == null) {
            return;
        }
        if (to == SessionState.CONNECTING) {
            trail.event("connecting");
        } else if (to == SessionState.SPLICING) {
            trail.connected(session.backendAddress());
        } else if (to == SessionState.FLUSHING) {
            trail.event("ending: sends what it owes");
        }
    }

    @Override
    public void backendFailed(Session session, Destination remote, String error) {
        event(session, remote + " failed: " + error);
    }

    @Override
    public void headerMissing(Session session, String problem) {
        event(session, "no PROXY header: " + problem);
    }

    @Override
    public void routerFailed(Session session, String problem, @Nullable Throwable cause) {
        event(session, "the script failed: " + problem);
    }

    @Override
    public void broken(Session session, Throwable fault) {
        event(session, "a fault of the proxy itself: " + fault);
    }

    private void event(Session session, String what) {
        Trail trail = live.get(session.id());
        if (trail != null) {
            trail.event(what);
        }
    }

    @Override
    public void closed(SessionReport report) {
        Trail trail = live.get(report.id());
        if (trail == null) {
            return;
        }
        long nowNanos = System.nanoTime();
        trail.ended(report, nowNanos);
        // Before it is live no more: found in one place or in both.
        (report.reason().isFailure() ? failed : others).add(trail, nowNanos);
        live.remove(report.id());
    }

    /** Notes what the router answered; nobody's, if the session has ended since, or is a rehearsal. */
    void answered(long id, String call, long beginNanos, long endNanos, Outline answer) {
        Trail trail = live.get(id);
        if (trail != null) {
            trail.answered(call, beginNanos, endNanos, answer);
        }
    }

    /** Returns those that live, in no order. A view, which changes. */
    Collection<Trail> live() {
        return live.values();
    }

    /** Returns how many there were at a time, at most. */
    int highest() {
        return highest;
    }

    /** Returns those that live, the newest first. */
    List<Trail> newest() {
        List<Trail> all = new ArrayList<>(live.values());
        all.sort(Comparator.comparingLong(Trail::id).reversed());
        return all;
    }

    /** Returns those that ended and are remembered, the last first. */
    List<Trail> ended() {
        List<Trail> all = new ArrayList<>(failed.all());
        all.addAll(others.all());
        // Of nanoTime only differences mean anything.
        all.sort((one, other) -> Long.signum(other.endNanos() - one.endNanos()));
        return all;
    }

    /** Returns the one of this number, or null. */
    @Nullable
    Trail find(long id) {
        Trail trail = live.get(id);
        if (trail != null) {
            return trail;
        }
        return ended().stream().filter(each -> each.id() == id).findFirst().orElse(null);
    }
}
