package org.proxymachine.admin;

import java.util.Iterator;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.concurrent.TimeUnit;
import org.eclipse.jetty.io.Connection;
import org.eclipse.jetty.util.thread.Scheduler;
import org.jspecify.annotations.Nullable;

/**
 * The connections to one address of the endpoint: not more than a number, and none for longer than it is of use. Where one more comes
 * than there may be, that one is closed whose client has been waited for the longest: for a request, or to take its answer. So
 * clients that ask nothing, or half of something, keep nobody out. Called on any thread.
 */
final class Connections implements Connection.Listener {
    /** For the head of the first request, which a client has no reason to keep back. */
    private static final long FIRST_HEAD_SECONDS = 5;

    /** For the head of each further one. */
    private static final long NEXT_HEAD_SECONDS = 30;

    /** For a client to take its answer. */
    private static final long TAKING_SECONDS = 30;

    private final int max;
    private final long maxUntaken;
    private final Scheduler scheduler;
    /** Those whose client is waited for, the longest wait first, and in any place those that are being answered. */
    private final Map<Connection, Wait> waits = new LinkedHashMap<>();

    private long untaken;

    /** What one connection waits for. */
    private static final class Wait {
        private Scheduler.@Nullable Task deadline;
        private boolean isForClient;
        private long bytes;

        void end() {
            Scheduler.Task task = deadline;
            if (task != null) {
                task.cancel();
            }
            deadline = null;
        }
    }

    /**
     * @param max how many there may be at a time
     * @param maxUntaken bytes of answers that clients have not taken yet; a single answer may have more
     */
    Connections(int max, long maxUntaken, Scheduler scheduler) {
        this.max = max;
        this.maxUntaken = maxUntaken;
        this.scheduler = scheduler;
    }

    @Override
    public void onOpened(Connection connection) {
        Connection oldest;
        synchronized (this) {
            await(connection, new Wait(), FIRST_HEAD_SECONDS, 0);
            oldest = waits.size() > max ? oldest(false, connection) : null;
        }
        close(oldest);
    }

    /** A request has come whole: who asked is not waited for. */
    synchronized void asked(Connection connection) {
        Wait wait = waits.get(connection);
        if (wait != null) {
            wait.end();
            wait.isForClient = false;
        }
    }

    /** Its answer is on its way, with a body of so many bytes. */
    void answered(Connection connection, long bytes) {
        Connection oldest = null;
        synchronized (this) {
            Wait wait = waits.remove(connection);
            if (wait != null) {
                await(connection, wait, TAKING_SECONDS, bytes);
                oldest = untaken > maxUntaken ? oldest(true, connection) : null;
            }
        }
        close(oldest);
    }

    /** Its answer has been taken. */
    synchronized void taken(Connection connection) {
        Wait wait = waits.remove(connection);
        if (wait != null) {
            await(connection, wait, NEXT_HEAD_SECONDS, 0);
        }
    }

    @Override
    public synchronized void onClosed(Connection connection) {
        Wait wait = waits.remove(connection);
        if (wait != null) {
            wait.end();
            untaken -= wait.bytes;
        }
    }

    private void await(Connection connection, Wait wait, long seconds, long bytes) {
        wait.end();
        wait.isForClient = true;
        untaken += bytes - wait.bytes;
        wait.bytes = bytes;
        wait.deadline = scheduler.schedule(connection::close, seconds, TimeUnit.SECONDS);
        waits.put(connection, wait);
    }

    // Taken out at once: its close may take a moment, and is not to be asked for twice. Where all others are being
    // answered the one that has just come is the one that goes.
    private @Nullable Connection oldest(boolean owesBytes, Connection newest) {
        Iterator<Map.Entry<Connection, Wait>> all = waits.entrySet().iterator();
        while (all.hasNext()) {
            Map.Entry<Connection, Wait> each = all.next();
            Wait wait = each.getValue();
            boolean isChosen = owesBytes ? wait.bytes > 0 && each.getKey() != newest : wait.isForClient;
            if (isChosen) {
                wait.end();
                untaken -= wait.bytes;
                all.remove();
                return each.getKey();
            }
        }
        return null;
    }

    private static void close(@Nullable Connection connection) {
        if (connection != null) {
            connection.close();
        }
    }
}
