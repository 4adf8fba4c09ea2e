package org.proxymachine.proof;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.AccessDeniedException;
import java.nio.file.FileAlreadyExistsException;
import java.nio.file.FileSystemException;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.nio.file.attribute.FileAttribute;
import java.nio.file.attribute.PosixFilePermissions;
import java.time.Instant;
import java.time.ZoneOffset;
import java.time.format.DateTimeFormatter;
import java.util.ArrayDeque;
import java.util.Deque;
import java.util.Locale;
import java.util.Set;
import java.util.UUID;
import java.util.concurrent.ArrayBlockingQueue;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.ThreadPoolExecutor;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import java.util.concurrent.atomic.AtomicLong;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Stream;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * The last so many cases in a directory, a file each, of mode 0600. Written by a thread of its own; what it cannot keep
 * up with is dropped and counted, so that nobody waits for a disk.
 */
public final class RecordedCases implements AutoCloseable {
    private static final Logger LOG = LoggerFactory.getLogger("proxymachine");

    private static final int QUEUED = 4_096;
    private static final long QUEUED_CHARS = 16 << 20;
    private static final Pattern OWN = Pattern.compile("\\d{8}-\\d{6}\\.\\d{3}-\\d{4,}\\" + CaseFile.SUFFIX);
    private static final DateTimeFormatter STAMP =
            DateTimeFormatter.ofPattern("yyyyMMdd-HHmmss.SSS", Locale.ROOT).withZone(ZoneOffset.UTC);

    private static final long PID = ProcessHandle.current().pid();

    /** The end of a name of a file that is being written. */
    private static final String UNFINISHED = ".new";

    private static final Pattern UNFINISHED_NAME = Pattern.compile("\\.(\\d{1,18})-[0-9a-f-]+\\.new");

    private final Path directory;
    private final int max;
    private final Deque<Path> files = new ArrayDeque<>();
    private final AtomicLong dropped = new AtomicLong();
    private final AtomicLong queuedChars = new AtomicLong();
    private final ThreadPoolExecutor writer = new ThreadPoolExecutor(
            1, 1, 0, TimeUnit.SECONDS, new ArrayBlockingQueue<>(QUEUED), RecordedCases::thread, (task, pool) -> {});

    /** Those that could not be written since the last one that could. */
    private long lost;

    /**
     * Cases in this directory, which is made (mode 0700) where there is none. Those that were recorded there before count.
     *
     * @param max how many are kept, 1 or more
     * @throws IOException if it cannot be written to
     */
    public RecordedCases(Path directory, int max) throws IOException {
        this.directory = directory;
        this.max = max;
        // Now: later there may be no thread to be had.
        writer.prestartCoreThread();
        if (Files.exists(directory) && !Files.isDirectory(directory)) {
            throw new IOException(directory + " is no directory");
        }
        Files.createDirectories(directory, mode("rwx------"));
        if (!Files.isWritable(directory)) {
            throw new IOException(directory + " cannot be written to");
        }
        removeUnfinished();
        try (Stream<Path> all = Files.list(directory)) {
            all.filter(each -> OWN.matcher(each.getFileName().toString()).matches())
                    .sorted()
                    .forEach(files::add);
        }
    }

    private static Thread thread(Runnable work) {
        Thread thread = new Thread(work, "recorder");
        thread.setDaemon(true);
        return thread;
    }

    private static FileAttribute<Set<java.nio.file.attribute.PosixFilePermission>> mode(String mode) {
        return PosixFilePermissions.asFileAttribute(PosixFilePermissions.fromString(mode));
    }

    void add(Instant start, Case recorded) {
        String text = CaseWriter.text(recorded);
        if (writer.getQueue().remainingCapacity() == 0 || queuedChars.get() + text.length() > QUEUED_CHARS) {
            dropped.incrementAndGet();
            return;
        }
        queuedChars.addAndGet(text.length());
        writer.execute(() -> write(start, text));
    }

