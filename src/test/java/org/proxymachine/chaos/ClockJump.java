package org.proxymachine.chaos;

import java.io.IOException;
import java.io.RandomAccessFile;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Random;

/**
 * The wall clock is set, forward and back, by seconds and by years; the monotonic one goes on. Not by faketime(1), which
 * makes each look at a clock cost what a session does.
 */
final class ClockJump implements Chaos {
    private static final Path SOURCE = Path.of("src/test/resources/org/proxymachine/chaos/clock.c");
    private static final Path COMPILER = Path.of("/usr/bin/cc");
    private static final long[] JUMPS_SECONDS = {3_600, -3_600, 400L * 86_400, -10L * 365 * 86_400, 30, -30};

    @Override
    public boolean isPossible() {
        return Files.isExecutable(COMPILER);
    }

    /** What a daemon needs whose clock is to be set, where that is among these. */
    static Map<String, String> environment(List<Chaos> kinds, Path directory) throws Exception {
        if (kinds.stream().noneMatch(kind -> kind instanceof ClockJump)) {
            return Map.of();
        }
        Path library = directory.resolve("clock.so");
        Daemon.run(COMPILER.toString(), "-O2", "-shared", "-fPIC", "-o", library.toString(), SOURCE.toString(), "-ldl");
        Path offset = Files.write(directory.resolve("clock"), new byte[Long.BYTES]);
        return Map.of("LD_PRELOAD", library.toString(), "CHAOS_CLOCK", offset.toString());
    }

    @Override
    public void strike(Daemon daemon, Random random) throws Exception {
        set(daemon, JUMPS_SECONDS[random.nextInt(JUMPS_SECONDS.length)]);
        daemon.hold(Duration.ofMillis(random.nextInt(1_000)));
        set(daemon, 0);
    }

    // In place: the daemon has the file mapped.
    private static void set(Daemon daemon, long seconds) throws IOException {
        byte[] number = ByteBuffer.allocate(Long.BYTES)
                .order(ByteOrder.nativeOrder())
                .putLong(seconds)
                .array();
        try (RandomAccessFile file = new RandomAccessFile(daemon.file("clock").toFile(), "rw")) {
            file.write(number);
        }
    }
}
