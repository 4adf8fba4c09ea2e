package org.proxymachine.admin;

import io.prometheus.metrics.core.metrics.Counter;
import io.prometheus.metrics.core.metrics.Histogram;
import io.prometheus.metrics.model.registry.PrometheusRegistry;
import io.prometheus.metrics.model.snapshots.Unit;
import java.util.Collection;
import java.util.List;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import org.jspecify.annotations.Nullable;
import org.proxymachine.observe.LineConverter;
import org.proxymachine.route.Destination;
import org.proxymachine.session.SessionReport;

/**
 * The destinations by name, with a histogram of each time. Their number is bounded, for a script may take names from its
 * clients: those that come first have a series of their own, the others share one.
 * Told on the reactor's thread, asked on any.
 */
final class Backends {
    /** How many destinations are told apart. */
    static final int MAX = 100;

    /** What a label has of a name at most. */
    static final int MAX_NAME_CHARS = 128;

    static final String OTHER = "other";
    static final String NONE = "none";

    /** In seconds: connects within a rack take 0.1 ms, a lost SYN costs a second, and a session may last for days. */
    private static final double[] SHORT = {
        0.0001, 0.00025, 0.0005, 0.001, 0.0025, 0.005, 0.01, 0.025, 0.05, 0.1, 0.25, 0.5, 1, 2.5, 5, 10, 30
    };

    private static final double[] LONG = {
        0.001, 0.005, 0.01, 0.05, 0.1, 0.5, 1, 5, 10, 30, 60, 300, 900, 3_600, 14_400, 86_400
    };

    private final Counter failures;
    private final Histogram route;
    private final Histogram connect;
    private final Histogram firstByte;
    private final Histogram session;
    private final Map<Destination, Backend> known = new ConcurrentHashMap<>();
    private final Backend other;
    private final Backend none;

    Backends(PrometheusRegistry registry) {
        failures = Counter.builder()
                .withoutExemplars()
                .name("proxymachine_backend_failures_total")
                .help("Sessions that a destination failed: all attempts failed, no first byte came, or it reset the "
                        + "connection.")
                .labelNames("backend")
                .register(registry);
        route = histogram(registry, "route", "Time from accept to the decision where to connect.", SHORT);
        connect = histogram(registry, "connect", "Time from the decision to the connection.", SHORT);
        firstByte = histogram(registry, "first_byte", "Time from the decision to the backend's first byte.", SHORT);
        session = histogram(registry, "session", "Time from accept to the end.", LONG);
        other = backend(OTHER);
        none = backend(NONE);
    }

    private static Histogram histogram(PrometheusRegistry registry, String name, String help, double... bounds) {
        return Histogram.builder()
                .withoutExemplars()
                .name("proxymachine_" + name + "_seconds")
                .unit(Unit.SECONDS)
                .help(help)
                .labelNames("backend")
                .classicOnly()
                .classicUpperBounds(bounds)
                .register(registry);
    }

    private Backend backend(String name) {
        return new Backend(
                name,
                failures.labelValues(name),
                (Histogram.DataPoint) route.labelValues(name),
                (Histogram.DataPoint) connect.labelValues(name),
                (Histogram.DataPoint) firstByte.labelValues(name),
                (Histogram.DataPoint) session.labelValues(name));
    }

    // Those that never were connected to may be a client's invention: they make way for one that is.
    private Backend known(Destination destination, boolean connected) {
        Backend backend = known.get(destination);
        if (backend == null) {
            if (known.size() >= MAX && !(connected && forgetUnconnected())) {
                return other;
            }
            backend = backend(label(destination));
            known.put(destination, backend);
        }
        if (connected) {
            backend.connected();
        }
        return backend;
    }

    private boolean forgetUnconnected() {
        for (Map.Entry<Destination, Backend> each : known.entrySet()) {
            if (!each.getValue().hasConnected()) {
                known.remove(each.getKey());
                String name = each.getValue().name();
                failures.remove(name);
                for (Histogram histogram : List.of(route, connect, firstByte, session)) {
                    histogram.remove(name);
                }
                return true;
            }
        }
        return false;
    }

    private static String label(Destination destination) {
        // Readers of metrics may take more than a line feed for the end of a line, and half a surrogate pair for
        // another one.
        String name = LineConverter.escape(destination.toString());
        return name.length() <= MAX_NAME_CHARS ? name : name.substring(0, MAX_NAME_CHARS - 1) + "…";
    }

    /** A session is connected there. */
    void connected(Destination destination) {
        known(destination, true);
    }

    void failed(Destination destination) {
        known(destination, false).failed();
    }

    void closed(SessionReport report) {
        Destination destination = report.backend();
        (destination == null ? none : known(destination, false)).closed(report);
    }

    /** Returns the name of the series that this destination is counted in. Any thread. */
    String name(@Nullable Destination destination) {
        if (destination == null) {
            return NONE;
        }
        Backend backend = known.get(destination);
        return backend != null ? backend.name() : known.size() < MAX ? label(destination) : OTHER;
    }

    /** Returns those that are told apart. */
    Collection<Backend> all() {
        return known.values();
    }

    /** Returns the one for all others. */
    Backend other() {
        return other;
    }
}
