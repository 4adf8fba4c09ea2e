package org.proxymachine.bench;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;

/** What it was measured on, in one line. */
final class Machine {
    private Machine() {}

    static String describe() throws IOException {
        return "%d processors (%s), Linux %s, %d GB of memory"
                .formatted(
                        processors(),
                        field(Path.of("/proc/cpuinfo"), "model name"),
                        System.getProperty("os.version"),
                        Long.parseLong(field(Path.of("/proc/meminfo"), "MemTotal")
                                        .replaceAll("\\D", ""))
                                / 1_000_000);
    }

    // Not availableProcessors: this process is pinned to one.
    static long processors() throws IOException {
        try (var lines = Files.lines(Path.of("/proc/cpuinfo"))) {
            return lines.filter(line -> line.startsWith("processor")).count();
        }
    }

    private static String field(Path file, String name) throws IOException {
        try (var lines = Files.lines(file)) {
            return lines.filter(line -> line.startsWith(name))
                    .findFirst()
                    .map(line -> line.substring(line.indexOf(':') + 1).strip())
                    .orElse("0");
        }
    }
}
