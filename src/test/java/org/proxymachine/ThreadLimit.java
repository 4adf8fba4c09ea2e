package org.proxymachine;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import org.junit.jupiter.api.Assumptions;

/** A limit on the threads of one live process, by a cgroup of its own (version 1 or 2). It ends with the process. */
final class ThreadLimit implements AutoCloseable {
    private static final Path V1 = Path.of("/sys/fs/cgroup/pids");
    private static final Path V2 = Path.of("/sys/fs/cgroup");
    private static final String PROCESSES = "cgroup.procs";

    private final Path group;
    private final Path parent;
    private final long pid;

    private ThreadLimit(Path parent, long pid) throws IOException {
        this.parent = parent;
        this.pid = pid;
        this.group = Files.createDirectory(parent.resolve("proxymachine-test-" + pid));
        if (!Files.exists(group.resolve("pids.max"))) {
            Files.delete(group);
            throw new IOException("no pids controller in " + parent);
        }
        Files.writeString(group.resolve(PROCESSES), String.valueOf(pid));
    }

    /** Counts the threads of this process from here on; skips the test where nobody may make a cgroup. */
    static ThreadLimit of(long pid) throws IOException {
        Path parent = Files.isDirectory(V1) ? V1 : V2;
        try {
            return new ThreadLimit(parent, pid);
        } catch (IOException e) {
            Assumptions.abort("needs a cgroup with a pids controller that it may write to: " + e);
            throw e;
        }
    }

    private int current() throws IOException {
        return Integer.parseInt(Files.readString(group.resolve("pids.current")).strip());
    }

    /** Allows not one thread more than there are. */
    ThreadLimit close(Program.Condition isClosed) throws IOException {
        // A thread that ends meanwhile makes room for another.
        do {
            Files.writeString(group.resolve("pids.max"), String.valueOf(current()));
        } while (!isClosed.holds());
        return this;
    }

    /** Allows any number of threads again. */
    void lift() throws IOException {
        Files.writeString(group.resolve("pids.max"), "max");
    }

    @Override
    public void close() throws IOException {
        lift();
        if (Files.isDirectory(Path.of("/proc", String.valueOf(pid)))) {
            Files.writeString(parent.resolve(PROCESSES), String.valueOf(pid));
        }
        Files.delete(group);
    }
}
