package org.proxymachine.reactor;

/** What a registered channel does when it is ready. Called on the reactor's thread. */
@FunctionalInterface
public interface ReadyHandler {

    /** The channel is ready for something it asked for; on an error or hang-up, for everything it asked for. */
    void ready(int readyOps);
}
