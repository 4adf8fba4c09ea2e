package org.proxymachine.admin;

import io.prometheus.metrics.core.datapoints.CounterDataPoint;
import io.prometheus.metrics.core.metrics.Counter;
import io.prometheus.metrics.core.metrics.Histogram;
import io.prometheus.metrics.model.registry.PrometheusRegistry;
import io.prometheus.metrics.model.snapshots.Unit;
import java.util.EnumMap;
import java.util.Map;
import java.util.concurrent.TimeUnit;
import org.jspecify.annotations.Nullable;
import org.proxymachine.route.Destination;
import org.proxymachine.session.CloseReason;
import org.proxymachine.session.Session;
import org.proxymachine.session.SessionListener;
import org.proxymachine.session.SessionReport;
import org.proxymachine.session.SessionState;

/**
 * What is counted as it happens, on the reactor's thread; asked on any. What can be looked up when somebody asks is
 * {@link Gauges}'s.
 */
final class Metrics implements SessionListener {
    private static final double NANOS = TimeUnit.SECONDS.toNanos(1);

    private final Backends backends;
    private final CounterDataPoint opened;
    private final Map<CloseReason, CounterDataPoint> closed = new EnumMap<>(CloseReason.class);
    private final Map<ScriptCall, Histogram.DataPoint> script = new EnumMap<>(ScriptCall.class);
    private final Histogram.DataPoint lag;
    private final CounterDataPoint reloads;
    private final CounterDataPoint failedReloads;
    private final @Nullable SessionReport[] batch = new SessionReport[64];
    private int batched;
    private volatile Totals ended = Totals.NONE;

    Metrics(PrometheusRegistry registry) {
        backends = new Backends(registry);
        opened = Counter.builder()
                .withoutExemplars()
                .name("proxymachine_sessions_opened_total")
                .help("Clients accepted.")
                .register(registry)
                .labelValues();
        Counter reasons = Counter.builder()
                .withoutExemplars()
                .name("proxymachine_sessions_closed_total")
                .help("Sessions that ended, by close reason.")
                .labelNames("reason")
                .register(registry);
        for (CloseReason each : CloseReason.values()) {
            closed.put(each, reasons.labelValues(each.word()));
        }
        Histogram calls = Histogram.builder()
                .withoutExemplars()
                .name("proxymachine_script_seconds")
                .unit(Unit.SECONDS)
                .help("Time that the script's blocks took on the loop, by what they were asked.")
                .labelNames("call")
                .classicOnly()
                .classicUpperBounds(
                        0.00001, 0.000025, 0.00005, 0.0001, 0.00025, 0.0005, 0.001, 0.0025, 0.005, 0.01, 0.1, 1, 10)
                .register(registry);
        for (ScriptCall each : ScriptCall.values()) {
            script.put(each, (Histogram.DataPoint) calls.labelValues(each.word()));
        }
        lag = (Histogram.DataPoint) Histogram.builder()
                .withoutExemplars()
                .name("proxymachine_loop_lag_seconds")
                .unit(Unit.SECONDS)
                .help("How late a timer of the loop is, which is what a new event waits; measured ten times a second.")
                .classicOnly()
                .classicUpperBounds(0.0005, 0.001, 0.0025, 0.005, 0.01, 0.025, 0.05, 0.1, 0.25, 0.5, 1, 2.5, 10)
                .register(registry)
                .labelValues();
        Counter results = Counter.builder()
                .withoutExemplars()
                .name("proxymachine_reloads_total")
                .help("Reloads of the script, by result; one that failed left the old script in force.")
                .labelNames("result")
                .register(registry);
        reloads = results.labelValues("ok");
        failedReloads = results.labelValues("failed");
    }

    @Override
    public void opened(Session session) {
        opened.inc();
    }

    @Override
    public void changed(Session session, SessionState from, SessionState to) {
        Destination destination = session.destination();
        if (to == SessionState.SPLICING && destination != null) {
            backends.connected(destination);
        }
    }

    @Override
    public void backendFailed(Session session, Destination remote, String error) {
        backends.failed(remote);
    }

    @Override
    public void closed(SessionReport report) {
        // Both maps have all.
        CounterDataPoint reason = closed.get(report.reason());
        if (reason != null) {
            reason.inc();
        }
        // One that was of use before it failed: those that were not were told of as they failed.
        if (report.reason() == CloseReason.BACKEND_RESET && report.backend() != null) {
            backends.failed(report.backend());
        }
        ended = ended.plus(report);
        batch[batched] = report;
        batched++;
        if (batched == batch.length) {
            flush();
        }
    }

    /**
     * Counts what has gathered. On the reactor's thread, and now and then: what a session adds to five histograms lies in some
     * forty places of the memory, which are cheap to visit only for many sessions at once.
     */
    void flush() {
        for (int i = 0; i < batched; i++) {
            SessionReport report = batch[i];
            if (report != null) {
                backends.closed(report);
            }
            batch[i] = null;
        }
        batched = 0;
    }

    void called(ScriptCall call, long nanos) {
        Histogram.DataPoint times = script.get(call);
        if (times != null) {
            times.observe(nanos / NANOS);
        }
    }

    void late(long nanos) {
        lag.observe(nanos / NANOS);
    }

    void reloaded(boolean succeeded) {
        (succeeded ? reloads : failedReloads).inc();
    }

    Backends backends() {
        return backends;
    }

    /** Returns the bytes of those that have ended. */
    Totals ended() {
        return ended;
    }

    long openedSessions() {
        return opened.getLongValue();
    }

    /** Returns how many ended for this reason. */
    long closed(CloseReason reason) {
        CounterDataPoint count = closed.get(reason);
        return count == null ? 0 : count.getLongValue();
    }

    /** Returns how many ended because something went wrong. */
    long failures() {
        long all = 0;
        for (CloseReason each : CloseReason.values()) {
            all += each.isFailure() ? closed(each) : 0;
        }
        return all;
    }

    long scriptCalls() {
        return script.values().stream().mapToLong(Histogram.DataPoint::getCount).sum();
    }

    double scriptSeconds() {
        return script.values().stream().mapToDouble(Histogram.DataPoint::getSum).sum();
    }

    long goodReloads() {
        return reloads.getLongValue();
    }

    long failedReloads() {
        return failedReloads.getLongValue();
    }
}
