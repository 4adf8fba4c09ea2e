package org.proxymachine.observe;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.time.Duration;
import java.time.InstantSource;
import java.util.concurrent.ArrayBlockingQueue;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.atomic.AtomicLong;
import java.util.concurrent.locks.LockSupport;
import org.proxymachine.session.SessionListener;
import org.proxymachine.session.SessionReport;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Writes one line per session that ended. The reactor only queues; formatting and writing are for a thread of their own.
 * The queue is bounded: while nobody takes the lines they are dropped and counted, and the log says how many when that is
 * over.
 */
public final class AccessLog implements SessionListener, AutoCloseable {
    /** Standard output, as a destination. */
    public static final String STDOUT = "-";

    /** The system's log, as a destination. */
    public static final String SYSLOG = "syslog";

    static final int QUEUED = 8_192;

    /** Lines are gathered so long: one write and one wake-up for all, where each session would cost both. */
    private static final long GATHER_NANOS = Duration.ofMillis(50).toNanos();

    private static final int WRITE_CHARS = 32 * 1024;
    private static final Duration CLOSE_TIMEOUT = Duration.ofSeconds(2);
    private static final Logger LOG = LoggerFactory.getLogger("access");

    private final AccessSink sink;
    private final AccessFormat format;
    private final InstantSource clock;
    private final BlockingQueue<AccessEntry> queue = new ArrayBlockingQueue<>(QUEUED);
    private final AtomicLong dropped = new AtomicLong();
    private final Thread thread = new Thread(this::run, "access-log");
    private final StringBuilder text = new StringBuilder(WRITE_CHARS + 2_048);
    private volatile boolean idle;
    private volatile boolean reopening;
    private volatile boolean closed;
    private final AtomicInteger inHand = new AtomicInteger();
    private long droppedSaid;
    private boolean failing;

    /** Whether the last write ended within a line: the next must not go on with it. */
    private boolean torn;

    /**
     * Returns a log that is open.
     *
     * @param destination a file, {@link #STDOUT} or {@link #SYSLOG}
     * @throws IOException in one line, if it cannot be written to
     */
    public static AccessLog to(String destination, AccessFormat format) throws IOException {
        AccessSink sink = switch (destination) {
            case STDOUT -> new AccessStdout();
            case SYSLOG -> new AccessSyslog();
            default -> new AccessFile(Path.of(destination));
        };
        return new AccessLog(sink, format, InstantSource.system());
    }

    AccessLog(AccessSink sink, AccessFormat format, InstantSource clock) {
        this.sink = sink;
        this.format = format;
        this.clock = clock;
        thread.setDaemon(true);
        thread.start();
    }

    @Override
    public void closed(SessionReport report) {
        if (!queue.offer(new AccessEntry(report, clock.millis()))) {
            dropped.incrementAndGet();
        } else if (idle) {
            LockSupport.unpark(thread);
        }
    }

    /** Opens the file anew, for what comes from now on: it was moved away. Returns at once. */
    public void reopen() {
        reopening = true;
        LockSupport.unpark(thread);
    }

    /** Returns how many lines were dropped since the start. */
    public long dropped() {
        return dropped.get();
    }

    /** Writes what there is, unless nobody takes it. */
    @Override
    public void close() {
        closed = true;
        LockSupport.unpark(thread);
        try {
            thread.join(CLOSE_TIMEOUT.toMillis());
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
        if (thread.isAlive()) {
            LOG.warn("{} lines of the access log were not taken by the end", queue.size() + inHand.get());
        }
    }

    // From here on, the thread that writes.

    private void run() {
        boolean last;
        do {
            awaitWork();
            last = closed;
            boolean moved = reopening;
            // Before the file is left: these are older than the wish.
            writeQueued();
            if (moved) {
                reopening = false;
                reopenSink();
            }
            if (last || isTaken()) {
                sayWhatWasDropped();
            }
        } while (!last);
        try {
            sink.close();
        } catch (IOException e) {
            LOG.debug("close: {}", e.toString());
        }
    }

    private void awaitWork() {
        idle = true;
        while (queue.isEmpty() && !reopening && !closed) {
            LockSupport.park(this);
        }
        idle = false;
        if (!reopening && !closed) {
            LockSupport.parkNanos(this, GATHER_NANOS);
        }
    }

    private void writeQueued() {
        AccessEntry entry;
        while ((entry = queue.poll()) != null) {
            format.append(text, entry);
            text.append('\n');
            inHand.incrementAndGet();
            if (text.length() >= WRITE_CHARS) {
                write();
            }
        }
        if (text.length() > 0) {
            write();
        }
    }

    private void write() {
        ByteBuffer lines = ByteBuffer.wrap((torn ? "\n" + text : text.toString()).getBytes(StandardCharsets.UTF_8));
        text.setLength(0);
        try {
            while (lines.hasRemaining()) {
                sink.write(lines);
            }
            torn = false;
            failing = false;
        } catch (IOException e) {
            lost(lines, e);
        }
        inHand.set(0);
    }

    private void lost(ByteBuffer lines, IOException e) {
        int written = lines.position();
        if (written > 0) {
            int half = bytesOfHalfALine(lines);
            torn = half > 0 && !sink.takeBack(half);
        } else if (torn) {
            // Of an earlier line, which has been counted.
            lines.get();
        }
        while (lines.hasRemaining()) {
            if (lines.get() == '\n') {
                dropped.incrementAndGet();
            }
        }
        if (!failing) {
            failing = true;
            LOG.warn("cannot write the access log: {}", e.getMessage());
        }
    }

    private static int bytesOfHalfALine(ByteBuffer lines) {
        int begin = lines.position();
        while (begin > 0 && lines.get(begin - 1) != '\n') {
            begin--;
        }
        return lines.position() - begin;
    }

    private void reopenSink() {
        try {
            sink.reopen();
            torn = false;
        } catch (IOException e) {
            LOG.warn("the access log is not opened anew: {}", e.getMessage());
        }
    }

    private boolean isTaken() {
        return !failing && queue.remainingCapacity() > QUEUED / 2;
    }

    private void sayWhatWasDropped() {
        long all = dropped.get();
        if (all > droppedSaid) {
            LOG.warn("{} lines of the access log were dropped, as they could not be written", all - droppedSaid);
            droppedSaid = all;
        }
    }
}
