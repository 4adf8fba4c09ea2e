package org.proxymachine.reactor;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.ByteBuffer;
import java.nio.channels.Pipe;
import java.nio.channels.SelectionKey;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** What is ready is handled before a deadline is judged, wherever in a turn the process stands still. */
@Timeout(30)
class ReactorTest {
    private static final long MINUTE_NANOS = TimeUnit.MINUTES.toNanos(1);

    /** Stands still once for a minute, at one of its readings, while something happens outside. */
    private static final class StallingClock implements Clock {
        private int readingsLeft = Integer.MAX_VALUE;
        private Runnable meanwhile = () -> {};
        private long nanos;

        void stallAt(int reading, Runnable meanwhile) {
            this.readingsLeft = reading;
            this.meanwhile = meanwhile;
        }

        @Override
        public long nanoTime() {
            if (--readingsLeft == 0) {
                meanwhile.run();
                nanos += MINUTE_NANOS;
            }
            return nanos;
        }
    }

    private final List<String> events = new ArrayList<>();
    private final List<Pipe> pipes = new ArrayList<>();

    @ParameterizedTest
    @ValueSource(ints = {1, 2, 3, 4, 5, 6})
    void shouldHandleWhatArrivedInAStallBeforeItJudgesADeadline(int reading) throws IOException {
        StallingClock clock = new StallingClock();
        try (Reactor reactor = new Reactor(clock, 0)) {
            Pipe pipe = pipe(reactor);
            timer(reactor);
            clock.stallAt(reading, () -> write(pipe));
            // So that the loop turns, and reads its clock, without anything to do.
            reactor.execute(new Runnable() {
                @Override
                public void run() {
                    reactor.execute(this);
                }
            });
            reactor.run();
            assertThat(events).containsExactly("read", "expired");
        }
        close();
    }

    @Test
    void shouldRunWhatWasQueuedInAStallBeforeItJudgesADeadline() throws IOException {
        StallingClock clock = new StallingClock();
        try (Reactor reactor = new Reactor(clock, 0)) {
            timer(reactor);
            clock.stallAt(2, () -> reactor.execute(() -> events.add("answered")));
            reactor.run();
            assertThat(events).containsExactly("answered", "expired");
        }
    }

    @Test
    void shouldHandleMoreThanASelectReportsBeforeItJudgesADeadline() throws IOException {
        StallingClock clock = new StallingClock();
        int many = 2_500;
        try (Reactor reactor = new Reactor(clock, 0)) {
            for (int i = 0; i < many; i++) {
                write(pipe(reactor));
            }
            timer(reactor);
            clock.stallAt(1, () -> {});
            reactor.run();
            assertThat(events).hasSize(many + 1).endsWith("expired");
        }
        close();
    }

    @Test
    void shouldJudgeDeadlinesThoughMoreIsReadyThanASelectReports() throws IOException {
        StallingClock clock = new StallingClock();
        try (Reactor reactor = new Reactor(clock, 0)) {
            for (int i = 0; i < 2_500; i++) {
                Pipe pipe = Pipe.open();
                pipes.add(pipe);
                pipe.sink().configureBlocking(false);
                reactor.register(pipe.sink(), SelectionKey.OP_WRITE, ops -> {});
            }
            timer(reactor);
            clock.stallAt(1, () -> {});
            reactor.run();
            assertThat(events).containsExactly("expired");
        }
        close();
    }

    @Test
    void shouldCountADeadlineFromTheMomentAtWhichItIsSet() throws IOException {
        StallingClock clock = new StallingClock();
        try (Reactor reactor = new Reactor(clock, 0)) {
            reactor.execute(() -> {
                clock.stallAt(1, () -> {});
                assertThat(reactor.nowNanos()).isEqualTo(MINUTE_NANOS);
                assertThat(reactor.after(java.time.Duration.ofNanos(1))).isEqualTo(MINUTE_NANOS + 1);
                reactor.stop();
            });
            reactor.run();
        }
    }

    private Pipe pipe(Reactor reactor) throws IOException {
        Pipe pipe = Pipe.open();
        pipes.add(pipe);
        pipe.source().configureBlocking(false);
        reactor.register(pipe.source(), SelectionKey.OP_READ, ops -> {
            try {
                pipe.source().read(ByteBuffer.allocate(8));
            } catch (IOException e) {
                throw new UncheckedIOException(e);
            }
            events.add("read");
        });
        return pipe;
    }

    // Due once the clock has stood still.
    private void timer(Reactor reactor) {
        reactor.timer(() -> {
                    events.add("expired");
                    reactor.stop();
                })
                .arm(1);
    }

    private static void write(Pipe pipe) {
        try {
            pipe.sink().write(ByteBuffer.allocate(1));
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    private void close() throws IOException {
        for (Pipe pipe : pipes) {
            pipe.source().close();
            pipe.sink().close();
        }
    }
}
