package org.proxymachine.server;

import java.time.Duration;
import java.util.function.Consumer;
import org.proxymachine.reactor.Reactor;
import org.proxymachine.reactor.Timer;

/** Counts connections, and tells of a change at once, but of several only once in a while. On the reactor's thread. */
final class CountsWatch {
    private final Reactor reactor;
    private final Duration interval;
    private final Consumer<Counts> watcher;
    private final Timer timer;
    private int current;
    private int maximum;
    private long total;
    private boolean pending;
    private long earliestNanos;

    CountsWatch(Reactor reactor, Duration interval, Consumer<Counts> watcher) {
        this.reactor = reactor;
        this.interval = interval;
        this.watcher = watcher;
        this.timer = reactor.timer(this::tell);
        this.earliestNanos = reactor.nowNanos();
        changed();
    }

    void opened() {
        current++;
        maximum = Math.max(maximum, current);
        total++;
        changed();
    }

    void closed() {
        current--;
        changed();
    }

    private void changed() {
        if (!pending) {
            pending = true;
            timer.arm(earliestNanos - reactor.nowNanos() > 0 ? earliestNanos : reactor.nowNanos());
        }
    }

    private void tell() {
        pending = false;
        earliestNanos = reactor.after(interval);
        watcher.accept(new Counts(current, maximum, total));
    }
}
