package org.proxymachine.admin;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.concurrent.TimeUnit;
import org.jspecify.annotations.Nullable;
import org.proxymachine.address.Addresses;
import org.proxymachine.session.SessionReport;
import org.proxymachine.session.SessionState;

/** A session for JSON. Times in seconds, null for what there is not. */
final class SessionJson {
    private static final double NANOS = TimeUnit.SECONDS.toNanos(1);

    /** What a state is called. */
    static final List<String> STATES =
            Arrays.stream(SessionState.values()).map(SessionJson::word).toList();

    private SessionJson() {}

    private static String word(SessionState state) {
        return state.name().toLowerCase(Locale.ROOT);
    }

    static Map<String, @Nullable Object> of(Trail trail) {
        // In this order: one that ends in between has a state that is older than its report.
        SessionState state = trail.state();
        SessionReport report = trail.report();
        boolean ended = state == SessionState.CLOSED;
        Map<String, @Nullable Object> json = new LinkedHashMap<>();
        json.put("id", trail.id());
        json.put("state", word(state));
        json.put("client", client(report));
        json.put("peer", report.source().equals(report.client()) ? null : Addresses.format(report.client()));
        json.put("local", Addresses.format(report.local()));
        json.put("backend", report.backend() == null ? null : report.backend().toString());
        json.put("address", report.backendAddress() == null ? null : Addresses.format(report.backendAddress()));
        json.put("tag", report.tag());
        json.put("started", trail.started().toString());
        json.put("age", report.totalNanos() / NANOS);
        json.put("ended_ago", ended ? (System.nanoTime() - trail.endNanos()) / NANOS : null);
        json.put("bytes_up", report.bytesUp());
        json.put("bytes_down", report.bytesDown());
        json.put("reason", ended ? report.reason().word() : null);
        return json;
    }

    /** Returns where the client is: behind a proxy that said so, if need be. */
    static String client(SessionReport report) {
        return Addresses.format(report.source());
    }

    /** Returns it with all that is known of how it went. */
    static Map<String, @Nullable Object> withSteps(Trail trail) {
        Map<String, @Nullable Object> json = of(trail);
        SessionReport report = trail.report();
        Map<String, @Nullable Object> times = new LinkedHashMap<>();
        times.put("route", seconds(report.routeNanos()));
        times.put("queue", report.queueNanos() / NANOS);
        times.put("connect", seconds(report.connectNanos()));
        times.put("first_byte", seconds(report.firstByteNanos()));
        json.put("times", times);
        json.put("connect_attempts", report.connectAttempts());
        List<Map<String, Object>> answers = new ArrayList<>();
        List<Map<String, Object>> events = new ArrayList<>();
        for (Step each : trail.steps().all()) {
            if (each.isAnswer()) {
                answers.add(answer(each));
            } else {
                events.add(event(each));
            }
        }
        json.put("answers", answers);
        json.put("events", events);
        json.put("left_out", trail.steps().leftOut());
        return json;
    }

    private static @Nullable Double seconds(long nanos) {
        return nanos < 0 ? null : nanos / NANOS;
    }

    private static Map<String, Object> answer(Step step) {
        Map<String, Object> json = new LinkedHashMap<>();
        json.put("at", step.nanos() / NANOS);
        json.put("bytes", step.bytes());
        json.put("call", step.call());
        json.put("took", step.tookNanos() / NANOS);
        json.put("decision", step.what().toString());
        json.put("times", step.times());
        return json;
    }

    private static Map<String, Object> event(Step step) {
        Map<String, Object> json = new LinkedHashMap<>();
        json.put("at", step.nanos() / NANOS);
        json.put("event", step.what().toString());
        return json;
    }
}
