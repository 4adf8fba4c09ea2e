package org.proxymachine.chaos;

import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Objects;
import java.util.Random;

/** Open files: the limit of the running process is lowered to a few more than it has, and raised again. */
final class FewFiles implements Chaos {
    @Override
    public boolean isPossible() {
        return Files.isExecutable(Path.of("/usr/bin/prlimit"));
    }

    @Override
    public boolean mayTurnAway() {
        return true;
    }

    @Override
    public void strike(Daemon daemon, Random random) throws Exception {
        String pid = String.valueOf(daemon.jvm());
        int open = Objects.requireNonNull(Path.of("/proc", pid, "fd").toFile().list()).length;
        String[] before = Daemon.run(
                        "prlimit", "--pid", pid, "--nofile", "--noheadings", "--raw", "--output", "SOFT,HARD")
                .strip()
                .split("\\s+", -1);
        Daemon.run("prlimit", "--pid", pid, "--nofile=" + (open + random.nextInt(4)) + ":");
        try {
            daemon.hold(Duration.ofMillis(100 + random.nextInt(1_500)));
        } finally {
            Daemon.run("prlimit", "--pid", pid, "--nofile=" + before[0] + ":" + before[1]);
        }
        // What could not be had a moment ago is served again.
        daemon.hold(Duration.ofMillis(1_100));
    }
}
