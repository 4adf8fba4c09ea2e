package org.proxymachine.observe;

import java.net.SocketAddress;
import java.time.Instant;
import java.time.ZoneId;
import java.time.format.DateTimeFormatter;
import java.util.Locale;
import java.util.concurrent.TimeUnit;
import org.jspecify.annotations.Nullable;
import org.proxymachine.address.Addresses;
import org.proxymachine.session.SessionReport;

/**
 * The access log as fields {@code name=value}, under the names that HAProxy's manual has for them (Configuration Manual
 * 2.8, section 8.2.6, custom log format), times in milliseconds and -1 for what did not happen.
 */
final class AccessText {
    private static final DateTimeFormatter DATE =
            DateTimeFormatter.ofPattern("uuuu-MM-dd'T'HH:mm:ss.SSSxxx", Locale.ROOT);

    private AccessText() {}

    static void append(StringBuilder line, AccessEntry entry) {
        append(line, entry, ZoneId.systemDefault());
    }

    static void append(StringBuilder line, AccessEntry entry, ZoneId zone) {
        SessionReport report = entry.report();
        line.append("accept_date=");
        DATE.formatTo(Instant.ofEpochMilli(entry.acceptMillis()).atZone(zone), line);
        line.append(" id=").append(report.id());
        address(line, "client", report.source());
        if (!report.source().equals(report.client())) {
            line.append(" peer=").append(Field.of(Addresses.format(report.client())));
        }
        address(line, "frontend", report.local());
        line.append(" server_name=").append(report.backend() == null ? "-" : Field.of(report.backend()));
        address(line, "server", report.backendAddress());
        line.append(" Tw=").append(millis(decided(report)));
        line.append(" Tc=").append(millis(connected(report)));
        line.append(" Tt=").append(millis(report.totalNanos()));
        line.append(" bytes_read=").append(report.bytesDown());
        line.append(" bytes_uploaded=").append(report.bytesUp());
        line.append(" reason=").append(report.reason().word());
        line.append(" actconn=").append(report.activeSessions());
        line.append(" retries=").append(Math.max(0, report.connectAttempts() - 1));
        if (report.tag() != null) {
            line.append(" tag=").append(Field.of(report.tag()));
        }
    }

    private static void address(StringBuilder line, String side, @Nullable SocketAddress address) {
        String host = AccessEntry.host(address);
        int port = AccessEntry.port(address);
        line.append(' ').append(side).append("_ip=").append(host == null ? "-" : Field.of(host));
        line.append(' ').append(side).append("_port=");
        if (port < 0) {
            line.append('-');
        } else {
            line.append(port);
        }
    }

    // As HAProxy has it, the wait for a place belongs to Tw, not to Tc.
    private static long decided(SessionReport report) {
        return report.routeNanos() < 0 ? -1 : report.routeNanos() + report.queueNanos();
    }

    private static long connected(SessionReport report) {
        return report.connectNanos() < 0 ? -1 : report.connectNanos() - report.queueNanos();
    }

    private static long millis(long nanos) {
        return nanos < 0 ? -1 : TimeUnit.NANOSECONDS.toMillis(nanos + 500_000);
    }
}
