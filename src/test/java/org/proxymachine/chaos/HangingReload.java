package org.proxymachine.chaos;

import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Random;

/** A script that does not come to the end of its own text, as one that waits for a database; then the right one. */
final class HangingReload implements Chaos {
    @Override
    public void strike(Daemon daemon, Random random) throws Exception {
        Path gate = daemon.file("gate");
        Files.writeString(gate, "");
        int reloaded = daemon.count("reloaded ");
        try {
            Files.writeString(
                    daemon.scriptFile(), "while (new File('" + gate + "').exists()) sleep(5)\n" + daemon.script());
            daemon.signal("HUP");
            daemon.hold(Duration.ofMillis(300));
            Files.writeString(daemon.scriptFile(), daemon.script());
            daemon.signal("HUP");
            daemon.awaitMore("reloaded ", reloaded);
        } finally {
            Files.writeString(daemon.scriptFile(), daemon.script());
            Files.delete(gate);
        }
        daemon.hold(Duration.ofMillis(50));
    }
}
