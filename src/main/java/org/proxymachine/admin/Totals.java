package org.proxymachine.admin;

import org.proxymachine.session.SessionReport;

/** Bytes of all sessions so far, PROXY headers not counted. */
record Totals(long fromClients, long toClients, long toBackends, long fromBackends) {
    static final Totals NONE = new Totals(0, 0, 0, 0);

    Totals plus(SessionReport report) {
        return new Totals(
                fromClients + report.bytesUp(),
                toClients + report.bytesDown(),
                toBackends + report.bytesToBackend(),
                fromBackends + report.bytesFromBackend());
    }

    /** Returns the larger of each. */
    Totals max(Totals other) {
        return new Totals(
                Math.max(fromClients, other.fromClients),
                Math.max(toClients, other.toClients),
                Math.max(toBackends, other.toBackends),
                Math.max(fromBackends, other.fromBackends));
    }
}
