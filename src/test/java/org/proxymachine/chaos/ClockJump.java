package org.proxymachine.chaos;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Random;

/** The wall clock is set, forward and back, by hours and years; the monotonic one goes on. */
final class ClockJump implements Chaos {
    private static final Path LIBRARY = Path.of("/usr/lib/x86_64-linux-gnu/faketime/libfaketime.so.1");
    private static final String[] JUMPS = {"+1h", "-1h", "+400d", "-10y", "+30s", "-30s"};

    @Override
    public boolean isPossible() {
        return Files.exists(LIBRARY);
    }

    /** What a daemon needs whose clock is to be set, where that is among these. */
    static Map<String, String> environment(List<Chaos> kinds, Path directory) throws IOException {
        if (kinds.stream().noneMatch(kind -> kind instanceof ClockJump)) {
            return Map.of();
        }
        Path clock = Files.writeString(directory.resolve("clock"), "+0");
        return Map.of(
                "LD_PRELOAD",
                LIBRARY.toString(),
                "FAKETIME_TIMESTAMP_FILE",
                clock.toString(),
                // Looked at once a second.
                "FAKETIME_CACHE_DURATION",
                "1",
                // A JVM hangs whose monotonic clock is another than its own threads'.
                "FAKETIME_DONT_FAKE_MONOTONIC",
                "1");
    }

    @Override
    public void strike(Daemon daemon, Random random) throws Exception {
        set(daemon, JUMPS[random.nextInt(JUMPS.length)]);
        daemon.hold(Duration.ofMillis(1_100 + random.nextInt(1_000)));
        set(daemon, "+0");
    }

    // In one step: the daemon may read at any time.
    private static void set(Daemon daemon, String jump) throws IOException {
        Path next = Files.writeString(daemon.file("clock.next"), jump);
        Files.move(next, daemon.file("clock"), StandardCopyOption.ATOMIC_MOVE);
    }
}
