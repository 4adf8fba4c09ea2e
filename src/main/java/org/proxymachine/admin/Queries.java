package org.proxymachine.admin;

import io.prometheus.metrics.expositionformats.ExpositionFormatWriter;
import io.prometheus.metrics.model.registry.PrometheusRegistry;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import org.eclipse.jetty.http.HttpStatus;
import org.eclipse.jetty.util.Fields;
import org.jspecify.annotations.Nullable;
import org.proxymachine.address.AddressFilter;
import org.proxymachine.session.SessionReport;
import org.proxymachine.session.SessionState;

/** What can be asked of a daemon. */
final class Queries {
    private static final int DEFAULT_LIMIT = 1_000;

    private final Watched daemon;
    private final History history;
    private final PrometheusRegistry registry;

    Queries(Watched daemon, History history, PrometheusRegistry registry) {
        this.daemon = daemon;
        this.history = history;
        this.registry = registry;
    }

    Reply status() {
        return Reply.json(StatusJson.of(daemon, history));
    }

    /** The process is alive: what is asked is only whether its loop is, too. */
    Reply healthz() {
        return daemon.state().equals("stuck")
                ? Reply.line(HttpStatus.SERVICE_UNAVAILABLE_503, "stuck")
                : Reply.line(HttpStatus.OK_200, "ok");
    }

    Reply readyz() {
        String state = daemon.state();
        return state.equals("accepting")
                ? Reply.line(HttpStatus.OK_200, "ok")
                : Reply.line(HttpStatus.SERVICE_UNAVAILABLE_503, state);
    }

    /** In the format that the client asks for: Prometheus's own, or OpenMetrics. */
    Reply metrics(@Nullable String accept) {
        MetricsFormat format = MetricsFormat.of(accept);
        if (format == null) {
            return Reply.problem(HttpStatus.NOT_ACCEPTABLE_406, MetricsFormat.ALL);
        }
        ExpositionFormatWriter writer = format.writer();
        ByteArrayOutputStream out = new ByteArrayOutputStream();
        try {
            writer.write(out, registry.scrape());
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
        return new Reply(HttpStatus.OK_200, writer.getContentType(), out.toByteArray());
    }

    Reply sessions(Fields query) {
        int limit;
        @Nullable SessionState state;
        try {
            limit = query.get("limit") == null ? DEFAULT_LIMIT : Integer.parseUnsignedInt(query.getValue("limit"));
        } catch (NumberFormatException e) {
            return Reply.problem(
                    HttpStatus.BAD_REQUEST_400,
                    "limit: expected a number of 0 or more, was \"" + query.getValue("limit") + "\"");
        }
        try {
            String word = query.getValue("state");
            state = word == null ? null : SessionState.valueOf(word.toUpperCase(Locale.ROOT));
        } catch (IllegalArgumentException e) {
            return Reply.problem(
                    HttpStatus.BAD_REQUEST_400,
                    "state: expected one of " + SessionJson.STATES + ", was \"" + query.getValue("state") + "\"");
        }
        Map<String, Object> json = new LinkedHashMap<>();
        json.put("live", daemon.sessions().live().size());
        json.put("sessions", chosen(daemon.sessions().newest(), query, state, limit));
        json.put("ended", chosen(daemon.sessions().ended(), query, state, limit));
        return Reply.json(json);
    }

    private static List<Map<String, @Nullable Object>> chosen(
            List<Trail> trails, Fields query, @Nullable SessionState state, int limit) {
        return trails.stream()
                .filter(each -> isChosen(each, query, state))
                .limit(limit & 0xffff_ffffL)
                .map(SessionJson::of)
                .toList();
    }

    private static boolean isChosen(Trail trail, Fields query, @Nullable SessionState state) {
        SessionReport report = trail.report();
        String backend = query.getValue("backend");
        String client = query.getValue("client");
        return (state == null || trail.state() == state)
                && (backend == null || Changes.isAt(backend, report.backend()))
                && (client == null || AddressFilter.of(client).test(report.source()));
    }

    Reply session(long id) {
        Trail trail = daemon.sessions().find(id);
        return trail != null ? Reply.json(SessionJson.withSteps(trail)) : noSession(id);
    }

    static Reply noSession(long id) {
        return Reply.problem(
                HttpStatus.NOT_FOUND_404, "no session " + id + ": neither live, nor one of those that are remembered");
    }
}
