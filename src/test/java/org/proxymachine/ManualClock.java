package org.proxymachine;

import java.time.Duration;
import java.util.concurrent.atomic.AtomicLong;
import org.proxymachine.reactor.Clock;

/** A clock that a test moves. */
final class ManualClock implements Clock {
    private final AtomicLong nanos = new AtomicLong(1);

    @Override
    public long nanoTime() {
        return nanos.get();
    }

    /** Moves on. */
    void advance(Duration duration) {
        nanos.addAndGet(duration.toNanos());
    }

    /** Moves on, and has the reactor look. */
    void advance(Duration duration, Proxy proxy) {
        proxy.ask(() -> nanos.addAndGet(duration.toNanos()));
        // The turn that answers this judges deadlines by the new time, and does so before it answers the next.
        proxy.ask(() -> true);
        proxy.ask(() -> true);
    }
}
