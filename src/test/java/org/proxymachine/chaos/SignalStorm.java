package org.proxymachine.chaos;

import java.time.Duration;
import java.util.Random;

/** HUP upon HUP, a fraction of a millisecond apart, to the process that is signalled. */
final class SignalStorm implements Chaos {
    private static final String RELOADED = "reloaded ";

    @Override
    public void strike(Daemon daemon, Random random) throws Exception {
        int before = daemon.count(RELOADED);
        for (int i = random.nextInt(20); i >= 0; i--) {
            daemon.signal("HUP");
            daemon.hold(Duration.ofMillis(random.nextInt(3)));
        }
        // However many there were, the last one is followed.
        daemon.awaitMore(RELOADED, before);
    }
}
