package org.proxymachine.script;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.file.AccessDeniedException;
import java.nio.file.DirectoryStream;
import java.nio.file.Files;
import java.nio.file.LinkOption;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.nio.file.attribute.FileTime;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Comparator;
import java.util.HexFormat;
import java.util.List;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Compiled scripts in a directory, a file each, so that a start need not load the compiler. Who can write there could run
 * code as this daemon: directory and files must be the daemon's own user's, no symbolic links, and writable by nobody
 * else. An entry names its key and has a checksum; one that is damaged counts as missing, and is replaced.
 */
public final class ScriptCache {
    private static final Logger LOG = LoggerFactory.getLogger("proxymachine");

    private static final String SUFFIX = ".script";
    private static final byte[] FORMAT = {'P', 'M', 'S', '1'};
    private static final int SHA_256_BYTES = 32;
    private static final int HEADER_BYTES = FORMAT.length + 2 * SHA_256_BYTES;
    private static final long MAX_ENTRY_BYTES = 1L << 24;
    private static final int MAX_ENTRIES = 32;

    private final Path directory;

    /** A cache in this directory, which is made when there is something to put there. */
    public ScriptCache(Path directory) {
        this.directory = directory.toAbsolutePath();
    }

    /** Returns what was stored by this key, or null where there is nothing that can be trusted. */
    @Nullable
    CompiledScript find(byte[] key) {
        Path entry = entry(key);
        try {
            OwnFiles.check(directory);
            OwnFiles.check(entry);
            if (Files.size(entry) > MAX_ENTRY_BYTES) {
                return null;
            }
            return decode(entry, Files.readAllBytes(entry), key);
        } catch (NoSuchFileException e) {
            return null;
        } catch (AccessDeniedException e) {
            LOG.warn("the script is compiled, as the cache cannot be read: {}: permission denied", e.getMessage());
            return null;
        } catch (IOException e) {
            LOG.warn("the script is compiled, as the cache cannot be trusted: {}", e.getMessage());
            return null;
        }
    }

    private static CompiledScript decode(Path file, byte[] entry, byte[] key) throws IOException {
        int bodyBytes = entry.length - HEADER_BYTES;
        if (bodyBytes < 0
                || !Arrays.equals(entry, 0, FORMAT.length, FORMAT, 0, FORMAT.length)
                || !Arrays.equals(entry, FORMAT.length, FORMAT.length + SHA_256_BYTES, key, 0, SHA_256_BYTES)) {
            throw new IOException(file + " is not an entry of this script");
        }
        byte[] body = Arrays.copyOfRange(entry, HEADER_BYTES, entry.length);
        byte[] checksum = ScriptKey.sha256(body);
        if (!Arrays.equals(entry, HEADER_BYTES - SHA_256_BYTES, HEADER_BYTES, checksum, 0, SHA_256_BYTES)) {
            throw new IOException(file + " is damaged");
        }
        return CompiledScript.decoded(body);
    }

    /** Stores a script for later starts, if the directory lets us: nothing depends on it. */
    void store(byte[] key, CompiledScript script) {
        try {
            Files.createDirectories(
                    directory, PosixFilePermissions.asFileAttribute(PosixFilePermissions.fromString("rwx------")));
            OwnFiles.check(directory);
            // Moved into place, so that a start at the same time finds all of it or nothing.
            Path whole = Files.createTempFile(directory, "", ".new");
            try {
                byte[] body = script.encoded();
                Files.write(
                        whole,
                        ByteBuffer.allocate(HEADER_BYTES + body.length)
                                .put(FORMAT)
                                .put(key)
                                .put(ScriptKey.sha256(body))
                                .put(body)
                                .array());
                Files.move(whole, entry(key), StandardCopyOption.ATOMIC_MOVE);
            } finally {
                Files.deleteIfExists(whole);
            }
            prune();
        } catch (IOException e) {
            LOG.debug("the compiled script is not kept: {}", e.toString());
        }
    }

    private void prune() throws IOException {
        List<Path> entries = new ArrayList<>();
        try (DirectoryStream<Path> all = Files.newDirectoryStream(directory, "*{" + SUFFIX + ",.new}")) {
            all.forEach(entries::add);
        }
        entries.sort(Comparator.comparing(ScriptCache::modified).reversed());
        for (Path old : entries.subList(Math.min(MAX_ENTRIES, entries.size()), entries.size())) {
            Files.deleteIfExists(old);
        }
    }

    // Gone meanwhile, as another daemon may prune too: then its age does not matter.
    private static FileTime modified(Path entry) {
        try {
            return Files.getLastModifiedTime(entry, LinkOption.NOFOLLOW_LINKS);
        } catch (IOException e) {
            return FileTime.fromMillis(0);
        }
    }

    private Path entry(byte[] key) {
        return directory.resolve(HexFormat.of().formatHex(key) + SUFFIX);
    }
}
