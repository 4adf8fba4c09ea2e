package org.proxymachine.service;

import java.io.IOException;
import java.io.InputStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.AccessDeniedException;
import java.nio.file.FileSystemException;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/** The file by which init scripts know whom to signal. */
public final class PidFile implements AutoCloseable {
    /** The launcher says here who it is: it takes QUIT for the JVM, and so is the one to be signalled. */
    static final String LAUNCHER = "PROXYMACHINE_PID";

    /** More than a number and the white space around it. */
    private static final int MAX_BYTES = 64;

    private final Path path;
    private final long pid;
    /** Whom the file named before: the first daemon of an upgrade. By its start, too: its number may be given again. */
    private final @Nullable ProcessHandle before;

    /**
     * Writes the file. It appears whole, in place of one that is stale.
     *
     * @throws IOException if it cannot be written, or names another process that lives
     */
    public static PidFile claim(Path path, long pid) throws IOException {
        check(path, pid);
        return new PidFile(path, pid, null);
    }

    /**
     * Likewise, in place of whatever is there: another process that lives is on its way out, and leaves it alone.
     *
     * @throws IOException if it cannot be written
     */
    public static PidFile takeOver(Path path, long pid) throws IOException {
        return new PidFile(path, pid, ProcessHandle.of(read(path)).orElse(null));
    }

    private PidFile(Path path, long pid, @Nullable ProcessHandle before) throws IOException {
        this.path = path;
        this.pid = pid;
        this.before = before;
        write(pid);
    }

    private void write(long named) throws IOException {
        Path fresh = path.resolveSibling(path.getFileName() + "." + pid);
        try {
            Files.writeString(fresh, named + "\n");
            Files.move(fresh, path, StandardCopyOption.ATOMIC_MOVE);
        } catch (IOException e) {
            discard(fresh);
            throw new IOException("cannot write " + path + ": " + reason(e, "its directory does not exist"), e);
        }
    }

    private static void discard(Path fresh) {
        try {
            Files.deleteIfExists(fresh);
        } catch (IOException e) {
            // Where nothing can be written nothing is left.
        }
    }

    private static String reason(IOException e, String missing) {
        if (e instanceof NoSuchFileException) {
            return missing;
        }
        if (e instanceof AccessDeniedException) {
            return "permission denied";
        }
        String reason = e instanceof FileSystemException file ? file.getReason() : null;
        return reason != null ? reason : String.valueOf(e.getMessage());
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
        // What is no file (/dev/null, a FIFO) would be replaced by one.
        if (Files.exists(path) && !Files.isRegularFile(path)) {
            throw new IOException(path + ": must be a regular file");
        }
        try (InputStream in = Files.newInputStream(path)) {
            return Long.parseLong(new String(in.readNBytes(MAX_BYTES), StandardCharsets.ISO_8859_1).strip());
        } catch (NoSuchFileException | NumberFormatException e) {
            return 0;
        } catch (IOException e) {
            throw new IOException("cannot read " + path + ": " + reason(e, "it does not exist"), e);
        }
    }

    /** Gives the file back to the process that it was taken from, if that lives; else removes it. Leaves another's alone. */
    @Override
    public void close() {
        try {
            if (read(path) != pid) {
                return;
            }
            if (before != null && before.pid() != pid && before.isAlive()) {
                write(before.pid());
            } else {
                Files.delete(path);
            }
        } catch (IOException e) {
            // Gone already, or not to be removed: the next start finds it stale.
        }
    }
}
