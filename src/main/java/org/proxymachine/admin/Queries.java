package org.proxymachine.admin;

import io.prometheus.metrics.expositionformats.ExpositionFormatWriter;
import io.prometheus.metrics.model.registry.PrometheusRegistry;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.SocketAddress;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.function.Predicate;
import org.eclipse.jetty.http.HttpStatus;
import org.eclipse.jetty.util.Fields;
import org.jspecify.annotations.Nullable;
import org.proxymachine.address.AddressFilter;
import org.proxymachine.route.Destination;
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
        Predicate<Trail> filter;
        try {
            filter = client(query.getValue("client")).and(backend(query.getValue("backend")));
        } catch (IllegalArgumentException e) {
            return Reply.problem(HttpStatus.BAD_REQUEST_400, String.valueOf(e.getMessage()));
        }
        if (state != null) {
            filter = filter.and(trail -> trail.state() == state);
        }
        Map<String, Object> json = new LinkedHashMap<>();
        json.put("live", daemon.sessions().live().size());
        json.put("sessions", chosen(daemon.sessions().newest(), filter, limit));
        json.put("ended", chosen(daemon.sessions().ended(), filter, limit));
        return Reply.json(json);
    }

    private static Predicate<Trail> client(@Nullable String text) {
        if (text == null) {
            return trail -> true;
        }
        try {
            Predicate<SocketAddress> filter = AddressFilter.of(text);
            return trail -> filter.test(trail.report().source());
        } catch (IllegalArgumentException e) {
            throw new IllegalArgumentException("client: " + e.getMessage(), e);
        }
    }

    private static Predicate<Trail> backend(@Nullable String text) {
        if (text == null) {
            return trail -> true;
        }
        Destination destination = Changes.destination(text);
        return trail -> destination.equals(trail.report().backend());
    }

    private static List<Map<String, @Nullable Object>> chosen(List<Trail> trails, Predicate<Trail> filter, int limit) {
        return trails.stream()
                .filter(filter)
                .limit(limit & 0xffff_ffffL)
                .map(SessionJson::of)
                .toList();
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
