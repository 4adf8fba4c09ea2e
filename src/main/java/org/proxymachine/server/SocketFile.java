package org.proxymachine.server;

import java.io.IOException;
import java.net.BindException;
import java.net.ConnectException;
import java.net.SocketException;
import java.net.StandardProtocolFamily;
import java.net.UnixDomainSocketAddress;
import java.nio.channels.SocketChannel;
import java.nio.charset.Charset;
import java.nio.file.AccessDeniedException;
import java.nio.file.FileAlreadyExistsException;
import java.nio.file.FileSystemException;
import java.nio.file.Files;
import java.nio.file.LinkOption;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.nio.file.attribute.BasicFileAttributes;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.Locale;
import java.util.Objects;
import java.util.concurrent.ThreadLocalRandom;

/** The file of a unix socket that is listened on (unix(7)), from its making to its removal. */
public final class SocketFile {
    /** What the JDK takes: one byte less than Linux. */
    private static final int MAX_BYTES = 106;

    /** The name under which a socket is bound, with the directory around it: {@code .xxxx/s}. */
    private static final int PRIVATE_BYTES = 7;

    private static final int TYPE_MASK = 0170000;
    private static final int TYPE_SOCKET = 0140000;

    private final Path path;
    private final Object identity;

    private SocketFile(Path path, Object identity) {
        this.path = path;
        this.identity = identity;
    }

    /** What makes a socket listen at a path. */
    @FunctionalInterface
    public interface Binder {
        void bind(Path inside) throws IOException;
    }

    /**
     * Has a socket listen, and puts its file in its place.
     *
     * <p>The file is made with the mode that umask(2) leaves, which Java cannot set, and listens before its mode can be
     * changed. So it is made where nobody else gets at it, and linked to its place with the right mode: link(2), unlike
     * rename(2), never takes the place of something else.
     *
     * @param binder called with the path to listen at, which is another one
     * @param mode of the file, which says who may connect
     * @throws BindException if the path cannot be listened on; the message is one line
     */
    public static SocketFile bind(Path path, int mode, Binder binder) throws IOException {
        checkLength(path);
        try {
            removeStale(path);
            Path directory = privateDirectory(path);
            Path inside = directory.resolve("s");
            try {
                binder.bind(inside);
                Files.setAttribute(inside, "unix:mode", mode);
                Files.createLink(path, inside);
                return new SocketFile(path, identity(inside));
            } finally {
                Files.deleteIfExists(inside);
                Files.delete(directory);
            }
        } catch (FileSystemException e) {
            throw (BindException) new BindException(reason(e)).initCause(e);
        }
    }

    // Linux has 108 bytes for the path, and ends it with a zero (unix(7)).
    private static void checkLength(Path path) throws BindException {
        int all = bytes(path.toString());
        int name = bytes(String.valueOf(path.getFileName()));
        if (Math.max(all, all - name + PRIVATE_BYTES) > MAX_BYTES) {
            throw new BindException(String.format(
                    Locale.ROOT,
                    "the path has %d bytes, %d of them its name; at most %d are possible, and %d besides the name",
                    all,
                    name,
                    MAX_BYTES,
                    MAX_BYTES - PRIVATE_BYTES));
        }
    }

    private static int bytes(String text) {
        return text.getBytes(Charset.forName(System.getProperty("sun.jnu.encoding", "UTF-8"))).length;
    }

    private static void removeStale(Path path) throws IOException {
        int mode;
        try {
            mode = (Integer) Files.getAttribute(path, "unix:mode", LinkOption.NOFOLLOW_LINKS);
        } catch (NoSuchFileException e) {
            return;
        }
        if ((mode & TYPE_MASK) != TYPE_SOCKET) {
            throw new BindException("something is there that is no socket");
        }
        if (isListenedOn(path)) {
            throw new BindException("Address already in use");
        }
        Files.deleteIfExists(path);
    }

    private static boolean isListenedOn(Path path) throws IOException {
        try (SocketChannel probe = SocketChannel.open(StandardProtocolFamily.UNIX)) {
            // Or it would wait while the backlog there is full.
            probe.configureBlocking(false);
            probe.connect(UnixDomainSocketAddress.of(path));
            return true;
        } catch (ConnectException e) {
            return false;
        } catch (SocketException e) {
            // EAGAIN: the backlog is full (connect(2)). Whatever else it is, nobody knows that the socket is stale.
            if (String.valueOf(e.getMessage()).contains("temporarily unavailable")) {
                return true;
            }
            throw e;
        }
    }

    private static Path privateDirectory(Path path) throws IOException {
        while (true) {
            String name = Integer.toString(ThreadLocalRandom.current().nextInt(36 * 36 * 36, 36 * 36 * 36 * 36), 36);
            try {
                return Files.createDirectory(
                        path.resolveSibling("." + name),
                        PosixFilePermissions.asFileAttribute(PosixFilePermissions.fromString("rwx------")));
            } catch (FileAlreadyExistsException e) {
                // Another name, then.
            }
        }
    }

    private static Object identity(Path path) throws IOException {
        return Objects.requireNonNull(
                Files.readAttributes(path, BasicFileAttributes.class, LinkOption.NOFOLLOW_LINKS)
                        .fileKey(),
                "device and inode");
    }

    private static String reason(FileSystemException e) {
        if (e instanceof NoSuchFileException) {
            return "its directory does not exist";
        }
        if (e instanceof AccessDeniedException) {
            return "Permission denied";
        }
        if (e instanceof FileAlreadyExistsException) {
            // Since we looked.
            return "Address already in use";
        }
        return String.valueOf(e.getReason() != null ? e.getReason() : e.getMessage());
    }

    /** Removes the file, unless another one has taken its place. */
    public void remove() {
        try {
            if (identity(path).equals(identity)) {
                Files.delete(path);
            }
        } catch (IOException e) {
            // Gone already, or not to be removed: then the next start finds it stale.
        }
    }
}
