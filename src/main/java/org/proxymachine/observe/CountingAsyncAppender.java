package org.proxymachine.observe;

import ch.qos.logback.classic.AsyncAppender;
import ch.qos.logback.classic.Level;
import ch.qos.logback.classic.LoggerContext;
import ch.qos.logback.classic.spi.ILoggingEvent;
import ch.qos.logback.classic.spi.LoggingEvent;
import java.util.concurrent.atomic.AtomicLong;

/**
 * An AsyncAppender that never blocks, and says afterwards how many lines it had to drop: a full stdout pipe must hold up
 * neither the reactor nor go unnoticed.
 */
public final class CountingAsyncAppender extends AsyncAppender {
    private final AtomicLong dropped = new AtomicLong();
    private final AtomicLong droppedInAll = new AtomicLong();

    /** An appender with room for a few thousand lines, all levels alike. */
    public CountingAsyncAppender() {
        setNeverBlock(true);
        setQueueSize(8_192);
        setDiscardingThreshold(0);
    }

    @Override
    protected void append(ILoggingEvent event) {
        int room = getRemainingCapacity();
        if (room == 0) {
            dropped.incrementAndGet();
            droppedInAll.incrementAndGet();
            return;
        }
        long missing = room > getQueueSize() / 2 ? dropped.getAndSet(0) : 0;
        if (missing > 0) {
            super.append(notice(missing));
        }
        super.append(event);
    }

    private LoggingEvent notice(long missing) {
        LoggerContext context = (LoggerContext) getContext();
        return new LoggingEvent(
                CountingAsyncAppender.class.getName(),
                context.getLogger("log"),
                Level.WARN,
                missing + " log lines were dropped before this one, as nobody read them",
                null,
                null);
    }

    /** Returns how many lines were dropped since the start. */
    public long dropped() {
        return droppedInAll.get();
    }
}
