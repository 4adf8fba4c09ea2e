package org.proxymachine.cli;

import java.time.Duration;
import java.util.function.Supplier;
import org.proxymachine.reactor.StallWatch;
import org.proxymachine.route.Router;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** Says in the log what a turn of the loop is busy with that takes long. Runs on the watch's thread. */
final class LongTurns implements StallWatch.Listener {
    private static final Logger LOG = LoggerFactory.getLogger("proxymachine");
    private static final double MILLIS = 1_000;

    private final Supplier<Router> router;
    private final Runnable alive;

    /** @param alive done in place of the loop while a turn moves on, for the loop cannot */
    LongTurns(Supplier<Router> router, Runnable alive) {
        this.router = router;
        this.alive = alive;
    }

    @Override
    public void stuck(Duration lasted, StackTraceElement[] where) {
        LOG.warn(
                "stuck for {} s, and every connection with it, at {}",
                lasted.toMillis() / MILLIS,
                router.get().locate(where));
    }

    @Override
    public void advances(Duration lasted, long handled) {
        LOG.warn(
                "much to do: one turn of the loop has lasted {} s, has handled {} events so far and goes on",
                lasted.toMillis() / MILLIS,
                handled);
        alive.run();
    }
}
