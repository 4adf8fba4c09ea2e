package org.proxymachine.observe;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.channels.SeekableByteChannel;
import java.nio.file.AccessDeniedException;
import java.nio.file.FileSystemException;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.OpenOption;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.nio.file.attribute.BasicFileAttributes;
import java.nio.file.attribute.FileAttribute;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/** A file, which is appended to; or a named pipe, whose reader may come later. */
final class AccessFile implements AccessSink {
    private static final Set<OpenOption> APPEND =
            Set.of(StandardOpenOption.WRITE, StandardOpenOption.CREATE, StandardOpenOption.APPEND);

    /** Of a new file: the addresses of clients are not for everybody to read. */
    private static final FileAttribute<?> MODE =
            PosixFilePermissions.asFileAttribute(PosixFilePermissions.fromString("rw-r-----"));

    private final Path path;
    private @Nullable SeekableByteChannel channel;
    private boolean isRegular;

    /** Where the last write ended, if it is a regular file. */
    private long end;

    /** @throws IOException in one line, if the file cannot be opened; of a pipe that is seen at the first write */
    AccessFile(Path path) throws IOException {
        this.path = path;
        // To open a pipe is to wait for its reader (fifo(7)): that is for the writing thread.
        if (!Files.exists(path)
                || !Files.readAttributes(path, BasicFileAttributes.class).isOther()) {
            channel = open();
        }
    }

    private SeekableByteChannel open() throws IOException {
        try {
            SeekableByteChannel opened = Files.newByteChannel(path, APPEND, MODE);
            isRegular = Files.isRegularFile(path);
            return opened;
        } catch (FileSystemException e) {
            throw new IOException("cannot open " + path + ": " + reason(e), e);
        }
    }

    private static String reason(FileSystemException e) {
        if (e instanceof NoSuchFileException) {
            return "no such directory";
        }
        return e instanceof AccessDeniedException ? "permission denied" : String.valueOf(e.getReason());
    }

    @Override
    public void write(ByteBuffer lines) throws IOException {
        SeekableByteChannel open = channel;
        if (open == null) {
            open = open();
            channel = open;
        }
        long start = isRegular ? open.size() : 0;
        end = start + open.write(lines);
    }

    // Not where another daemon, such as the next one of an upgrade, has written behind it.
    @Override
    public boolean takeBack(int bytes) {
        try {
            SeekableByteChannel open = channel;
            if (open == null || !isRegular || open.size() != end) {
                return false;
            }
            open.truncate(end - bytes);
            return true;
        } catch (IOException e) {
            return false;
        }
    }

    @Override
    public void reopen() throws IOException {
        // First: where it fails the old one stays in use.
        SeekableByteChannel next = open();
        close();
        channel = next;
    }

    @Override
    public void close() throws IOException {
        if (channel != null) {
            channel.close();
        }
    }
}
