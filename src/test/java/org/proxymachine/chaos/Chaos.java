package org.proxymachine.chaos;

import java.util.Random;

/** One kind of trouble around the daemon. A run has it again and again, with others before and after it. */
interface Chaos {

    /** Whether it can be had on this machine: some need root, or a program. */
    default boolean isPossible() throws Exception {
        return true;
    }

    /** Whether clients that are not connected to a backend yet may be turned away, in one piece, while it goes on. */
    default boolean mayTurnAway() {
        return false;
    }

    /** Brings it about, holds it for as long as it takes, and undoes it. */
    void strike(Daemon daemon, Random random) throws Exception;

    /** The name that {@code -Dproxymachine.chaos} chooses it by. */
    default String name() {
        return getClass().getSimpleName();
    }

    /** Removes what it has left outside of the daemon. */
    default void clear() throws Exception {}
}
