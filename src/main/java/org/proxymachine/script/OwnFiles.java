package org.proxymachine.script;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.LinkOption;
import java.nio.file.Path;
import java.util.Locale;

/** Tells the files of the user who runs this process from those that somebody else could have written. */
final class OwnFiles {
    private static final int TYPE = 0170000;
    private static final int SYMBOLIC_LINK = 0120000;
    private static final int WRITABLE_BY_OTHERS = 0022;

    private OwnFiles() {}

    /** @throws IOException in words for a log line, if this is not a file or directory of ours alone */
    static void check(Path file) throws IOException {
        int mode;
        int owner;
        try {
            mode = (int) Files.getAttribute(file, "unix:mode", LinkOption.NOFOLLOW_LINKS);
            owner = (int) Files.getAttribute(file, "unix:uid", LinkOption.NOFOLLOW_LINKS);
        } catch (UnsupportedOperationException e) {
            throw new IOException(file + ": this system does not say whose it is", e);
        }
        if ((mode & TYPE) == SYMBOLIC_LINK) {
            throw new IOException(file + " is a symbolic link");
        }
        int self = effectiveUser();
        if (owner != self) {
            throw new IOException(file + " belongs to user " + owner + ", this process to user " + self);
        }
        if ((mode & WRITABLE_BY_OTHERS) != 0) {
            throw new IOException(
                    String.format(Locale.ROOT, "%s can be written by others (mode %o)", file, mode & 07777));
        }
    }

    // The second number of this line in proc(5). Java itself knows only the user's name.
    private static int effectiveUser() throws IOException {
        for (String line : Files.readAllLines(Path.of("/proc/self/status"), StandardCharsets.ISO_8859_1)) {
            if (line.startsWith("Uid:")) {
                return Integer.parseInt(line.split("\t", -1)[2]);
            }
        }
        throw new IOException("/proc/self/status does not say whose this process is");
    }
}
