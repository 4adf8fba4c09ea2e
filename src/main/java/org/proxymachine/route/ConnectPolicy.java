package org.proxymachine.route;

import java.time.Duration;
import org.jspecify.annotations.Nullable;

/**
 * How a destination is connected to and watched.
 *
 * @param connectTimeout for one attempt, name resolution included; null leaves it to the system
 * @param inactivityTimeout what a connected backend may take to send its first byte; null for ever
 * @param idleTimeout without a byte in either direction; null for ever
 * @param retries further attempts at each destination after one that failed, 0 or more
 * @param retryDelay between attempts
 * @param proxyProtocol the version of the PROXY header that the destination gets before all else, 1 or 2; 0 for none
 */
public record ConnectPolicy(
        @Nullable Duration connectTimeout,
        @Nullable Duration inactivityTimeout,
        @Nullable Duration idleTimeout,
        int retries,
        Duration retryDelay,
        int proxyProtocol) {

    /** For a single destination, which may just be restarting. */
    public static final int DEFAULT_RETRIES = 10;

    /** Between attempts. */
    public static final Duration DEFAULT_RETRY_DELAY = Duration.ofMillis(100);

    /** What a decision with nothing but one destination means. */
    public static final ConnectPolicy DEFAULT =
            new ConnectPolicy(null, null, null, DEFAULT_RETRIES, DEFAULT_RETRY_DELAY, 0);

    /** @throws IllegalArgumentException if retries is negative, or there is no such version of the PROXY protocol */
    public ConnectPolicy {
        if (retries < 0) {
            throw new IllegalArgumentException("retries must be 0 or more, was " + retries);
        }
        if (proxyProtocol < 0 || proxyProtocol > 2) {
            throw new IllegalArgumentException("proxy protocol must be 0, 1 or 2, was " + proxyProtocol);
        }
    }
}
