package org.proxymachine.chaos;

import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Random;
import java.util.stream.Stream;

/** Threads: a control group (version 1) that grants the daemon not one more. */
final class FewThreads implements Chaos {
    private static final Path ROOT = Path.of("/sys/fs/cgroup/pids");
    private final Path group =
            ROOT.resolve("proxymachine-chaos-" + ProcessHandle.current().pid());

    @Override
    public boolean isPossible() {
        return Files.isWritable(ROOT) && group.toFile().mkdir();
    }

    // What a script starts a thread for fails; so do recordings and look-ups.
    @Override
    public boolean mayTurnAway() {
        return true;
    }

    @Override
    public void strike(Daemon daemon, Random random) throws Exception {
        Path home = ROOT.resolve(own());
        write(group.resolve("cgroup.procs"), daemon.jvm());
        try (Stream<Path> tasks = Files.list(Path.of("/proc", String.valueOf(daemon.jvm()), "task"))) {
            write(group.resolve("pids.max"), tasks.count());
        }
        try {
            daemon.hold(Duration.ofMillis(100 + random.nextInt(1_500)));
        } finally {
            Files.writeString(group.resolve("pids.max"), "max");
            write(home.resolve("cgroup.procs"), daemon.jvm());
        }
        daemon.hold(Duration.ofMillis(100));
    }

    private static String own() throws Exception {
        return Files.readAllLines(Path.of("/proc/self/cgroup")).stream()
                .filter(line -> line.contains(":pids:"))
                .map(line -> line.replaceAll("^.*:pids:/", ""))
                .findFirst()
                .orElse("");
    }

    private static void write(Path file, long value) throws Exception {
        Files.writeString(file, String.valueOf(value));
    }

    @Override
    public void clear() {
        // A control group is a folder that only rmdir(2) removes, once nobody is in it.
        if (group.toFile().exists() && !group.toFile().delete()) {
            System.out.println("chaos: left behind: " + group);
        }
    }
}
