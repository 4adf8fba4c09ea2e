package org.proxymachine.admin;

import java.time.Instant;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.TimeUnit;
import org.jspecify.annotations.Nullable;
import org.proxymachine.address.Addresses;
import org.proxymachine.session.CloseReason;

/** How a daemon is, for JSON. Times in seconds, sizes in bytes, null for what is not known. */
final class StatusJson {
    private static final double NANOS = TimeUnit.SECONDS.toNanos(1);

    private StatusJson() {}

    static Map<String, @Nullable Object> of(Watched daemon, History history) {
        Backends backends = daemon.metrics().backends();
        // First, as with the totals: a session that ends meanwhile may be missed for once, but is never counted twice.
        Map<Backend, Backend.Totals> ended = ended(backends);
        Overview overview = daemon.overview();
        About about = daemon.about();
        Map<String, @Nullable Object> json = new LinkedHashMap<>();
        json.put("version", about.version());
        json.put("name", about.name());
        json.put("pid", about.pid());
        json.put("script", about.script());
        json.put(
                "listen",
                daemon.server().addresses().stream().map(Addresses::format).toList());
        json.put("state", daemon.state());
        json.put("started", about.started().toString());
        json.put("uptime", (System.nanoTime() - about.startedNanos()) / NANOS);
        json.put("sessions", sessions(daemon, overview));
        json.put("reasons", reasons(daemon.metrics()));
        json.put("bytes", bytes(overview.totals()));
        json.put("loop", loop(daemon));
        json.put(
                "script_time",
                Map.of(
                        "calls",
                        daemon.metrics().scriptCalls(),
                        "seconds",
                        daemon.metrics().scriptSeconds()));
        json.put(
                "buffers",
                Map.of(
                        "used",
                        daemon.buffers().outBytes(),
                        "limit",
                        daemon.buffers().maxBytes()));
        json.put(
                "held",
                Map.of(
                        "used",
                        daemon.buffers().heldBytes(),
                        "limit",
                        daemon.buffers().maxHeldBytes()));
        json.put("access_log_dropped", about.droppedLines().getAsLong());
        json.put("reload", reload(daemon));
        json.put("backends", backends(backends, ended, overview));
        json.put("history", history.json());
        return json;
    }

    private static Map<String, @Nullable Object> loop(Watched daemon) {
        long stuckNanos = daemon.lag().stuckNanos();
        Map<String, @Nullable Object> json = new LinkedHashMap<>();
        json.put("stuck", stuckNanos / NANOS);
        json.put("at", stuckNanos > 0 ? daemon.place() : null);
        json.put("lag", daemon.lag().lastNanos() / NANOS);
        return json;
    }

    private static Map<String, Object> sessions(Watched daemon, Overview overview) {
        Map<String, Object> json = new LinkedHashMap<>();
        json.put("current", overview.sessions());
        json.put("highest", daemon.sessions().highest());
        json.put("limit", daemon.about().maxSessions());
        json.put("total", daemon.metrics().openedSessions());
        return json;
    }

    private static Map<String, Object> reasons(Metrics metrics) {
        Map<String, Object> json = new LinkedHashMap<>();
        for (CloseReason each : CloseReason.values()) {
            json.put(each.word(), metrics.closed(each));
        }
        return json;
    }

    private static Map<String, Object> bytes(Totals totals) {
        Map<String, Object> json = new LinkedHashMap<>();
        json.put("from_clients", totals.fromClients());
        json.put("to_clients", totals.toClients());
        json.put("to_backends", totals.toBackends());
        json.put("from_backends", totals.fromBackends());
        return json;
    }

    private static Map<String, @Nullable Object> reload(Watched daemon) {
        Reloads reloads = daemon.reloads();
        Instant last = reloads.last();
        Map<String, @Nullable Object> json = new LinkedHashMap<>();
        json.put("count", daemon.metrics().goodReloads());
        json.put("failed", daemon.metrics().failedReloads());
        json.put("last", last == null ? null : last.toString());
        json.put("problem", reloads.problem());
        return json;
    }

    /** A destination with what it has by now. */
    private record Row(Backend backend, int current, Backend.Totals totals) {
        static Row of(Backend backend, Backend.Totals ended, Overview overview) {
            Overview.Connected live = overview.at(backend.name());
            return new Row(backend, live.sessions(), backend.neverLess(ended.plus(live)));
        }

        long total() {
            return totals.sessions();
        }
    }

    private static List<Map<String, @Nullable Object>> backends(
            Backends backends, Map<Backend, Backend.Totals> ended, Overview overview) {
        List<Row> rows = new ArrayList<>();
        ended.forEach((backend, totals) -> rows.add(Row.of(backend, totals, overview)));
        rows.sort(Comparator.comparing((Row row) -> row.backend == backends.other())
                .thenComparing(Comparator.comparingLong(Row::total).reversed()));
        return rows.stream()
                .filter(row -> row.total() > 0 || row.backend != backends.other())
                .map(StatusJson::backend)
                .toList();
    }

    private static Map<Backend, Backend.Totals> ended(Backends backends) {
        Map<Backend, Backend.Totals> ended = new HashMap<>();
        backends.all().forEach(each -> ended.put(each, each.ended()));
        ended.put(backends.other(), backends.other().ended());
        return ended;
    }

    private static Map<String, @Nullable Object> backend(Row row) {
        Map<String, @Nullable Object> json = new LinkedHashMap<>();
        json.put("backend", row.backend.name());
        json.put("current", row.current);
        json.put("total", row.totals.sessions());
        json.put("failed", row.backend.failures());
        json.put("connect", known(row.backend.meanConnect()));
        json.put("first_byte", known(row.backend.meanFirstByte()));
        json.put("bytes_up", row.totals.bytesUp());
        json.put("bytes_down", row.totals.bytesDown());
        return json;
    }

    private static @Nullable Double known(double seconds) {
        return Double.isNaN(seconds) ? null : seconds;
    }
}
