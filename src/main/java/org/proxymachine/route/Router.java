package org.proxymachine.route;

import java.time.Duration;
import org.jspecify.annotations.Nullable;

/**
 * Decides where connections go. Called on the reactor's thread, so whatever takes long is answered with
 * {@link Decision.Pending}. Each method may throw {@link RoutingException}, which closes the connection in question.
 */
public interface Router {

    /** A client connected and has sent nothing yet. */
    default Decision accepted(Client client) {
        return Decision.await();
    }

    /**
     * Returns after what time from its accept {@link #silent} is asked of a client that has not said a byte; null for never.
     */
    default @Nullable Duration silence() {
        return null;
    }

    /** A client has not said a byte within {@link #silence} from its accept. Asked once. */
    default Decision silent(Client client) {
        return Decision.await();
    }

    /**
     * New bytes arrived from a client that is not routed yet.
     *
     * @param data holds all the bytes buffered, from 0
     * @param length how many of them
     */
    Decision received(Client client, byte[] data, int length);

    /**
     * Whether {@link #connectFailed} has anything to say. Where not, a backend that shuts down its output before its
     * first byte is passed on to the client like any other half-close.
     */
    default boolean answersConnectErrors() {
        return false;
    }

    /**
     * A backend could not be connected to, or closed before its first byte.
     *
     * @param remote the destination tried last
     * @param error one line
     */
    default Decision connectFailed(Client client, Destination remote, String error) {
        return Decision.close();
    }

    /** A connected backend sent no first byte in time. */
    default Decision inactive(Client client, Destination remote, String error) {
        return Decision.close();
    }

    /** Returns what may be kept of the bytes that a client sent, where connections are recorded. */
    default byte[] redacted(Client client, byte[] bytes) {
        return bytes;
    }

    /** Returns what is to be done when the last client that came to this router is gone, and no further one will come. */
    default Unload unload() {
        return Unload.NOTHING;
    }

    /** Says where in the router a thread with this stack is, as one line, for the report of one that is stuck. */
    default String locate(StackTraceElement[] stack) {
        return stack.length == 0 ? "nowhere" : stack[0].toString();
    }
}
