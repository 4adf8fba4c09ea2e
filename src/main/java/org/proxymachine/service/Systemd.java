package org.proxymachine.service;

import java.io.IOException;
import java.time.Duration;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Queue;
import java.util.concurrent.TimeUnit;
import org.jspecify.annotations.Nullable;
import org.proxymachine.reactor.Exhaustion;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Tells systemd how the daemon is: the protocol of sd_notify(3). Any thread may call it, and none waits: a thread of its
 * own runs systemd-notify(1) for what there is to say, as the JDK has no datagram sockets of the unix kind. That program
 * waits until systemd has read the message, so its process can still be found, and be of this service.
 */
public final class Systemd implements AutoCloseable {
    private static final Logger LOG = LoggerFactory.getLogger(Systemd.class);

    /** Of systemd-notify, which itself waits 5 s for systemd. */
    private static final Duration PATIENCE = Duration.ofSeconds(10);

    /** What is left to say must not hold up the end of the process. */
    private static final Duration LAST_WORDS = Duration.ofSeconds(10);

    private static final int MICROS = 1_000;

    private final Map<String, String> environment;
    private final long pid;
    private final Queue<List<String>> states = new ArrayDeque<>();
    private final Thread thread;
    private @Nullable String status;
    private boolean alive;
    private boolean closed;
    private boolean warned;

    private Systemd(Map<String, String> environment, long pid) {
        this.environment = environment;
        this.pid = pid;
        this.thread = new Thread(this::send, "systemd");
        this.thread.setDaemon(true);
        this.thread.start();
    }

    /**
     * Returns null where nobody listens.
     *
     * @param pid what systemd knows this service by
     */
    public static @Nullable Systemd of(Map<String, String> environment, long pid) {
        return environment.getOrDefault("NOTIFY_SOCKET", "").isEmpty() ? null : new Systemd(environment, pid);
    }

    /** Returns how often systemd is to hear that we are alive, half of what it waits for (sd_watchdog_enabled(3)). */
    public @Nullable Duration watchdogInterval() {
        String forPid = environment.get("WATCHDOG_PID");
        if (forPid != null && !forPid.equals(String.valueOf(pid))) {
            return null;
        }
        try {
            long micros = Long.parseLong(environment.getOrDefault("WATCHDOG_USEC", "0"));
            return micros <= 0 ? null : Duration.ofNanos(micros * MICROS / 2);
        } catch (NumberFormatException e) {
            return null;
        }
    }

    /** The daemon listens, or has read its script again. */
    public void ready() {
        say(List.of("READY=1"));
    }

    /** The script is being read again; {@link #ready} says when that is over. */
    public void reloading() {
        // On Linux nanoTime is the clock that systemd wants, CLOCK_MONOTONIC.
        say(List.of("RELOADING=1", "MONOTONIC_USEC=" + System.nanoTime() / MICROS));
    }

    /** The daemon accepts no more. */
    public void stopping() {
        say(List.of("STOPPING=1"));
    }

    private synchronized void say(List<String> state) {
        states.add(state);
        notifyAll();
    }

    /** Sets the line that systemctl status shows; of several that could not be sent yet, the last counts. */
    public synchronized void status(String line) {
        status = line;
        notifyAll();
    }

    /** The daemon does its work. */
    public synchronized void alive() {
        alive = true;
        notifyAll();
    }

    private void send() {
        try {
            for (List<String> message = next(); !message.isEmpty(); message = next()) {
                send(message);
            }
        } catch (InterruptedException e) {
            // Nobody interrupts this thread but the JVM's end.
        }
    }

    // One state a message, as READY after RELOADING means something else than both at once.
    private synchronized List<String> next() throws InterruptedException {
        while (states.isEmpty() && status == null && !alive && !closed) {
            wait();
        }
        List<String> message = new ArrayList<>();
        List<String> state = states.poll();
        if (state != null) {
            message.addAll(state);
        }
        if (status != null) {
            message.add("STATUS=" + status);
            status = null;
        }
        if (alive) {
            message.add("WATCHDOG=1");
            alive = false;
        }
        return message;
    }

    private void send(List<String> message) throws InterruptedException {
        List<String> command = new ArrayList<>(List.of("systemd-notify", "--"));
        command.addAll(message);
        try {
            Process process = new ProcessBuilder(command)
                    .redirectErrorStream(true)
                    .redirectOutput(ProcessBuilder.Redirect.DISCARD)
                    .start();
            if (!process.waitFor(PATIENCE.toNanos(), TimeUnit.NANOSECONDS)) {
                process.destroyForcibly();
                warn("systemd-notify does not end");
            } else if (process.exitValue() != 0) {
                warn("systemd-notify exited with " + process.exitValue());
            }
        } catch (IOException e) {
            warn(String.valueOf(e.getMessage()));
        } catch (OutOfMemoryError e) {
            // The JDK's thread that waits for the program could not be had: this thread goes on.
            Exhaustion.rethrow(e);
            warn(String.valueOf(e.getMessage()));
        }
    }

    private void warn(String problem) {
        if (!warned) {
            warned = true;
            LOG.warn("systemd is not told how the service is: {}", problem);
        }
    }

    /** Says what is left to say, within a bound. */
    @Override
    public void close() {
        synchronized (this) {
            closed = true;
            notifyAll();
        }
        try {
            thread.join(LAST_WORDS.toMillis());
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
    }
}
