package org.proxymachine.session;

import java.util.Locale;

/** Why a session ended: one each, and the word for it in the access log. */
public enum CloseReason {
    /** Both sides ended in good order. */
    DONE(200),
    /** The client ended before the script had routed it. */
    CLIENT_LEFT(200),
    /** The client reset the connection. */
    CLIENT_RESET(200),
    /** The client was not routed within {@code --route-timeout}. */
    ROUTE_TIMEOUT(400),
    /** The client sent more than {@code --max-preread} before it was routed. */
    PREREAD_LIMIT(400),
    /** The client belongs to {@code --accept-proxy} and did not begin with a PROXY header. */
    PROXY_HEADER(400),
    /** Its address had {@code --max-connections-per-ip} connections. */
    IP_LIMIT(503),
    /** Its address had come {@code --max-rate-per-ip} times within a second. */
    RATE_LIMIT(503),
    /** Clients had the proxy hold as many bytes as the heap allows, and this was one of the newest that is not connected. */
    MEMORY_LIMIT(503),
    /** The script said close. */
    SCRIPT_CLOSE(403),
    /** The script failed, or its answer made no sense. */
    SCRIPT_ERROR(500),
    /** The backend refused the connection. */
    CONNECT_REFUSED(502),
    /** The backend did not accept within the connect timeout, or the system's own. */
    CONNECT_TIMEOUT(502),
    /** The backend could not be reached for another reason. */
    CONNECT_FAILED(502),
    /** The backend had {@code --max-connections-per-backend} connections for as long as the client could wait. */
    BACKEND_LIMIT(503),
    /** The backend's name could not be resolved. */
    UNRESOLVED(502),
    /** The backend closed before its first byte. */
    BACKEND_CLOSED(502),
    /** The backend reset the connection. */
    BACKEND_RESET(502),
    /** The backend sent no first byte within {@code inactivity_timeout}. */
    INACTIVITY_TIMEOUT(502),
    /** No byte in either direction within {@code idle_timeout}. */
    IDLE_TIMEOUT(200),
    /** An operator closed it, by the admin endpoint. */
    ADMIN_CLOSE(403),
    /** The daemon stopped before the session ended. */
    SHUTDOWN(503),
    /** A fault of the proxy itself. */
    INTERNAL_ERROR(500);

    private final int status;
    private final String word = name().toLowerCase(Locale.ROOT).replace('_', '-');

    CloseReason(int status) {
        this.status = status;
    }

    /**
     * Returns what nginx would log as $status (ngx_stream_core_module): 200 for what went as it should, 400 for a client
     * that made no sense, 403 for one that was denied, 500 for a fault here, 502 for one of the backend, 503 for a limit.
     */
    public int status() {
        return status;
    }

    /** Whether something went wrong: neither in good order, nor by the will of the script or of an operator. */
    public boolean isFailure() {
        return status >= 400 && status != 403;
    }

    /** Returns the word of the access log, such as {@code connect-refused}. */
    public String word() {
        return word;
    }
}
