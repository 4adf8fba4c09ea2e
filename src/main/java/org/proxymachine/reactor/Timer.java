package org.proxymachine.reactor;

/**
 * One deadline that can be moved as often as its owner likes, without an allocation. Belongs to the reactor's thread.
 *
 * <p>A deadline that moves later costs nothing until the earlier one comes: the timer then notices and re-arms itself.
 * That makes "idle since" deadlines, which move with each read, free.
 */
public final class Timer {
    static final int NOT_QUEUED = -1;

    private final Timers timers;
    private final Runnable action;
    private boolean armed;
    private long deadlineNanos;

    /** The moment under which the queue knows this timer: never later than {@link #deadlineNanos} while armed. */
    long queuedNanos;

    int queueIndex = NOT_QUEUED;

    Timer(Timers timers, Runnable action) {
        this.timers = timers;
        this.action = action;
    }

    /**
     * Sets the deadline, in place of an earlier one.
     *
     * @param deadlineNanos a moment of the reactor's clock; one in the past expires once what is ready has been handled
     */
    public void arm(long deadlineNanos) {
        this.armed = true;
        this.deadlineNanos = deadlineNanos;
        if (queueIndex == NOT_QUEUED || deadlineNanos - queuedNanos < 0) {
            timers.queue(this, deadlineNanos);
        }
    }

    /** Forgets the deadline: the action does not run until armed again. */
    public void disarm() {
        armed = false;
        timers.remove(this);
    }

    /** Called by the queue, which no longer holds this timer, once {@link #queuedNanos} has come. */
    void due(long nowNanos) {
        if (!armed) {
            return;
        }
        if (deadlineNanos - nowNanos > 0) {
            timers.queue(this, deadlineNanos);
            return;
        }
        armed = false;
        timers.run(action);
    }
}
