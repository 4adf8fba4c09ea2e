package org.proxymachine.admin;

import java.util.concurrent.TimeUnit;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * What becomes of an accept that failed, as for want of descriptors: one line, and another try after a while. Jetty's selector would
 * try again at once and for ever; its acceptor, a thread that waits in accept(2), asks here. On that thread.
 */
final class Acceptance {
    private static final Logger LOG = LoggerFactory.getLogger("proxymachine");

    private static final long PAUSE_MILLIS = 100;

    private boolean failing;

    void succeeded() {
        failing = false;
    }

    /** Waits. Returns whether to go on. */
    boolean failed(Throwable failure) {
        if (!failing) {
            LOG.warn("the admin endpoint cannot accept: {}", failure.getMessage());
        }
        failing = true;
        try {
            TimeUnit.MILLISECONDS.sleep(PAUSE_MILLIS);
            return true;
        } catch (InterruptedException e) {
            return false;
        }
    }
}
