package org.proxymachine.service;

import java.io.IOException;
import java.io.RandomAccessFile;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * What ps(1) shows of this process in place of its command line. Linux alone has it: the arguments lie in this process's
 * own memory, at the bounds that proc(5) names in fields 48 and 49 of {@code stat}, and {@code /proc/self/mem} is that
 * memory.
 */
public final class ProcessTitle implements AutoCloseable {
    private static final Logger LOG = LoggerFactory.getLogger(ProcessTitle.class);

    private static final int ARG_START = 48;
    private static final int ARG_END = 49;

    /** The first field after the program's name, which alone may contain spaces. */
    private static final int FIRST_AFTER_NAME = 3;

    private final RandomAccessFile memory;
    private final long start;
    private final byte[] area;

    private ProcessTitle(RandomAccessFile memory, long start, int length) {
        this.memory = memory;
        this.start = start;
        this.area = new byte[length];
    }

    /** Returns the title of this process, or null where it cannot be set: on another system, or by its restrictions. */
    public static @Nullable ProcessTitle open() {
        try {
            String stat = Files.readString(Path.of("/proc/self/stat"), StandardCharsets.ISO_8859_1);
            String[] fields = stat.substring(stat.lastIndexOf(')') + 2).split(" ", -1);
            long start = Long.parseLong(fields[ARG_START - FIRST_AFTER_NAME]);
            long end = Long.parseLong(fields[ARG_END - FIRST_AFTER_NAME]);
            // A process that may not be traced is told 0 for both.
            if (start <= 0 || end - start < 2 || end - start > 1 << 20) {
                return null;
            }
            return new ProcessTitle(new RandomAccessFile("/proc/self/mem", "rw"), start, (int) (end - start));
        } catch (IOException | RuntimeException e) {
            LOG.debug("no process title: {}", e.toString());
            return null;
        }
    }

    /** Sets the title, cut off where the command line that this process was started with ended. */
    public void set(String title) {
        byte[] bytes = title.getBytes(StandardCharsets.UTF_8);
        int length = Math.min(bytes.length, area.length - 1);
        System.arraycopy(bytes, 0, area, 0, length);
        // Zeros to the end, the last byte above all: the kernel takes another one for a title that goes on.
        Arrays.fill(area, length, area.length, (byte) 0);
        try {
            memory.seek(start);
            memory.write(area);
        } catch (IOException e) {
            LOG.debug("process title: {}", e.toString());
        }
    }

    @Override
    public void close() {
        try {
            memory.close();
        } catch (IOException e) {
            LOG.debug("process title: {}", e.toString());
        }
    }
}
