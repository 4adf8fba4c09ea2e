package org.proxymachine.session;

import java.util.Locale;

/** Why a session ended: one each, and the word for it in the access log. */
public enum CloseReason {
    /** Both sides ended in good order. */
    DONE,
    /** The client ended before the script had routed it. */
    CLIENT_LEFT,
    /** The client reset the connection. */
    CLIENT_RESET,
    /** The client was not routed within {@code --route-timeout}. */
    ROUTE_TIMEOUT,
    /** The client sent more than {@code --max-preread} before it was routed. */
    PREREAD_LIMIT,
    /** The client belongs to {@code --accept-proxy} and did not begin with a PROXY header. */
    PROXY_HEADER,
    /** The script said close. */
    SCRIPT_CLOSE,
    /** The script failed, or its answer made no sense. */
    SCRIPT_ERROR,
    /** The backend refused the connection. */
    CONNECT_REFUSED,
    /** The backend did not accept within the connect timeout, or the system's own. */
    CONNECT_TIMEOUT,
    /** The backend could not be reached for another reason. */
    CONNECT_FAILED,
    /** The backend's name could not be resolved. */
    UNRESOLVED,
    /** The backend closed before its first byte. */
    BACKEND_CLOSED,
    /** The backend reset the connection. */
    BACKEND_RESET,
    /** The backend sent no first byte within {@code inactivity_timeout}. */
    INACTIVITY_TIMEOUT,
    /** No byte in either direction within {@code idle_timeout}. */
    IDLE_TIMEOUT,
    /** The daemon stopped before the session ended. */
    SHUTDOWN,
    /** A fault of the proxy itself. */
    INTERNAL_ERROR;

    private final String word = name().toLowerCase(Locale.ROOT).replace('_', '-');

    /** Returns the word of the access log, such as {@code connect-refused}. */
    public String word() {
        return word;
    }
}
