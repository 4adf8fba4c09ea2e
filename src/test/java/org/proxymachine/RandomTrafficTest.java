package org.proxymachine;

import static org.assertj.core.api.Assertions.assertThat;

import java.time.Duration;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.proxymachine.reactor.Clock;
import org.proxymachine.session.Limits;

/**
 * Hundreds of connections whose two sides do what a seed says: bytes in chunks, pauses, FINs, resets and closes at any
 * moment. Every byte is compared, in both directions, and nothing may grow. {@code -Dproxymachine.seed} repeats the
 * sequences of a run (not its timing), {@code -Dproxymachine.seconds} makes it longer, as {@code -Psoak} does.
 */
class RandomTrafficTest {
    private static final int WORKERS = 32;
    private static final int LEAST_ROUNDS = 3;
    private static final int ROUND_SECONDS = 5;

    /** What the proxy waits for before it gives up on a side, such as the second before a reset, passes faster. */
    private static final int CLOCK_SPEED = 10;

    @Test
    @Tag("soak")
    void shouldDeliverEveryByteWhateverTheTwoSidesDo() throws Exception {
        long seed = Long.getLong("proxymachine.seed", System.nanoTime());
        long seconds = Long.getLong("proxymachine.seconds", 5);
        long rounds = Math.max(LEAST_ROUNDS, seconds / ROUND_SECONDS);
        Duration round = Duration.ofMillis(TimeUnit.SECONDS.toMillis(seconds) / (rounds + 1));
        Proxy.Setup setup = new Proxy.Setup();
        setup.clock = () -> CLOCK_SPEED * Clock.system().nanoTime();
        setup.limits = new Limits(Duration.ofHours(1), Limits.DEFAULT.maxPrereadBytes());
        try (Exchanges exchanges = new Exchanges(seed, setup)) {
            System.out.printf("random traffic for %d s, -Dproxymachine.seed=%d%n", seconds, seed);
            exchanges.run(WORKERS, round);
            int descriptors = exchanges.descriptorsAtRest();
            Growth growth = new Growth();
            for (int i = 0; i < rounds; i++) {
                exchanges.run(WORKERS, round);
                growth.sample();
            }
            System.out.printf("random traffic: %d connections, %s%n", exchanges.connections(), growth);
            assertThat(exchanges.connections()).isGreaterThan(100);
            assertThat(exchanges.descriptorsAtRest()).as("open files").isLessThanOrEqualTo(descriptors);
            growth.assertNone();
        }
    }
}
