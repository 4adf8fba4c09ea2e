package org.proxymachine.observe;

import java.util.List;
import org.jspecify.annotations.Nullable;
import org.proxymachine.route.Destination;
import org.proxymachine.session.Session;
import org.proxymachine.session.SessionListener;
import org.proxymachine.session.SessionReport;
import org.proxymachine.session.SessionState;

/** Several listeners in place of one. */
public final class SessionListeners implements SessionListener {
    private final List<SessionListener> all;

    private SessionListeners(List<SessionListener> all) {
        this.all = List.copyOf(all);
    }

    /** Returns one that tells all of these, in this order; a single one as it is. */
    public static SessionListener of(List<SessionListener> all) {
        return all.size() == 1 ? all.get(0) : new SessionListeners(all);
    }

    @Override
    public void opened(Session session) {
        for (SessionListener each : all) {
            each.opened(session);
        }
    }

    @Override
    public void changed(Session session, SessionState from, SessionState to) {
        for (SessionListener each : all) {
            each.changed(session, from, to);
        }
    }

    @Override
    public void backendFailed(Session session, Destination remote, String error) {
        for (SessionListener each : all) {
            each.backendFailed(session, remote, error);
        }
    }

    @Override
    public void headerMissing(Session session, String problem) {
        for (SessionListener each : all) {
            each.headerMissing(session, problem);
        }
    }

    @Override
    public void routerFailed(Session session, String problem, @Nullable Throwable cause) {
        for (SessionListener each : all) {
            each.routerFailed(session, problem, cause);
        }
    }

    @Override
    public void broken(Session session, Throwable fault) {
        for (SessionListener each : all) {
            each.broken(session, fault);
        }
    }

    @Override
    public void closed(SessionReport report) {
        for (SessionListener each : all) {
            each.closed(report);
        }
    }
}
