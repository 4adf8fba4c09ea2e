package org.proxymachine.chaos;

import java.nio.file.Files;
import java.util.Random;

/** A reload of what is no script, then of the right one again. */
final class BrokenScript implements Chaos {
    private static final String REFUSED = "the old script stays in force";
    private static final String[] BROKEN = {
        "proxy { data ->", "", "proxy { data -> [remot: 'x:1'] }\nproxy { }", "throw new Error('broken')", "\0\0\0"
    };

    @Override
    public void strike(Daemon daemon, Random random) throws Exception {
        int refused = daemon.count(REFUSED);
        Files.writeString(daemon.scriptFile(), BROKEN[random.nextInt(BROKEN.length)]);
        try {
            daemon.signal("HUP");
            daemon.awaitMore(REFUSED, refused);
        } finally {
            Files.writeString(daemon.scriptFile(), daemon.script());
        }
        int reloaded = daemon.count("reloaded ");
        daemon.signal("HUP");
        daemon.awaitMore("reloaded ", reloaded);
    }
}
