package org.proxymachine.observe;

import java.time.Instant;
import java.time.ZoneId;
import java.time.format.DateTimeFormatter;
import java.util.Locale;
import org.jspecify.annotations.Nullable;
import org.proxymachine.address.Addresses;
import org.proxymachine.session.SessionReport;

/**
 * The access log as objects of JSON (RFC 8259), under the names of nginx's variables (ngx_stream_core_module,
 * ngx_stream_upstream_module): times in seconds, null for what did not happen. What nginx has no name for comes last.
 */
final class AccessJson {
    private static final DateTimeFormatter DATE = DateTimeFormatter.ofPattern("uuuu-MM-dd'T'HH:mm:ssxxx", Locale.ROOT);

    private AccessJson() {}

    static void append(StringBuilder json, AccessEntry entry) {
        append(json, entry, ZoneId.systemDefault());
    }

    static void append(StringBuilder json, AccessEntry entry, ZoneId zone) {
        SessionReport report = entry.report();
        boolean spokenFor = !report.source().equals(report.client());
        boolean connected = report.connectNanos() >= 0;
        json.append("{\"time_iso8601\":\"");
        DATE.formatTo(Instant.ofEpochMilli(entry.endMillis()).atZone(zone), json);
        json.append("\",\"msec\":").append(SessionLog.seconds(entry.endMillis() * 1_000_000));
        json.append(",\"connection\":").append(report.id());
        json.append(",\"protocol\":\"TCP\"");
        text(json, "remote_addr", AccessEntry.host(report.client()));
        number(json, "remote_port", AccessEntry.port(report.client()));
        text(json, "proxy_protocol_addr", spokenFor ? AccessEntry.host(report.source()) : null);
        number(json, "proxy_protocol_port", spokenFor ? AccessEntry.port(report.source()) : -1);
        text(json, "server_addr", AccessEntry.host(report.local()));
        number(json, "server_port", AccessEntry.port(report.local()));
        json.append(",\"status\":").append(report.reason().status());
        json.append(",\"bytes_received\":").append(report.bytesUp());
        json.append(",\"bytes_sent\":").append(report.bytesDown());
        seconds(json, "session_time", report.totalNanos());
        text(json, "upstream_addr", report.backendAddress() == null ? null : Addresses.format(report.backendAddress()));
        number(json, "upstream_bytes_received", connected ? report.bytesFromBackend() : -1);
        number(json, "upstream_bytes_sent", connected ? report.bytesToBackend() : -1);
        seconds(json, "upstream_connect_time", report.connectNanos());
        seconds(json, "upstream_first_byte_time", report.firstByteNanos());
        seconds(json, "upstream_session_time", connected ? report.totalNanos() - report.routeNanos() : -1);
        text(
                json,
                "upstream",
                report.backend() == null ? null : report.backend().toString());
        json.append(",\"attempts\":").append(report.connectAttempts());
        seconds(json, "route_time", report.routeNanos());
        seconds(json, "queue_time", report.routeNanos() < 0 ? -1 : report.queueNanos());
        text(json, "reason", report.reason().word());
        json.append(",\"connections\":").append(report.activeSessions());
        text(json, "tag", report.tag());
        json.append('}');
    }

    private static void text(StringBuilder json, String name, @Nullable String value) {
        json.append(",\"").append(name).append("\":").append(value == null ? "null" : Json.string(value));
    }

    private static void number(StringBuilder json, String name, long value) {
        json.append(",\"").append(name).append("\":");
        if (value < 0) {
            json.append("null");
        } else {
            json.append(value);
        }
    }

    private static void seconds(StringBuilder json, String name, long nanos) {
        json.append(",\"").append(name).append("\":").append(nanos < 0 ? "null" : SessionLog.seconds(nanos));
    }
}
