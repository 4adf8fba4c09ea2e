package org.proxymachine.session;

import java.net.InetSocketAddress;
import org.jspecify.annotations.Nullable;
import org.proxymachine.route.Destination;

/**
 * What there is to say of a session that ended.
 *
 * @param client where it connected from
 * @param backend the destination connected to or tried last; null if there was none
 * @param connectAttempts how often a connect was tried, over all destinations
 * @param bytesUp received from the client
 * @param bytesDown sent to the client, the script's replies included
 * @param routeNanos from accept to the decision, or -1
 * @param connectNanos from the decision to the connection, or -1
 * @param totalNanos from accept to the end
 */
public record SessionReport(
        long id,
        InetSocketAddress client,
        @Nullable Destination backend,
        CloseReason reason,
        int connectAttempts,
        long bytesUp,
        long bytesDown,
        long routeNanos,
        long connectNanos,
        long totalNanos) {}
