package org.proxymachine.cli;

import java.io.FileInputStream;
import java.io.IOException;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.TimeUnit;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Signals that the JVM has lost. HotSpot starts a thread for each signal that has a handler (jdk.internal.misc.Signal,
 * dispatch), and drops the signal where the system gives it none. So the launcher writes the first letter of each signal
 * that it sends to a pipe, too, and a thread that is there from the start does what a lost one asks for. Any thread.
 */
final class LostSignals {
    /** The environment's word for the pipe's descriptor. */
    private static final String VARIABLE = "PROXYMACHINE_SIGNALS";

    /** What the JVM may take for a signal before it counts as lost. */
    private static final long GRACE_MILLIS = 1_000;

    /** How long one that was taken for lost may still come, and then is the same. */
    private static final long LATE_NANOS = TimeUnit.SECONDS.toNanos(10);

    private static final Logger LOG = LoggerFactory.getLogger(LostSignals.class);

    private final long graceMillis;
    private final Map<Character, Kind> kinds = new ConcurrentHashMap<>();

    /** Starts the thread that reads what the launcher says; does nothing where there is no launcher. */
    LostSignals(Map<String, String> environment) {
        this(environment, GRACE_MILLIS);
    }

    LostSignals(Map<String, String> environment, long graceMillis) {
        this.graceMillis = graceMillis;
        String descriptor = environment.getOrDefault(VARIABLE, "");
        if (!descriptor.isEmpty()) {
            Thread thread = new Thread(() -> read(descriptor), "signals");
            thread.setDaemon(true);
            thread.start();
        }
    }

    /**
     * Returns what to do when this signal comes: the action, unless it was done in the signal's place.
     *
     * @param times how many of them in a row say something new
     */
    Runnable watched(String name, int times, Runnable action) {
        Kind kind = new Kind(name, times, action);
        kinds.put(name.charAt(0), kind);
        return kind::came;
    }

    private void read(String descriptor) {
        try (FileInputStream pipe = new FileInputStream("/proc/self/fd/" + descriptor)) {
            for (int letter = pipe.read(); letter >= 0; letter = pipe.read()) {
                long sinceNanos = System.nanoTime();
                note(letter);
                TimeUnit.MILLISECONDS.sleep(graceMillis);
                for (int more = pipe.available(); more > 0; more--) {
                    note(pipe.read());
                }
                kinds.values().forEach(kind -> kind.makeUpFor(sinceNanos));
            }
        } catch (IOException e) {
            LOG.debug("signals are not told of twice: {}", e.toString());
        } catch (InterruptedException e) {
            // Nobody interrupts this thread.
        }
    }

    private void note(int letter) {
        @Nullable Kind kind = kinds.get((char) letter);
        if (kind != null) {
            kind.sent++;
        }
    }

    private final class Kind {
        private final String name;
        private final int times;
        private final Runnable action;
        private int come;
        private long comeNanos;
        private int early;
        private long earlyNanos;
        private int sent;

        Kind(String name, int times, Runnable action) {
            this.name = name;
            this.times = times;
            this.action = action;
        }

        synchronized void came() {
            long now = System.nanoTime();
            if (early > 0 && now - earlyNanos < LATE_NANOS) {
                early--;
                return;
            }
            early = 0;
            come++;
            comeNanos = now;
            action.run();
        }

        synchronized void makeUpFor(long sinceNanos) {
            // The launcher sends the signal first, and tells of it then.
            if (comeNanos - sinceNanos < -TimeUnit.MILLISECONDS.toNanos(graceMillis)) {
                come = 0;
            }
            int missing = Math.min(sent, times) - come;
            boolean lost = come == 0;
            sent = 0;
            come = 0;
            for (int i = 0; i < missing; i++) {
                if (lost) {
                    LOG.warn(
                            "the JVM has lost signal {}, as the system gives it no thread: it is followed all the same",
                            name);
                    early++;
                    earlyNanos = System.nanoTime();
                }
                // Else the kernel made one of two that came at once (signal(7)), and this one comes no more.
                action.run();
            }
        }
    }
}
