package org.proxymachine.session;

import java.util.Locale;

/**
 * The times of TCP keep-alive (RFC 9293, section 3.8.4; tcp(7)): a peer that does not answer is given up after
 * {@code idleSeconds + probes * intervalSeconds}.
 *
 * @param idleSeconds without a segment from the peer before the first probe, 1 to 32,767
 * @param intervalSeconds between probes, 1 to 32,767
 * @param probes that go unanswered, 1 to 127
 */
public record KeepAlive(int idleSeconds, int intervalSeconds, int probes) {
    /** What holds where nothing else is said. */
    public static final KeepAlive DEFAULT = new KeepAlive(60, 15, 4);

    private static final int MAX_SECONDS = 32_767;
    private static final int MAX_PROBES = 127;

    /** @throws IllegalArgumentException if the kernel does not take one of them */
    public KeepAlive {
        check("idle time", idleSeconds, MAX_SECONDS);
        check("interval", intervalSeconds, MAX_SECONDS);
        check("count", probes, MAX_PROBES);
    }

    private static void check(String what, int value, int max) {
        if (value < 1 || value > max) {
            throw new IllegalArgumentException(
                    String.format(Locale.ROOT, "the %s must be from 1 to %d, was %d", what, max, value));
        }
    }
}
