package org.proxymachine.admin;

import java.net.InetSocketAddress;
import java.net.SocketAddress;
import java.net.UnixDomainSocketAddress;
import java.net.UnknownHostException;
import java.nio.charset.StandardCharsets;
import java.security.MessageDigest;
import java.util.Locale;
import org.eclipse.jetty.http.HttpHeader;
import org.eclipse.jetty.http.HttpStatus;
import org.eclipse.jetty.server.Request;
import org.jspecify.annotations.Nullable;
import org.proxymachine.address.LiteralAddress;

/**
 * Who may do what. Whoever reaches the endpoint may look; only those may change something who may open the unix socket, or
 * have the token (RFC 6750).
 */
final class Access {
    private static final String SCHEME = "bearer ";

    private final byte @Nullable [] token;

    /** @param token null if nobody may change anything over TCP */
    Access(@Nullable String token) {
        this.token = token == null ? null : token.getBytes(StandardCharsets.UTF_8);
    }

    /** Why a request is refused: a status of HTTP and a line. */
    record Refusal(int status, String problem) {}

    /**
     * Returns why one may not even look; null if one may. A page of the web whose name has been made to lead to this machine
     * (DNS rebinding) has that name in its requests; who means the loopback interface names an address or localhost.
     */
    @Nullable
    Refusal look(Request request) {
        String host = Request.getServerName(request);
        boolean meant = !isLoopback(request)
                || host == null
                || host.equalsIgnoreCase("localhost")
                || host.equalsIgnoreCase("localhost.")
                || isAddress(host);
        return meant || hasToken(request)
                ? null
                : new Refusal(
                        HttpStatus.MISDIRECTED_REQUEST_421,
                        "expected an address or localhost as host, was \"" + host + "\"");
    }

    private static boolean isAddress(String host) {
        String bare = host.startsWith("[") && host.endsWith("]") ? host.substring(1, host.length() - 1) : host;
        try {
            return LiteralAddress.parse(bare) != null;
        } catch (UnknownHostException e) {
            return false;
        }
    }

    /** Returns why this request may not change anything; null if it may. */
    @Nullable
    Refusal change(Request request) {
        if (isUnix(request) || hasToken(request)) {
            return null;
        }
        return token == null
                ? new Refusal(
                        HttpStatus.FORBIDDEN_403, "changes need the unix socket, or a token: see --admin-token-file")
                : new Refusal(HttpStatus.UNAUTHORIZED_401, "expected Authorization: Bearer and the token");
    }

    private boolean hasToken(Request request) {
        String said = request.getHeaders().get(HttpHeader.AUTHORIZATION);
        byte[] expected = token;
        return expected != null
                && said != null
                && said.toLowerCase(Locale.ROOT).startsWith(SCHEME)
                // Takes as long for any token of this length.
                && MessageDigest.isEqual(
                        expected, said.substring(SCHEME.length()).strip().getBytes(StandardCharsets.UTF_8));
    }

    private static boolean isUnix(Request request) {
        return local(request) instanceof UnixDomainSocketAddress;
    }

    private static boolean isLoopback(Request request) {
        return local(request) instanceof InetSocketAddress inet
                && inet.getAddress().isLoopbackAddress();
    }

    private static SocketAddress local(Request request) {
        return request.getConnectionMetaData().getLocalSocketAddress();
    }
}
