package org.proxymachine.admin;

import java.util.HashMap;
import java.util.Map;
import org.jspecify.annotations.Nullable;
import org.proxymachine.session.SessionReport;
import org.proxymachine.session.SessionState;

/**
 * All sessions at a glance.
 *
 * @param sessions how many live
 * @param totals bytes of all so far
 * @param backends those connected to a destination, or still owed bytes from there, by the name of its series
 */
record Overview(int sessions, Totals totals, Map<String, Connected> backends) {

    /** What live sessions have to do with a destination. */
    record Connected(int sessions, long bytesUp, long bytesDown) {
        static final Connected NONE = new Connected(0, 0, 0);

        Connected plus(SessionReport report) {
            return new Connected(sessions + 1, bytesUp + report.bytesUp(), bytesDown + report.bytesDown());
        }
    }

    static Overview of(Sessions sessions, Metrics metrics) {
        // First: a session that ends meanwhile may be missed for once, but is never counted twice.
        Totals totals = metrics.ended();
        int live = 0;
        Map<String, Connected> backends = new HashMap<>();
        for (Trail each : sessions.live()) {
            SessionReport report = each.report();
            live++;
            totals = totals.plus(report);
            if (isConnected(each.state(), report)) {
                String name = metrics.backends().name(report.backend());
                backends.put(name, connected(backends.get(name)).plus(report));
            }
        }
        return new Overview(live, totals, backends);
    }

    // What is still on its way from a backend belongs to it, though its connection is over.
    private static boolean isConnected(SessionState state, SessionReport report) {
        return state == SessionState.SPLICING || (state == SessionState.FLUSHING && report.connectNanos() >= 0);
    }

    private static Connected connected(@Nullable Connected known) {
        return known == null ? Connected.NONE : known;
    }

    Connected at(String backend) {
        return connected(backends.get(backend));
    }
}
