package org.proxymachine.cli;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.concurrent.BlockingQueue;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;
import org.proxymachine.route.Decision;
import org.proxymachine.route.Router;

/** Reloads that are asked for faster than the script can be loaded. */
class ReloadsTest {
    private static final long DEADLINE_SECONDS = 30;

    /** How many loads may end. */
    private final BlockingQueue<Boolean> gate = new LinkedBlockingQueue<>();

    private final AtomicInteger begun = new AtomicInteger();
    private final AtomicInteger used = new AtomicInteger();
    private final Reloads reloads = new Reloads(this::load, router -> used.incrementAndGet(), new Reloads.Listener() {
        @Override
        public void begun() {
            begun.incrementAndGet();
        }

        @Override
        public void ended(@Nullable String problem, long millis) {}
    });

    private Router load() {
        try {
            assertThat(gate.poll(DEADLINE_SECONDS, TimeUnit.SECONDS)).isTrue();
        } catch (InterruptedException e) {
            throw new AssertionError(e);
        }
        return (client, data, length) -> Decision.close();
    }

    @Test
    void shouldLoadOnceForAllThatAskWhileALoadRuns() throws Exception {
        CompletableFuture<@Nullable String> first = reloads.reload();
        while (begun.get() == 0) {
            Thread.onSpinWait();
        }
        for (int i = 0; i < 10_000; i++) {
            reloads.request();
        }
        CompletableFuture<@Nullable String> last = reloads.reload();
        assertThat(last).isNotSameAs(first).isSameAs(reloads.reload());
        gate.add(true);
        assertThat(first.get(DEADLINE_SECONDS, TimeUnit.SECONDS)).isNull();
        assertThat(last).isNotDone();
        gate.add(true);
        assertThat(last.get(DEADLINE_SECONDS, TimeUnit.SECONDS)).isNull();
        // Whoever asks now gets a load of its own, and there was none between.
        gate.add(true);
        assertThat(reloads.reload().get(DEADLINE_SECONDS, TimeUnit.SECONDS)).isNull();
        assertThat(begun).hasValue(3);
        assertThat(used).hasValue(3);
    }
}
