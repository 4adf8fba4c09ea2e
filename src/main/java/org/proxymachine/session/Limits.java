package org.proxymachine.session;

import java.time.Duration;

/**
 * What one client may take.
 *
 * @param routeTimeout from accept until it is routed
 * @param maxPrereadBytes buffered until it is routed
 */
public record Limits(Duration routeTimeout, int maxPrereadBytes) {
    /** What holds where nothing else is said. */
    public static final Limits DEFAULT = new Limits(Duration.ofSeconds(30), 64 * 1024);

    /** @throws IllegalArgumentException if either is not positive */
    public Limits {
        if (routeTimeout.isNegative() || routeTimeout.isZero()) {
            throw new IllegalArgumentException("route timeout must be positive, was " + routeTimeout);
        }
        if (maxPrereadBytes < 1) {
            throw new IllegalArgumentException("preread limit must be 1 byte or more, was " + maxPrereadBytes);
        }
    }
}
