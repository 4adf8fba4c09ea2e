package org.proxymachine.session;

import java.net.SocketAddress;
import org.jspecify.annotations.Nullable;
import org.proxymachine.route.Destination;

/**
 * What there is to say of a session, mostly of one that ended.
 *
 * @param client the address at the other end of its connection
 * @param source where the client connected from, which differs where a proxy in front of this one said so
 * @param local the address at this end of its connection
 * @param backend the destination connected to or tried last; null if there was none
 * @param backendAddress what it was connected to there, or tried last; null if there was none
 * @param reason why it ended; {@link CloseReason#INTERNAL_ERROR} while it has not
 * @param connectAttempts how often a connect was tried, over all destinations
 * @param bytesUp received from the client, a PROXY header not counted
 * @param bytesDown sent to the client, the script's replies included
 * @param bytesToBackend sent to the backend, a PROXY header not counted
 * @param bytesFromBackend received from it
 * @param routeNanos from accept to the decision, or -1
 * @param queueNanos of the time to connect, what was spent waiting for a place at a backend
 * @param connectNanos from the decision to the connection, or -1
 * @param firstByteNanos from the decision to the backend's first byte, or -1
 * @param totalNanos from accept to the end
 * @param activeSessions how many there were at its end, itself included
 * @param tag what the router had to say of it, of up to 128 printable chars; null if nothing
 */
public record SessionReport(
        long id,
        SocketAddress client,
        SocketAddress source,
        SocketAddress local,
        @Nullable Destination backend,
        @Nullable SocketAddress backendAddress,
        CloseReason reason,
        int connectAttempts,
        long bytesUp,
        long bytesDown,
        long bytesToBackend,
        long bytesFromBackend,
        long routeNanos,
        long queueNanos,
        long connectNanos,
        long firstByteNanos,
        long totalNanos,
        int activeSessions,
        @Nullable String tag) {}
