package org.proxymachine.script;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.FutureTask;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;

/** What futures that never complete cost. */
class FutureWatchTest {
    private static final long DEADLINE_SECONDS = 30;

    /** Looks of which the first ones are 2 ms apart, and each later one an eighth of the age so far. */
    private static double mostLooks(double ageMillis) {
        return 8 + 1 + (ageMillis > 16 ? 1 + Math.log(ageMillis / 16) / Math.log(9 / 8.0) : 0);
    }

    /** Never done. */
    private static final class Endless extends FutureTask<Object> {
        private final AtomicInteger looks = new AtomicInteger();
        private final CountDownLatch enough;

        Endless(int looks) {
            super(Object::new);
            enough = new CountDownLatch(looks);
        }

        @Override
        public boolean isDone() {
            looks.incrementAndGet();
            enough.countDown();
            return false;
        }
    }

    @Test
    void shouldLookAtAFutureLessOftenTheLongerItTakes() throws InterruptedException {
        FutureWatch watch = new FutureWatch();
        Endless future = new Endless(40);
        long startNanos = System.nanoTime();
        Runnable release = watch.watch(future, (answer, failure) -> {});
        assertThat(future.enough.await(DEADLINE_SECONDS, TimeUnit.SECONDS)).isTrue();
        int looks = future.looks.get();
        double millis = (System.nanoTime() - startNanos) / 1e6;
        assertThat((double) looks).as("looks in %s ms", millis).isLessThanOrEqualTo(mostLooks(millis));
        release.run();
        assertThat(FutureWatch.delayNanos(Long.MAX_VALUE)).isEqualTo(TimeUnit.SECONDS.toNanos(1));
    }

    @Test
    void shouldTellOfAFutureBesideTenThousandThatNeverCompleteAndLetGoOfThese() throws Exception {
        FutureWatch watch = new FutureWatch();
        List<Runnable> releases = new ArrayList<>();
        List<Endless> endless = new ArrayList<>();
        for (int i = 0; i < 10_000; i++) {
            Endless future = new Endless(1);
            endless.add(future);
            releases.add(watch.watch(future, (answer, failure) -> {}));
        }
        for (int i = 0; i < 100; i++) {
            FutureTask<Integer> other = new FutureTask<>(() -> 7);
            CompletableFuture<@Nullable Object> told = new CompletableFuture<>();
            var unused = watch.watch(other, (answer, failure) -> told.complete(answer));
            other.run();
            assertThat(told.get(DEADLINE_SECONDS, TimeUnit.SECONDS)).isEqualTo(7);
        }
        for (Endless future : endless) {
            assertThat(future.enough.await(DEADLINE_SECONDS, TimeUnit.SECONDS)).isTrue();
        }
        releases.forEach(Runnable::run);
        assertThat(watch.size()).isZero();
    }
}
