package org.proxymachine.session;

/**
 * What a session does in its present state: how it takes events, and what it waits for. The session asks for the two
 * interests once after each event and sets them, so no phase ever toggles one.
 */
interface Phase {

    void clientReady(int readyOps) throws EndpointFailure;

    default void backendReady(int readyOps) throws EndpointFailure {}

    /** The session's deadline has come. */
    void expired() throws EndpointFailure;

    /** One side was found to be gone. */
    void failed(EndpointFailure failure);

    int clientOps();

    default int backendOps() {
        return 0;
    }

    /** The session moves on, or ends: whatever is under way is called off. */
    default void left() {}
}
