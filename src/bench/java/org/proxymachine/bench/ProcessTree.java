package org.proxymachine.bench;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.util.List;
import java.util.stream.Stream;

/** What a process and its children cost, as proc(5) tells it. */
record ProcessTree(ProcessHandle root) {
    /** USER_HZ, in which proc(5) counts processor time: 100 on every Linux that Java runs on. */
    private static final int TICKS_PER_SECOND = 100;

    List<ProcessHandle> processes() {
        return Stream.concat(Stream.of(root), root.descendants()).toList();
    }

    /** Returns user and system time so far, in seconds, to a hundredth. */
    Times times() throws IOException {
        long user = 0;
        long system = 0;
        for (ProcessHandle process : processes()) {
            try {
                String stat = Files.readString(file(process, "stat"));
                String[] fields = stat.substring(stat.lastIndexOf(')') + 2).split(" ", -1);
                user += Long.parseLong(fields[11]);
                system += Long.parseLong(fields[12]);
            } catch (NoSuchFileException e) {
                // It has ended meanwhile.
            }
        }
        return new Times((double) user / TICKS_PER_SECOND, (double) (user + system) / TICKS_PER_SECOND);
    }

    /** Processor time in seconds: in user space, and all of it. */
    record Times(double user, double all) {
        Times since(Times before) {
            return new Times(user - before.user, all - before.all);
        }
    }

    /** Returns the resident memory in megabytes (10⁶ bytes), shared pages counted in each process. */
    double residentMegabytes() throws IOException {
        long kib = 0;
        for (ProcessHandle process : processes()) {
            for (String line : Files.readAllLines(file(process, "smaps_rollup"))) {
                if (line.startsWith("Rss:")) {
                    kib += Long.parseLong(line.replaceAll("\\D", ""));
                }
            }
        }
        return kib * 1024 / 1e6;
    }

    private static Path file(ProcessHandle process, String name) {
        return Path.of("/proc", String.valueOf(process.pid()), name);
    }
}
