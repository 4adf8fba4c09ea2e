package org.proxymachine.cli;

import java.util.Locale;

/** Times and sizes as people read them. */
final class Units {
    private static final String[] SIZES = {"B", "kB", "MB", "GB", "TB", "PB", "EB"};
    private static final int MINUTE = 60;
    private static final int HOUR = 60 * MINUTE;
    private static final int DAY = 24 * HOUR;

    private Units() {}

    /** Returns seconds as {@code 12 µs}, {@code 3.4 ms}, {@code 5.6 s}, {@code 7m08s}, {@code 9h10m} or {@code 3d04h}. */
    static String time(double seconds) {
        if (seconds < 0.001) {
            return format("%.0f µs", seconds * 1e6);
        }
        if (seconds < 1) {
            return format(seconds < 0.01 ? "%.1f ms" : "%.0f ms", seconds * 1e3);
        }
        if (seconds < MINUTE) {
            return format("%.1f s", seconds);
        }
        long whole = (long) seconds;
        if (whole < HOUR) {
            return format("%dm%02ds", whole / MINUTE, whole % MINUTE);
        }
        return whole < DAY
                ? format("%dh%02dm", whole / HOUR, whole % HOUR / MINUTE)
                : format("%dd%02dh", whole / DAY, whole % DAY / HOUR);
    }

    /** Returns bytes in units of a thousand. */
    static String size(long bytes) {
        double size = bytes;
        int unit = 0;
        while (size >= 1_000 && unit < SIZES.length - 1) {
            size /= 1_000;
            unit++;
        }
        return unit == 0 ? bytes + " B" : format(size < 10 ? "%.1f %s" : "%.0f %s", size, SIZES[unit]);
    }

    private static String format(String format, Object... values) {
        return String.format(Locale.ROOT, format, values);
    }
}
