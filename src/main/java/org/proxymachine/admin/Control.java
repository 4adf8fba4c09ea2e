package org.proxymachine.admin;

import org.jspecify.annotations.Nullable;

/** What can be done to a daemon. Called on the endpoint's threads, and may take its time. */
public interface Control {
    /** Stops accepting, and ends the daemon with the last session. */
    void drain();

    /**
     * Loads the script anew, and waits until that is done. Returns null, or what is wrong with it as one line; then the old
     * one stays in force.
     */
    @Nullable
    String reload();

    /** Whether the reload that is under way hangs, and gives way to the next one. */
    boolean reloadHangs();
}
