package org.proxymachine.observe;

import ch.qos.logback.classic.Logger;
import ch.qos.logback.classic.LoggerContext;
import ch.qos.logback.classic.spi.ILoggingEvent;
import ch.qos.logback.classic.util.ContextInitializer;
import ch.qos.logback.core.Appender;
import ch.qos.logback.core.joran.spi.JoranException;
import java.util.Iterator;
import org.slf4j.LoggerFactory;

/** The log once somebody has stopped it: a script reaches all of logback, and without an appender every line is lost. */
public final class StoppedLog {
    private StoppedLog() {}

    /**
     * Configures the log anew, as at the start, if it writes nothing any more. Returns whether it did. Any thread.
     *
     * @throws JoranException if the file of {@code -Dlogback.configurationFile} cannot be read
     */
    public static synchronized boolean restore() throws JoranException {
        LoggerContext log = (LoggerContext) LoggerFactory.getILoggerFactory();
        Logger root = log.getLogger(Logger.ROOT_LOGGER_NAME);
        if (log.isStarted() && root.isErrorEnabled() && writes(root)) {
            return false;
        }
        log.reset();
        new ContextInitializer(log).autoConfig();
        log.start();
        return true;
    }

    private static boolean writes(Logger root) {
        for (Iterator<Appender<ILoggingEvent>> each = root.iteratorForAppenders(); each.hasNext(); ) {
            if (each.next().isStarted()) {
                return true;
            }
        }
        return false;
    }
}
