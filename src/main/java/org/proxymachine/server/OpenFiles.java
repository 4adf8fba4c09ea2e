package org.proxymachine.server;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;

/** The limit on open files of this process (RLIMIT_NOFILE, getrlimit(2)), and what it leaves for connections. */
public final class OpenFiles {
    /** For the JVM's own jars, the selector, the log, scripts. */
    private static final int RESERVED = 128;

    /** What POSIX systems grant where nothing can be read. */
    private static final int FALLBACK = 1_024;

    private OpenFiles() {}

    /**
     * Returns how many connections the limit allows: each takes a descriptor for the client and one for the backend.
     *
     * @param besides descriptors that others need
     */
    public static int connections(int besides) {
        return connections(limit() - besides);
    }

    /** Returns the soft limit of this process. */
    public static long limit() {
        return limit(Path.of("/proc/self/limits"));
    }

    static int connections(long limit) {
        return (int) Math.max(1, Math.min(Integer.MAX_VALUE, (limit - RESERVED) / 2));
    }

    /** Returns the soft limit as proc(5) shows it, which the JVM has raised to the hard one at its start. */
    static long limit(Path limits) {
        try {
            List<String> lines = Files.readAllLines(limits);
            for (String line : lines) {
                if (line.startsWith("Max open files")) {
                    String soft =
                            line.substring("Max open files".length()).strip().split("\\s+", 2)[0];
                    return soft.equals("unlimited") ? Integer.MAX_VALUE : Long.parseLong(soft);
                }
            }
        } catch (IOException | NumberFormatException e) {
            // Not Linux: the fallback.
        }
        return FALLBACK;
    }
}
