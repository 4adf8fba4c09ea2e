package org.proxymachine.cli;

import java.io.IOException;
import java.nio.file.AccessDeniedException;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.nio.file.attribute.BasicFileAttributes;
import java.nio.file.attribute.PosixFilePermission;
import java.util.Collections;
import java.util.Set;
import java.util.regex.Pattern;
import org.proxymachine.route.TextFile;

/** The file with the token that lets its bearer change something (RFC 6750, section 2.1). */
final class TokenFile {
    private static final int MIN_CHARS = 16;

    /** What RFC 6750 has as b64token. */
    private static final Pattern TOKEN = Pattern.compile("[A-Za-z0-9._~+/-]{" + MIN_CHARS + ",}=*");

    private static final Set<PosixFilePermission> OTHERS =
            Set.of(PosixFilePermission.OTHERS_READ, PosixFilePermission.OTHERS_WRITE, PosixFilePermission.GROUP_WRITE);

    private TokenFile() {}

    /** @throws IOException if it has no token, or not only its owner and group may read it; the message is one line */
    static String read(Path file) throws IOException {
        String token;
        Set<PosixFilePermission> permissions;
        try {
            // Nobody may ever write to a pipe.
            if (Files.readAttributes(file, BasicFileAttributes.class).isOther()) {
                throw new IOException("expected a file, was a pipe or a device");
            }
            token = TextFile.read(file).strip();
            permissions = Files.getPosixFilePermissions(file);
        } catch (NoSuchFileException e) {
            throw new IOException("no such file " + file, e);
        } catch (AccessDeniedException e) {
            throw new IOException(file + ": permission denied", e);
        } catch (IllegalArgumentException e) {
            throw new IOException(e.getMessage(), e);
        } catch (IOException e) {
            throw new IOException(file + ": " + e.getMessage(), e);
        }
        if (!Collections.disjoint(permissions, OTHERS)) {
            throw new IOException(file + ": others may read or write it; expected a mode such as 0600 or 0640");
        }
        if (!TOKEN.matcher(token).matches()) {
            throw new IOException(file + ": expected a token of " + MIN_CHARS
                    + " or more letters, digits and ._~+/-, such as" + " openssl rand -hex 32 makes");
        }
        return token;
    }
}
