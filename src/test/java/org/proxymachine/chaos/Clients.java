package org.proxymachine.chaos;

import java.util.ArrayList;
import java.util.List;
import java.util.Queue;
import java.util.Random;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.atomic.AtomicLong;

/** Clients that run errands side by side, each by its own seed, until they are told to end. */
final class Clients {
    private final Daemon daemon;
    private final List<Thread> threads = new ArrayList<>();
    private final Queue<String> lost = new ConcurrentLinkedQueue<>();
    private final AtomicLong connected = new AtomicLong();
    private final AtomicLong served = new AtomicLong();
    private final AtomicLong turnedAway = new AtomicLong();
    private final AtomicInteger excuses = new AtomicInteger();
    private final AtomicLong excusesSoFar = new AtomicLong();
    private volatile boolean ending;

    Clients(Daemon daemon, int count, long seed) {
        this.daemon = daemon;
        for (int i = 0; i < count; i++) {
            Random random = new Random(seed + i);
            Thread thread = new Thread(() -> run(random), "client-" + i);
            thread.setDaemon(true);
            thread.start();
            threads.add(thread);
        }
    }

    /** From now on clients may be turned away, those who are there included, until {@link #unexcuse}. */
    void excuse() {
        excusesSoFar.incrementAndGet();
        excuses.incrementAndGet();
    }

    void unexcuse() {
        excuses.decrementAndGet();
    }

    private void run(Random random) {
        while (!ending) {
            Errand errand = new Errand(random);
            long before = excusesSoFar.get() - (excuses.get() > 0 ? 1 : 0);
            try {
                errand.run(daemon.address(), connected::incrementAndGet);
                served.incrementAndGet();
            } catch (Errand.TurnedAway e) {
                turnedAway.incrementAndGet();
                if (excusesSoFar.get() == before) {
                    lost.add(e.getMessage());
                }
            } catch (Exception | AssertionError e) {
                lost.add(String.valueOf(e.getMessage()));
                if (!daemon.isAlive()) {
                    return;
                }
            }
        }
    }

    /** Waits until all have come to the end of their errands. */
    void end() throws InterruptedException {
        ending = true;
        for (Thread thread : threads) {
            thread.join(TimeUnit.MILLISECONDS.convert(3, TimeUnit.MINUTES));
            if (thread.isAlive()) {
                lost.add(thread.getName() + " does not come to an end");
            }
        }
    }

    /** How many connections they had. */
    long connected() {
        return connected.get();
    }

    /** What they did not get though it was owed. */
    Queue<String> lost() {
        return lost;
    }

    @Override
    public String toString() {
        return "%d served, %d turned away, %d lost".formatted(served.get(), turnedAway.get(), lost.size());
    }
}
