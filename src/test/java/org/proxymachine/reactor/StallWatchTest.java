package org.proxymachine.reactor;

import static org.assertj.core.api.Assertions.assertThat;

import java.time.Duration;
import java.util.Objects;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.Semaphore;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicLong;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/** A turn that is long as there is much to do, told from one whose handler does not return. */
@Timeout(60)
class StallWatchTest {
    private final AtomicLong nanos = new AtomicLong(1);
    private final Semaphore permits = new Semaphore(0);
    private final BlockingQueue<String> reports = new LinkedBlockingQueue<>();

    private final class Reports implements StallWatch.Listener {
        @Override
        public void stuck(Duration lasted, StackTraceElement[] where) {
            reports.add("stuck " + lasted.toSeconds());
        }

        @Override
        public void advances(Duration lasted, long handled) {
            reports.add("advances " + lasted.toSeconds() + " " + handled);
        }
    }

    private void pass(long seconds) {
        nanos.addAndGet(TimeUnit.SECONDS.toNanos(seconds));
    }

    /** Lets one task end; the next one then holds the loop. */
    private void letOneEnd(Reactor reactor) {
        long before = reactor.handled();
        permits.release();
        while (reactor.handled() == before) {
            Thread.onSpinWait();
        }
    }

    private String report() throws InterruptedException {
        return Objects.requireNonNull(reports.poll(30, TimeUnit.SECONDS), "no report");
    }

    @Test
    void shouldSayHowMuchALongTurnHasHandledAndThatItIsStuckOnlyOnceItIs() throws Exception {
        try (Reactor reactor = new Reactor(nanos::get, 0)) {
            for (int i = 0; i < 5; i++) {
                reactor.execute(permits::acquireUninterruptibly);
            }
            Thread loop = new Thread(reactor::run);
            loop.start();
            try (StallWatch watch = new StallWatch(reactor, loop, Duration.ofSeconds(2), new Reports())) {
                letOneEnd(reactor);
                pass(3);
                assertThat(report()).isEqualTo("advances 3 1");
                letOneEnd(reactor);
                letOneEnd(reactor);
                pass(3);
                assertThat(report()).isEqualTo("advances 6 3");
                assertThat(reactor.stillNanos()).isZero();
                pass(4);
                assertThat(report()).as("%s", watch).isEqualTo("stuck 4");
                assertThat(reactor.stillNanos()).isEqualTo(TimeUnit.SECONDS.toNanos(4));
                letOneEnd(reactor);
                pass(5);
                assertThat(report()).isEqualTo("advances 15 4");
            } finally {
                permits.release(5);
                reactor.stop();
                loop.join();
            }
            assertThat(reactor.stillNanos()).isZero();
        }
    }

    @Test
    void shouldTakeATurnWhoseFirstHandlerDoesNotReturnForStuckFromItsBeginning() throws Exception {
        try (Reactor reactor = new Reactor(nanos::get, 0)) {
            reactor.execute(permits::acquireUninterruptibly);
            Thread loop = new Thread(reactor::run);
            loop.start();
            try (StallWatch watch = new StallWatch(reactor, loop, Duration.ofSeconds(2), new Reports())) {
                while (reactor.busySinceNanos() == -1) {
                    Thread.onSpinWait();
                }
                pass(3);
                assertThat(report()).as("%s", watch).isEqualTo("stuck 3");
            } finally {
                permits.release();
                reactor.stop();
                loop.join();
            }
        }
    }
}
