package org.proxymachine.chaos;

import java.io.IOException;
import java.io.OutputStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Random;
import org.jspecify.annotations.Nullable;

/** The disk that recordings go to is full for a while. */
final class FullDisk implements Chaos {
    private @Nullable Path mounted;

    // A file system of its own that can be filled. One that cannot be mounted says so here.
    @Override
    public boolean isPossible() throws Exception {
        Path trial = Files.createTempDirectory("chaos");
        try {
            Daemon.run("mount", "-t", "tmpfs", "-o", "size=256k", "tmpfs", trial.toString());
            Daemon.run("umount", trial.toString());
            return true;
        } catch (AssertionError | IOException e) {
            return false;
        } finally {
            Files.delete(trial);
        }
    }

    @Override
    public void strike(Daemon daemon, Random random) throws Exception {
        if (mounted == null) {
            Daemon.run(
                    "mount",
                    "-t",
                    "tmpfs",
                    "-o",
                    "size=256k,mode=700",
                    "tmpfs",
                    daemon.records().toString());
            mounted = daemon.records();
        }
        Path filler = mounted.resolve("filler");
        try (OutputStream out = Files.newOutputStream(filler)) {
            out.write(new byte[1 << 20]);
        } catch (IOException e) {
            // Full, as wanted.
        }
        daemon.hold(Duration.ofMillis(200 + random.nextInt(1_000)));
        Files.delete(filler);
    }

    @Override
    public void clear() throws Exception {
        if (mounted != null) {
            Daemon.run("umount", "--lazy", mounted.toString());
        }
    }
}
