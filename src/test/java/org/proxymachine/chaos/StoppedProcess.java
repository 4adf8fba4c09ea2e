package org.proxymachine.chaos;

import java.time.Duration;
import java.util.Random;

/** A daemon that stands still for a while, as on a machine that is paused or out of memory. */
final class StoppedProcess implements Chaos {
    @Override
    public void strike(Daemon daemon, Random random) throws Exception {
        daemon.signalJvm("STOP");
        try {
            daemon.hold(Duration.ofMillis(50 + random.nextInt(1_500)));
        } finally {
            daemon.signalJvm("CONT");
        }
    }
}
