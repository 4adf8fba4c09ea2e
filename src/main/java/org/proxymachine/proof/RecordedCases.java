package org.proxymachine.proof;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.nio.file.attribute.FileAttribute;
import java.nio.file.attribute.PosixFilePermissions;
import java.time.Instant;
import java.time.ZoneOffset;
import java.time.format.DateTimeFormatter;
import java.util.ArrayDeque;
import java.util.Deque;
import java.util.Set;
import java.util.concurrent.ArrayBlockingQueue;
import java.util.concurrent.ThreadPoolExecutor;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicLong;
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
            DateTimeFormatter.ofPattern("yyyyMMdd-HHmmss.SSS").withZone(ZoneOffset.UTC);

    private final Path directory;
    private final int max;
    private final Deque<Path> files = new ArrayDeque<>();
    private final AtomicLong dropped = new AtomicLong();
    private final AtomicLong queuedChars = new AtomicLong();
    private final ThreadPoolExecutor writer = new ThreadPoolExecutor(
            1, 1, 0, TimeUnit.SECONDS, new ArrayBlockingQueue<>(QUEUED), RecordedCases::thread, (task, pool) -> {});

    private boolean failed;

    /**
     * Cases in this directory, which is made (mode 0700) where there is none. Those that were recorded there before count.
     *
     * @param max how many are kept, 1 or more
     * @throws IOException if it cannot be written to
     */
    public RecordedCases(Path directory, int max) throws IOException {
        this.directory = directory;
        this.max = max;
        Files.createDirectories(directory, mode("rwx------"));
        if (!Files.isWritable(directory)) {
            throw new IOException(directory + " cannot be written to");
        }
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
            Path file = unused(STAMP.format(start));
            // Moved into place, so that who reads the directory meanwhile finds all of a case or nothing.
            Path whole = Files.createTempFile(directory, ".", ".new", mode("rw-------"));
            Files.writeString(whole, text, StandardCharsets.UTF_8);
            Files.move(whole, file, StandardCopyOption.ATOMIC_MOVE);
            files.add(file);
            while (files.size() > max) {
                Files.deleteIfExists(files.remove());
            }
            failed = false;
        } catch (IOException e) {
            if (!failed) {
                LOG.warn("connections are not recorded: {}", e.toString());
            }
            failed = true;
        }
        long missing = dropped.getAndSet(0);
        if (missing > 0) {
            LOG.warn("{} connections were not recorded, as {} is too slow", missing, directory);
        }
    }

    // In the order of their start by name; a number tells those of one millisecond apart.
    private Path unused(String stamp) {
        for (int i = 0; ; i++) {
            Path file = directory.resolve("%s-%04d%s".formatted(stamp, i, CaseFile.SUFFIX));
            if (!Files.exists(file)) {
                return file;
            }
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
