package org.proxymachine.route;

import java.math.BigDecimal;
import java.time.Duration;
import java.util.Map;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/** Durations as people write them, in a script or on the command line; and the longest there is. */
public final class DurationText {
    /** The longest that a script or an option may name, in seconds: ten years. */
    public static final BigDecimal MAX_SECONDS =
            BigDecimal.valueOf(Duration.ofDays(3650).toSeconds());

    private static final Pattern FORM = Pattern.compile("([0-9]{1,9}(?:\\.[0-9]{1,9})?)(ms|s|m|h|d)?");
    private static final Map<String, BigDecimal> UNIT_SECONDS = Map.of(
            "ms", new BigDecimal("0.001"),
            "s", BigDecimal.ONE,
            "m", BigDecimal.valueOf(60),
            "h", BigDecimal.valueOf(3_600),
            "d", BigDecimal.valueOf(86_400));

    private DurationText() {}

    /**
     * Reads {@code 30}, {@code 2.5}, {@code 500ms}, {@code 30s}, {@code 5m}, {@code 1h} or {@code 7d}; a bare number is
     * seconds.
     *
     * @throws IllegalArgumentException for anything else, and for what is longer than {@link #MAX_SECONDS}
     */
    public static Duration parse(String text) {
        Matcher form = FORM.matcher(text);
        if (form.matches()) {
            String unit = form.group(2) == null ? "s" : form.group(2);
            BigDecimal seconds =
                    new BigDecimal(form.group(1)).multiply(UNIT_SECONDS.getOrDefault(unit, BigDecimal.ONE));
            if (isAllowed(seconds)) {
                return ofSeconds(seconds);
            }
        }
        throw new IllegalArgumentException(
                "expected a duration such as 30, 2.5, 500ms, 5m or 1h, of at most 3650d, was \"" + text + "\"");
    }

    /** Whether a duration may have this many seconds. */
    public static boolean isAllowed(BigDecimal seconds) {
        return seconds.signum() >= 0 && seconds.compareTo(MAX_SECONDS) <= 0;
    }

    /** Returns a number of seconds that {@link #isAllowed}, to the nanosecond below. */
    public static Duration ofSeconds(BigDecimal seconds) {
        return Duration.ofNanos(seconds.movePointRight(9).longValue());
    }
}
