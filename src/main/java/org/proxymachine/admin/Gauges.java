package org.proxymachine.admin;

import io.prometheus.metrics.core.metrics.CounterWithCallback;
import io.prometheus.metrics.core.metrics.GaugeWithCallback;
import io.prometheus.metrics.instrumentation.jvm.JvmMetrics;
import io.prometheus.metrics.model.registry.PrometheusRegistry;
import java.util.HashMap;
import java.util.Map;
import java.util.concurrent.TimeUnit;
import java.util.function.DoubleSupplier;

/** The metrics that are looked up when somebody asks. */
final class Gauges {
    private static final double NANOS = TimeUnit.SECONDS.toNanos(1);

    private Gauges() {}

    static void register(PrometheusRegistry registry, Watched daemon) {
        GaugeWithCallback.builder()
                .name("proxymachine_build_info")
                .help("Always 1; the label has the version.")
                .labelNames("version")
                .callback(value -> value.call(1, daemon.about().version()))
                .register(registry);
        gauge(
                registry,
                "sessions",
                "Sessions there are.",
                () -> daemon.sessions().live().size());
        gauge(
                registry,
                "sessions_limit",
                "Sessions there may be.",
                () -> daemon.about().maxSessions());
        gauge(
                registry,
                "draining",
                "1 once no more clients are accepted.",
                () -> daemon.server().isDraining() ? 1 : 0);
        gauge(
                registry,
                "last_reload_successful",
                "0 if the last reload failed, so that a script older than the file is in force; else 1.",
                () -> daemon.reloads().problem() == null ? 1 : 0);
        gauge(
                registry,
                "loop_stuck_seconds",
                "How long the running turn of the loop has finished nothing, if more than 0.1 seconds.",
                () -> daemon.lag().stuckNanos() / NANOS);
        gauge(
                registry,
                "buffer_bytes",
                "Direct memory with bytes that slow receivers have not taken yet.",
                () -> daemon.buffers().outBytes());
        gauge(
                registry,
                "buffer_limit_bytes",
                "What there may be of it.",
                () -> daemon.buffers().maxBytes());
        gauge(
                registry,
                "held_bytes",
                "Heap with bytes of clients that are not routed yet, or that were not read.",
                () -> daemon.buffers().heldBytes());
        gauge(
                registry,
                "held_limit_bytes",
                "What there may be of it before the newest clients that are not connected are closed.",
                () -> daemon.buffers().maxHeldBytes());
        GaugeWithCallback.builder()
                .name("proxymachine_backend_sessions")
                .help("Sessions connected to a destination.")
                .labelNames("backend")
                .callback(value -> backendSessions(daemon).forEach((name, count) -> value.call(count, name)))
                .register(registry);
        CounterWithCallback.builder()
                .name("proxymachine_received_bytes_total")
                .help("Bytes received, by whom they came from.")
                .labelNames("from")
                .callback(value -> {
                    Totals totals = daemon.overview().totals();
                    value.call((double) totals.fromClients(), "client");
                    value.call((double) totals.fromBackends(), "backend");
                })
                .register(registry);
        CounterWithCallback.builder()
                .name("proxymachine_sent_bytes_total")
                .help("Bytes sent, by whom they went to.")
                .labelNames("to")
                .callback(value -> {
                    Totals totals = daemon.overview().totals();
                    value.call((double) totals.toClients(), "client");
                    value.call((double) totals.toBackends(), "backend");
                })
                .register(registry);
        CounterWithCallback.builder()
                .name("proxymachine_access_log_dropped_total")
                .help("Lines of the access log that were dropped, for nobody took them.")
                .callback(value ->
                        value.call((double) daemon.about().droppedLines().getAsLong()))
                .register(registry);
        CounterWithCallback.builder()
                .name("proxymachine_turned_away_total")
                .help("Clients closed without a session, as no session had ended for --route-timeout in a full proxy.")
                .callback(value -> value.call((double) daemon.server().turnedAway()))
                .register(registry);
        JvmMetrics.builder().register(registry);
    }

    // One without a session has 0, not nothing: it may be the one that is down.
    private static Map<String, Integer> backendSessions(Watched daemon) {
        Map<String, Integer> sessions = new HashMap<>();
        daemon.metrics().backends().all().forEach(each -> sessions.put(each.name(), 0));
        daemon.overview().backends().forEach((name, at) -> sessions.put(name, at.sessions()));
        return sessions;
    }

    private static void gauge(PrometheusRegistry registry, String name, String help, DoubleSupplier value) {
        GaugeWithCallback.builder()
                .name("proxymachine_" + name)
                .help(help)
                .callback(callback -> callback.call(value.getAsDouble()))
                .register(registry);
    }
}
