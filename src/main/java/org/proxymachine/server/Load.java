package org.proxymachine.server;

import org.proxymachine.route.Unload;

/**
 * The clients of one router, so that what it opened can end with the last of them. Holds its end alone, not the router,
 * which clients that are routed for good need no more. On the reactor's thread.
 */
final class Load {
    private final Unload unload;
    private int clients;
    private boolean replaced;

    Load(Unload unload) {
        this.unload = unload;
    }

    Unload unload() {
        return unload;
    }

    void clientCame() {
        clients++;
    }

    void clientLeft() {
        clients--;
    }

    void replace() {
        replaced = true;
    }

    /** Whether nobody has it, and nobody will. */
    boolean isOver() {
        return replaced && clients == 0;
    }
}
