package org.proxymachine.session;

import java.time.Duration;
import java.util.Locale;

/**
 * What clients may take. Of the last three 0 is as much as they like.
 *
 * @param routeTimeout from accept until it is routed
 * @param maxPrereadBytes buffered until it is routed
 * @param maxPerAddress connections of an address at a time
 * @param maxRatePerAddress connections of an address a second
 * @param maxPerBackend connections to a destination at a time
 */
public record Limits(
        Duration routeTimeout, int maxPrereadBytes, int maxPerAddress, int maxRatePerAddress, int maxPerBackend) {
    /** What holds where nothing else is said. */
    public static final Limits DEFAULT = new Limits(Duration.ofSeconds(30), 64 * 1024);

    /** Limits for a single client only. */
    public Limits(Duration routeTimeout, int maxPrereadBytes) {
        this(routeTimeout, maxPrereadBytes, 0, 0, 0);
    }

    /** @throws IllegalArgumentException if one of the first two is not positive, or another negative */
    public Limits {
        if (routeTimeout.isNegative() || routeTimeout.isZero()) {
            throw new IllegalArgumentException("route timeout must be positive, was " + routeTimeout);
        }
        if (maxPrereadBytes < 1) {
            throw new IllegalArgumentException("preread limit must be 1 byte or more, was " + maxPrereadBytes);
        }
        if (maxPerAddress < 0 || maxRatePerAddress < 0 || maxPerBackend < 0) {
            throw new IllegalArgumentException(String.format(
                    Locale.ROOT,
                    "a limit must be 0 or more, found %d, %d and %d",
                    maxPerAddress,
                    maxRatePerAddress,
                    maxPerBackend));
        }
    }
}
