package org.proxymachine.cli;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.InvalidPathException;
import java.nio.file.Path;
import org.jspecify.annotations.Nullable;

/** The files that stand for arguments, as {@code @FILE}. picocli reads each to its end, and takes no exception for usage. */
final class ArgumentFiles {
    /** Of a mode, as inode(7) has it. */
    private static final int TYPE = 0170000;

    private static final int CHARACTER_DEVICE = 0020000;

    private ArgumentFiles() {}

    /** Returns in one line what keeps one of these from being read, or null. */
    static @Nullable String problem(String... arguments) {
        for (String each : arguments) {
            String problem = each.startsWith("@") && !each.startsWith("@@") ? problemOf(each.substring(1)) : null;
            if (problem != null) {
                return each + ": " + problem;
            }
        }
        return null;
    }

    private static @Nullable String problemOf(String name) {
        try {
            Path file = Path.of(name);
            if (!Files.exists(file)) {
                return "no such file of arguments";
            }
            if (Files.isDirectory(file)) {
                return "is a directory, expected a file of arguments";
            }
            if (!Files.isReadable(file)) {
                return "permission denied";
            }
            return isEndless(file) ? "is a device, expected a file of arguments" : null;
        } catch (IOException | InvalidPathException e) {
            return "cannot be read";
        }
    }

    // Such as /dev/zero; a pipe, as <(...) of a shell makes it, has an end.
    private static boolean isEndless(Path file) throws IOException {
        return ((int) Files.getAttribute(file, "unix:mode") & TYPE) == CHARACTER_DEVICE;
    }
}