    private void write(Instant start, String text) {
        try {
            queuedChars.addAndGet(-text.length());
            files.add(store(STAMP.format(start), text));
            while (files.size() > max) {
                Files.deleteIfExists(files.remove());
            }
            if (lost > 0) {
                LOG.info("connections are recorded again; {} were not", lost);
            }
            lost = 0;
        } catch (IOException e) {
            if (lost == 0) {
                LOG.warn("connections are not recorded: {}: {}", directory, reason(e));
            }
            lost++;
        }
        long missing = dropped.getAndSet(0);
        if (missing > 0) {
            LOG.warn("{} connections were not recorded, as {} is too slow", missing, directory);
        }
    }

    private static String reason(IOException e) {
        if (e instanceof NoSuchFileException) {
            return "it does not exist any more";
        }
        if (e instanceof AccessDeniedException) {
            return "permission denied";
        }
        return String.valueOf(e instanceof FileSystemException file ? file.getReason() : e.getMessage());
    }

    // Put into place when it is whole, so that who reads the directory meanwhile finds all of a case or nothing.
    private Path store(String stamp, String text) throws IOException {
        Path whole = directory.resolve("." + PID + "-" + UUID.randomUUID() + UNFINISHED);
        try {
            Files.createFile(whole, mode("rw-------"));
            Files.writeString(whole, text, StandardCharsets.UTF_8);
            return publish(whole, stamp);
        } finally {
            Files.deleteIfExists(whole);
        }
    }

    // In the order of their start by name; a number tells those of one millisecond apart.
    private Path publish(Path whole, String stamp) throws IOException {
        for (int i = 0; ; i++) {
            Path file = directory.resolve(String.format(Locale.ROOT, "%s-%04d%s", stamp, i, CaseFile.SUFFIX));
            try {
                return place(whole, file);
            } catch (FileAlreadyExistsException e) {
                // The next number, then.
            }
        }
    }

    // By link(2), which takes the place of nothing: another daemon may write to the same directory.
    private static Path place(Path whole, Path file) throws IOException {
        try {
            return Files.createLink(file, whole);
        } catch (FileAlreadyExistsException e) {
            throw e;
        } catch (UnsupportedOperationException | FileSystemException e) {
            // A file system without links, such as FAT: an empty file holds the place.
            return replaceHolder(whole, Files.createFile(file, mode("rw-------")));
        }
    }

    private static Path replaceHolder(Path whole, Path holder) throws IOException {
        try {
            return Files.move(whole, holder, StandardCopyOption.ATOMIC_MOVE, StandardCopyOption.REPLACE_EXISTING);
        } catch (IOException e) {
            Files.deleteIfExists(holder);
            throw e;
        }
    }

    /** Removes what daemons that were killed have not finished. */
    private void removeUnfinished() throws IOException {
        try (Stream<Path> all = Files.list(directory)) {
            for (Path each : all.toList()) {
                if (isLeftOver(each)) {
                    Files.deleteIfExists(each);
                }
            }
        }
    }

    private static boolean isLeftOver(Path file) throws IOException {
        Matcher name = UNFINISHED_NAME.matcher(file.getFileName().toString());
        if (!name.matches()) {
            return false;
        }
        long pid = Long.parseLong(name.group(1));
        return pid == PID || ProcessHandle.of(pid).isEmpty();
    }

    /** Waits until what was added before is written, or lost. */
    void awaitWritten() {
        try {
            writer.submit(() -> {}).get(60, TimeUnit.SECONDS);
        } catch (InterruptedException | ExecutionException | TimeoutException e) {
            throw new IllegalStateException(e);
        }
    }

    /** Writes what is waiting, for two seconds at most. */
    @Override
    public void close() {
        writer.shutdown();
        try {
            if (!writer.awaitTermination(2, TimeUnit.SECONDS)) {
                LOG.warn("some connections were not recorded, as {} is too slow", directory);
            }
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
    }
}
