package org.proxymachine.cli;

import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import org.proxymachine.route.Router;
import org.proxymachine.route.RouterSource;
import org.proxymachine.script.ScriptLoader;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Says at which line a script is that takes long to load, once, while it still does: what hangs cannot say so itself. Watches
 * the thread that loads, from a thread of its own, until it has.
 */
final class SlowLoad {
    private static final long PATIENCE_SECONDS = 5;
    private static final Logger LOG = LoggerFactory.getLogger("proxymachine");

    private final Thread loading = Thread.currentThread();
    private final CountDownLatch over = new CountDownLatch(1);

    /** Returns the router that this comes to. */
    static Router watched(RouterSource source) {
        SlowLoad watch = new SlowLoad();
        try {
            return source.load();
        } finally {
            watch.over.countDown();
        }
    }

    private SlowLoad() {
        Thread thread = new Thread(this::watch, "slow-load");
        thread.setDaemon(true);
        thread.start();
    }

    private void watch() {
        try {
            if (!over.await(PATIENCE_SECONDS, TimeUnit.SECONDS)) {
                String line = ScriptLoader.line(loading.getStackTrace());
                LOG.warn(
                        "the script takes long to load: after {} s it is at {}",
                        PATIENCE_SECONDS,
                        line != null ? line : "no line of its own");
            }
        } catch (InterruptedException e) {
            // Nobody interrupts this thread.
        }
    }
}
