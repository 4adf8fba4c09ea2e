package org.proxymachine.service;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.util.Map;

/** The file by which init scripts know whom to signal. */
public final class PidFile implements AutoCloseable {
    /** The launcher says here who it is: it takes QUIT for the JVM, and so is the one to be signalled. */
    static final String LAUNCHER = "PROXYMACHINE_PID";

    private final Path path;
    private final long pid;

    /**
     * Writes the file. It appears whole, in place of one that is stale.
     *
     * @throws IOException if it cannot be written, or names another process that lives
     */
    public static PidFile claim(Path path, long pid) throws IOException {
        check(path, pid);
        return new PidFile(path, pid);
    }

    /**
     * Likewise, in place of whatever is there: another process that lives is on its way out, and leaves it alone.
     *
     * @throws IOException if it cannot be written
     */
    public static PidFile takeOver(Path path, long pid) throws IOException {
        return new PidFile(path, pid);
    }

    private PidFile(Path path, long pid) throws IOException {
        this.path = path;
        this.pid = pid;
        Path fresh = path.resolveSibling(path.getFileName() + "." + pid);
        try {
            Files.writeString(fresh, pid + "\n");
            Files.move(fresh, path, StandardCopyOption.ATOMIC_MOVE);
        } catch (NoSuchFileException e) {
            throw new IOException("cannot write " + path + ": its directory does not exist", e);
        } catch (IOException e) {
            Files.deleteIfExists(fresh);
            throw new IOException("cannot write " + path + ": " + e, e);
        }
    }

    /**
     * Looks whether the file may be written: a start that would fail in the end should fail at once.
     *
     * @throws IOException if it names another process that lives
     */
    public static void check(Path path, long pid) throws IOException {
        long other = read(path);
        if (other != pid && ProcessHandle.of(other).isPresent()) {
            throw new IOException(
                    "process " + other + " is running, as " + path + " says; is it another proxymachine?");
        }
    }

    /** Returns the pid to signal: the launcher's, or this process's own where there is none. */
    public static long pid(Map<String, String> environment) {
        ProcessHandle self = ProcessHandle.current();
        return self.parent()
                .map(ProcessHandle::pid)
                // Only while it is our parent: the variable may have been inherited.
                .filter(parent -> parent.toString().equals(environment.get(LAUNCHER)))
                .orElse(self.pid());
    }

    private static long read(Path path) throws IOException {
        try {
            return Long.parseLong(Files.readString(path).strip());
        } catch (NoSuchFileException | NumberFormatException e) {
            return 0;
        }
    }

    /** Removes the file, unless another process has taken it. */
    @Override
    public void close() {
        try {
            if (read(path) == pid) {
                Files.delete(path);
            }
        } catch (IOException e) {
            // Gone already, or not to be removed: the next start finds it stale.
        }
    }
}
