package org.proxymachine.cli;

import org.jspecify.annotations.Nullable;
import org.proxymachine.route.DurationText;
import org.proxymachine.session.KeepAlive;
import picocli.CommandLine.ITypeConverter;
import picocli.CommandLine.TypeConversionException;

/** Reads {@code 60s,15s,4}, or {@code off}, which is null. */
final class KeepAliveConverter implements ITypeConverter<KeepAlive> {
    private static final String EXPECTED = "expected idle time, interval and count, such as 60s,15s,4, or off, was ";

    @Override
    public @Nullable KeepAlive convert(String text) {
        if (text.equals("off")) {
            return null;
        }
        String[] parts = text.split(",", -1);
        if (parts.length != 3) {
            throw new TypeConversionException(EXPECTED + text);
        }
        try {
            return new KeepAlive(seconds(parts[0]), seconds(parts[1]), count(parts[2]));
        } catch (IllegalArgumentException e) {
            throw new TypeConversionException(EXPECTED + text + ": " + e.getMessage());
        }
    }

    // The kernel counts whole seconds.
    private static int seconds(String text) {
        long nanos = DurationText.parse(text.strip()).toNanos();
        if (nanos % 1_000_000_000L != 0) {
            throw new IllegalArgumentException("times must be whole seconds, was " + text.strip());
        }
        return (int) Math.min(nanos / 1_000_000_000L, Integer.MAX_VALUE);
    }

    private static int count(String text) {
        if (!text.strip().matches("[0-9]{1,9}")) {
            throw new IllegalArgumentException("the count must be a whole number, was " + text.strip());
        }
        return Integer.parseInt(text.strip());
    }
}
