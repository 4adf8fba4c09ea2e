package org.proxymachine.admin;

import io.prometheus.metrics.core.datapoints.CounterDataPoint;
import io.prometheus.metrics.core.metrics.Histogram;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.LongAdder;
import org.proxymachine.session.SessionReport;

/** What is counted for one destination, or for all that are too many to be told apart. */
final class Backend {
    private static final double NANOS = TimeUnit.SECONDS.toNanos(1);

    private final String name;
    private final CounterDataPoint failures;
    private final Histogram.DataPoint route;
    private final Histogram.DataPoint connect;
    private final Histogram.DataPoint firstByte;
    private final Histogram.DataPoint session;
    private final LongAdder bytesUp = new LongAdder();
    private final LongAdder bytesDown = new LongAdder();
    private volatile boolean connected;
    private Totals shown = new Totals(0, 0, 0);

    /** What was counted of it: sessions, and bytes of clients. */
    record Totals(long sessions, long bytesUp, long bytesDown) {
        Totals plus(Overview.Connected live) {
            return new Totals(sessions + live.sessions(), bytesUp + live.bytesUp(), bytesDown + live.bytesDown());
        }
    }

    Backend(
            String name,
            CounterDataPoint failures,
            Histogram.DataPoint route,
            Histogram.DataPoint connect,
            Histogram.DataPoint firstByte,
            Histogram.DataPoint session) {
        this.name = name;
        this.failures = failures;
        this.route = route;
        this.connect = connect;
        this.firstByte = firstByte;
        this.session = session;
    }

    void closed(SessionReport report) {
        observe(route, report.routeNanos());
        observe(connect, report.connectNanos());
        observe(firstByte, report.firstByteNanos());
        observe(session, report.totalNanos());
        bytesUp.add(report.bytesUp());
        bytesDown.add(report.bytesDown());
    }

    private static void observe(Histogram.DataPoint histogram, long nanos) {
        if (nanos >= 0) {
            histogram.observe(nanos / NANOS);
        }
    }

    void connected() {
        connected = true;
    }

    /** Whether a session ever was connected there. */
    boolean hasConnected() {
        return connected;
    }

    void failed() {
        failures.inc();
    }

    String name() {
        return name;
    }

    long failures() {
        return failures.getLongValue();
    }

    /** Returns what those had that have ended. */
    Totals ended() {
        return new Totals(session.getCount(), bytesUp.sum(), bytesDown.sum());
    }

    /** Returns these, or what was returned before where that is more: nothing that was said is unsaid. */
    synchronized Totals neverLess(Totals now) {
        shown = new Totals(
                Math.max(shown.sessions, now.sessions),
                Math.max(shown.bytesUp, now.bytesUp),
                Math.max(shown.bytesDown, now.bytesDown));
        return shown;
    }

    /** Returns the mean time from decision to connection in seconds, or NaN. */
    double meanConnect() {
        return connect.getSum() / connect.getCount();
    }

    /** Returns the mean time from decision to the first byte in seconds, or NaN. */
    double meanFirstByte() {
        return firstByte.getSum() / firstByte.getCount();
    }
}
