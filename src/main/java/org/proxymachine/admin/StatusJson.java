package org.proxymachine.admin;

import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.TimeUnit;
import org.jspecify.annotations.Nullable;
import org.proxymachine.session.Addresses;
import org.proxymachine.session.CloseReason;

/** How a daemon is, for JSON. Times in seconds, sizes in bytes, null for what is not known. */
final class StatusJson {
    private static final double NANOS = TimeUnit.SECONDS.toNanos(1);

    private StatusJson() {}

    static Map<String, @Nullable Object> of(Watched daemon, History history) {
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
        json.put("uptime", Duration.between(about.started(), Instant.now()).toNanos() / NANOS);
        json.put("sessions", sessions(daemon, overview));
        json.put("reasons", reasons(daemon.metrics()));
        json.put("bytes", bytes(overview.totals()));
        json.put(
                "loop",
                Map.of(
                        "stuck",
                        daemon.lag().stuckNanos() / NANOS,
                        "lag",
                        daemon.lag().lastNanos() / NANOS));
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
        json.put("access_log_dropped", about.droppedLines().getAsLong());
        json.put("reload", reload(daemon));
        json.put("backends", backends(daemon.metrics().backends(), overview));
        json.put("history", history.json());
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

    private static List<Map<String, @Nullable Object>> backends(Backends backends, Overview overview) {
        record Row(Backend backend, Overview.Connected live) {
            long total() {
                return backend.ended() + live.sessions();
            }
        }
        List<Row> rows = new ArrayList<>();
        backends.all().forEach(each -> rows.add(new Row(each, overview.at(each.name()))));
        rows.sort(Comparator.comparingLong(Row::total).reversed());
        Row other = new Row(backends.other(), overview.at(Backends.OTHER));
        if (other.total() > 0) {
            rows.add(other);
        }
        return rows.stream().map(row -> backend(row.backend, row.live)).toList();
    }

    private static Map<String, @Nullable Object> backend(Backend backend, Overview.Connected live) {
        Map<String, @Nullable Object> json = new LinkedHashMap<>();
        json.put("backend", backend.name());
        json.put("current", live.sessions());
        json.put("total", backend.ended() + live.sessions());
        json.put("failed", backend.failures());
        json.put("connect", known(backend.meanConnect()));
        json.put("first_byte", known(backend.meanFirstByte()));
        json.put("bytes_up", backend.bytesUp() + live.bytesUp());
        json.put("bytes_down", backend.bytesDown() + live.bytesDown());
        return json;
    }

    private static @Nullable Double known(double seconds) {
        return Double.isNaN(seconds) ? null : seconds;
    }
}
