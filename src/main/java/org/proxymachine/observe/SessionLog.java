package org.proxymachine.observe;

import java.net.SocketAddress;
import org.jspecify.annotations.Nullable;
import org.proxymachine.address.Addresses;
import org.proxymachine.route.Destination;
import org.proxymachine.session.Session;
import org.proxymachine.session.SessionListener;
import org.proxymachine.session.SessionReport;
import org.proxymachine.session.SessionState;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** Writes one line per session that ended, and what an operator can act on before. Never the payload. */
public class SessionLog implements SessionListener {
    /** The logger: a line per session at INFO, what went wrong above, changes of state below. */
    public static final String LOGGER = "session";

    private static final Logger LOG = LoggerFactory.getLogger(LOGGER);

    /** Returns one without the line per session, which is somebody else's to write. */
    public static SessionListener withoutEnds() {
        return new SessionLog() {
            @Override
            public void closed(SessionReport report) {
                // Not here.
            }
        };
    }

    @Override
    public void changed(Session session, SessionState from, SessionState to) {
        if (LOG.isDebugEnabled()) {
            LOG.debug("id={} {} -> {}", session.id(), from, to);
        }
    }

    @Override
    public void backendFailed(Session session, Destination remote, String error) {
        LOG.warn("id={} client={} backend={} {}", session.id(), client(session), Field.of(remote), Field.in(error));
    }

    @Override
    public void headerMissing(Session session, String problem) {
        LOG.warn("id={} client={} {}", session.id(), client(session), Field.in(problem));
    }

    @Override
    public void routerFailed(Session session, String problem, @Nullable Throwable cause) {
        LOG.warn("id={} client={} {}", session.id(), client(session), Field.in(problem));
        if (cause != null) {
            LOG.debug("id={} {}", session.id(), Field.in(problem), cause);
        }
    }

    @Override
    public void broken(Session session, Throwable fault) {
        LOG.error("id={} client={} internal error", session.id(), client(session), fault);
    }

    private static String client(Session session) {
        return client(session.peer(), session.source());
    }

    /** The address at the other end, and behind it whom it speaks for, if that is somebody else. */
    private static String client(SocketAddress peer, SocketAddress source) {
        // The name of a unix socket may be anything.
        String client = Field.of(Addresses.format(peer));
        return source.equals(peer) ? client : client + " source=" + Field.of(Addresses.format(source));
    }

    @Override
    public void closed(SessionReport report) {
        if (!LOG.isInfoEnabled()) {
            return;
        }
        LOG.info(
                "id={} client={} backend={} reason={} up={} down={} route={} connect={} total={} attempts={}{}",
                report.id(),
                client(report.client(), report.source()),
                report.backend() == null ? "-" : Field.of(report.backend()),
                report.reason().word(),
                report.bytesUp(),
                report.bytesDown(),
                seconds(report.routeNanos()),
                seconds(report.connectNanos()),
                seconds(report.totalNanos()),
                report.connectAttempts(),
                report.tag() == null ? "" : " tag=" + Field.of(report.tag()));
    }

    /** Seconds with milliseconds, as nginx writes $session_time; "-" for what did not happen. */
    static String seconds(long nanos) {
        if (nanos < 0) {
            return "-";
        }
        long millis = (nanos + 500_000) / 1_000_000;
        // Not String.format, which takes longer than the rest of the line.
        StringBuilder text = new StringBuilder(12).append(millis / 1_000).append('.');
        long fraction = millis % 1_000;
        return text.append(fraction / 100)
                .append(fraction / 10 % 10)
                .append(fraction % 10)
                .toString();
    }
}
