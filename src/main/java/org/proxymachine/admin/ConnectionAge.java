package org.proxymachine.admin;

import java.util.concurrent.TimeUnit;
import org.eclipse.jetty.io.Connection;
import org.eclipse.jetty.util.thread.Scheduler;

/**
 * How old a connection to the endpoint may be. Jetty limits idleness alone: a request that comes byte by byte would hold its
 * place for ever. Those that ask something now and then are told in time that the answer is the last (RFC 9112, section 9.6).
 */
final class ConnectionAge implements Connection.Listener {
    /** Longer than any answer takes, that of a reload included. */
    private static final long MAX_SECONDS = 150;

    /** What is asked on one that is older is the last. */
    private static final long OLD_MILLIS = 60_000;

    private final Scheduler scheduler;

    ConnectionAge(Scheduler scheduler) {
        this.scheduler = scheduler;
    }

    static boolean isOld(Connection connection) {
        return System.currentTimeMillis() - connection.getCreatedTimeStamp() > OLD_MILLIS;
    }

    @Override
    public void onOpened(Connection connection) {
        Scheduler.Task end = scheduler.schedule(connection::close, MAX_SECONDS, TimeUnit.SECONDS);
        connection.addEventListener(new Connection.Listener() {
            @Override
            public void onClosed(Connection closed) {
                end.cancel();
            }
        });
    }
}
