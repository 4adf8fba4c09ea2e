package org.proxymachine.reactor;

import java.io.Closeable;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.ByteBuffer;
import java.nio.channels.ClosedChannelException;
import java.nio.channels.SelectableChannel;
import java.nio.channels.SelectionKey;
import java.nio.channels.Selector;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.Executor;
import java.util.concurrent.TimeUnit;
import java.util.function.Consumer;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * The event loop. One thread calls {@link #run}; everything but {@link #execute}, {@link #stop}, {@link #nowNanos},
 * {@link #busySinceNanos}, {@link #stillNanos} and {@link #handled} belongs to that thread.
 *
 * <p>A turn: select until the nearest deadline, ready keys, queued tasks, expired timers, reap what has closed.
 *
 * <p>After a stall (a slow handler, a collection, a process that was stopped) whatever has arrived is handled before any
 * deadline is judged: a timer expires only by a reading of the clock after which all that was ready has been handled.
 */
public final class Reactor implements Executor, AutoCloseable {
    private static final Logger LOG = LoggerFactory.getLogger(Reactor.class);

    /** How many ready keys a select reports at most: NUM_EPOLLEVENTS of sun.nio.ch.EPollSelectorImpl. */
    private static final int SELECT_BATCH = 1_024;

    private final Selector selector;
    private final Clock clock;
    private final Timers timers = new Timers(this::guarded);
    private final BufferPool pool;
    private final ByteBuffer scratch = ByteBuffer.allocateDirect(BufferPool.LARGE_BYTES);
    private final ConcurrentLinkedQueue<Runnable> tasks = new ConcurrentLinkedQueue<>();
    private final List<Runnable> reapers = new ArrayList<>();
    private final List<Closeable> deregistered = new ArrayList<>();
    private final Consumer<SelectionKey> dispatch = this::dispatch;
    private long turns;
    private long judgedNanos;
    private long candidateNanos;
    private int fullBatches;
    private final Turn turn = new Turn();
    private volatile boolean stopped;

    /**
     * Opens the selector.
     *
     * @param maxBufferBytes direct memory for what slow receivers have not taken yet
     * @throws IOException if the system has none left
     */
    public Reactor(Clock clock, long maxBufferBytes) throws IOException {
        this.clock = clock;
        this.pool = new BufferPool(maxBufferBytes);
        this.selector = Selector.open();
        this.judgedNanos = clock.nanoTime();
    }

    /** Runs turns until {@link #stop}. An OutOfMemoryError is the only thing that ends it otherwise. */
    public void run() {
        while (!stopped) {
            turn();
        }
        // What the last turn reaped is closed by the next: its peers must not wait for the end of the process.
        turn();
    }

    private void turn() {
        turns++;
        select();
        turn.begin(clock);
        closeDeregistered();
        runTasks();
        timers.expire(judgedNanos);
        reap();
        turn.end();
    }

    // With a callback rather than the set of selected keys, which would cost an allocation per ready key.
    private void select() {
        // A script may have interrupted this thread: no select would wait from then on.
        boolean interrupted = Thread.interrupted();
        if (interrupted) {
            LOG.debug("the loop was interrupted");
        }
        long beforeNanos = clock.nanoTime();
        try {
            handled(beforeNanos, select(timers.untilNextNanos(beforeNanos)));
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    private int select(long waitNanos) throws IOException {
        if (waitNanos == 0 || !tasks.isEmpty() || !deregistered.isEmpty() || stopped) {
            return selector.selectNow(dispatch);
        }
        if (waitNanos == Timers.NONE) {
            return selector.select(dispatch);
        }
        // Rounded up: a deadline 0.3 ms away must not turn into a busy loop of 0 ms waits.
        return selector.select(dispatch, TimeUnit.NANOSECONDS.toMillis(waitNanos + 999_999));
    }

    // What was ready before the select has been handled now, and deadlines may be judged by that moment, unless
    // there was more than a select reports. The kernel then goes on with the others (epoll_wait(2): round robin),
    // so that after as many batches as there are keys all have had their turn.
    private void handled(long beforeNanos, int ready) {
        if (ready < SELECT_BATCH) {
            judgedNanos = beforeNanos;
            fullBatches = 0;
            return;
        }
        if (fullBatches == 0) {
            candidateNanos = beforeNanos;
        }
        fullBatches++;
        if ((long) fullBatches * SELECT_BATCH >= selector.keys().size()) {
            judgedNanos = candidateNanos;
            fullBatches = 0;
        }
    }

    private void dispatch(SelectionKey key) {
        turn.begin(clock);
        // An earlier handler of this batch may have cancelled the key.
        if (!key.isValid()) {
            return;
        }
        try {
            ((ReadyHandler) key.attachment()).ready(key.readyOps());
        } catch (Throwable e) {
            unexpected(e);
        }
        turn.handled();
    }

    private void runTasks() {
        // Bounded by what was there at the start: a task that queues itself again must not keep the loop from its keys.
        for (int budget = tasks.size(); budget > 0; budget--) {
            Runnable task = tasks.poll();
            if (task != null) {
                guarded(task);
            }
        }
    }

    private void reap() {
        // By index: a reaper's listener may reap another.
        for (int i = 0; i < reapers.size(); i++) {
            guarded(reapers.get(i));
        }
        reapers.clear();
    }

    private void closeDeregistered() {
        // The select before this has taken these out of epoll: close is one close(2), and frees the descriptor at once.
        // Only those there are: a listener takes its last clients here, and what they have closed is in epoll still.
        int count = deregistered.size();
        for (int i = 0; i < count; i++) {
            try {
                deregistered.get(i).close();
            } catch (IOException e) {
                LOG.debug("close: {}", e.toString());
            } catch (Throwable e) {
                unexpected(e);
            }
            turn.handled();
        }
        deregistered.subList(0, count).clear();
    }

    private void guarded(Runnable handler) {
        try {
            handler.run();
        } catch (Throwable e) {
            unexpected(e);
        }
        turn.handled();
    }

    // Sessions catch their own; what arrives here is a bug of ours, and must not end everybody else's session.
    private static void unexpected(Throwable error) {
        Exhaustion.rethrow(error);
        LOG.error("unexpected: {}", error.toString(), error);
    }

    /** Queues a task for a later moment of the loop. The one method for other threads. */
    @Override
    public void execute(Runnable task) {
        tasks.add(task);
        selector.wakeup();
    }

    /** Ends {@link #run} after the current turn. */
    public void stop() {
        stopped = true;
        selector.wakeup();
    }

    /**
     * Registers a channel, in non-blocking mode, with the handler that is told when it is ready.
     *
     * @throws ClosedChannelException if the channel is closed
     */
    public SelectionKey register(SelectableChannel channel, int ops, ReadyHandler handler)
            throws ClosedChannelException {
        return channel.register(selector, ops, handler);
    }

    /** Takes a channel out of the selector and closes it, in that order and within two turns. */
    public void close(SelectableChannel channel) {
        deregister(channel, channel);
    }

    /** Takes a channel out of the selector, then, within two turns, calls who closes it: from there on by one close(2). */
    public void deregister(SelectableChannel channel, Closeable then) {
        SelectionKey key = channel.keyFor(selector);
        if (key != null) {
            key.cancel();
        }
        deregistered.add(then);
    }

    /** Runs this at the end of the turn, when no handler is on the stack. */
    public void reap(Runnable reaper) {
        reapers.add(reaper);
    }

    /** Returns a timer, not armed yet, that runs this action when it expires. */
    public Timer timer(Runnable action) {
        return timers.create(action);
    }

    /**
     * Returns the clock in nanoseconds, read afresh: a handler that ran before in this turn may have taken seconds. Any
     * thread.
     */
    public long nowNanos() {
        return clock.nanoTime();
    }

    /** Returns the moment this far ahead of now. */
    public long after(Duration duration) {
        return clock.nanoTime() + duration.toNanos();
    }

    /**
     * Returns the moment by which deadlines are judged in this turn: all that was ready at that moment has been handled.
     * Who compares deadlines of their own with the clock compares them with this one.
     */
    public long judgedNanos() {
        return judgedNanos;
    }

    /** Returns the clock as it was read at the beginning of this turn: for moments that may be out by a turn's length. */
    public long turnNanos() {
        return turn.startNanos();
    }

    /** Returns the buffer that every read goes into; its content is gone when the handler returns. */
    public ByteBuffer scratch() {
        return scratch.clear();
    }

    /** Returns the pool for bytes that outlive a handler. */
    public BufferPool pool() {
        return pool;
    }

    /** Returns how many turns there were so far: one that grows while nothing happens is a loop that spins. */
    public long turns() {
        return turns;
    }

    /** Returns the clock's reading at the start of the turn that is running now, or -1 between turns. Any thread. */
    public long busySinceNanos() {
        return turn.isRunning() ? turn.startNanos() : -1;
    }

    /**
     * Returns for how long the turn that is running now has finished nothing, as far as a {@link StallWatch} has seen; 0
     * between turns, and while the turn moves on. Any thread.
     */
    public long stillNanos() {
        long now = clock.nanoTime();
        return turn.isRunning() ? now - turn.stillSinceNanos(now) : 0;
    }

    /** Returns how many ready keys, tasks, timers and closes have been handled in all turns. Any thread. */
    public long handled() {
        return turn.allHandled();
    }

    Turn currentTurn() {
        return turn;
    }

    /** Closes the selector and what was still to be closed, once {@link #run} has returned. */
    @Override
    public void close() throws IOException {
        selector.close();
        closeDeregistered();
    }
}
