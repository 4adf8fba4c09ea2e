package org.proxymachine.session;

import org.jspecify.annotations.Nullable;
import org.proxymachine.route.Destination;

/** Told what happens to sessions, on the reactor's thread: never blocks, never throws. */
public interface SessionListener {

    /** A client has come; the router has not heard of it yet. */
    default void opened(Session session) {}

    /** A session changed its state. */
    default void changed(Session session, SessionState from, SessionState to) {}

    /** A destination could not be used: all its attempts failed, or it failed before its first byte. */
    default void backendFailed(Session session, Destination remote, String error) {}

    /** A client that has to begin with a PROXY header did not; the message is one line. */
    default void headerMissing(Session session, String problem) {}

    /** The router failed; the message is one line. */
    default void routerFailed(Session session, String problem, @Nullable Throwable cause) {}

    /** A fault of the proxy's own ended the session. */
    default void broken(Session session, Throwable fault) {}

    /** A session ended, and its channels are about to be closed. */
    default void closed(SessionReport report) {}
}
