package org.proxymachine.cli;

import java.time.Duration;
import org.proxymachine.reactor.Reactor;
import org.proxymachine.reactor.Timer;

/** Runs something again and again on a reactor's thread, as long as that takes its turns. */
final class Heartbeat {
    private final Reactor reactor;
    private final Duration interval;
    private final Runnable beat;
    private final Timer timer;

    /** Begins with the reactor's next turn. To be called before it runs, or on its thread. */
    Heartbeat(Reactor reactor, Duration interval, Runnable beat) {
        this.reactor = reactor;
        this.interval = interval;
        this.beat = beat;
        this.timer = reactor.timer(this::beat);
        timer.arm(reactor.nowNanos());
    }

    private void beat() {
        timer.arm(reactor.after(interval));
        beat.run();
    }
}
