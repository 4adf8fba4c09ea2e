package org.proxymachine.observe;

import ch.qos.logback.classic.ClassicConstants;
import ch.qos.logback.classic.Level;
import ch.qos.logback.classic.Logger;
import ch.qos.logback.classic.LoggerContext;
import ch.qos.logback.classic.PatternLayout;
import ch.qos.logback.classic.spi.Configurator;
import ch.qos.logback.classic.spi.ILoggingEvent;
import ch.qos.logback.core.OutputStreamAppender;
import ch.qos.logback.core.encoder.LayoutWrappingEncoder;
import ch.qos.logback.core.spi.ContextAwareBase;

/**
 * The log unless {@code -Dlogback.configurationFile=FILE} names another: to standard output, never blocking. Found as a
 * service. In Java because reading the same from XML takes a tenth of the start.
 */
public final class LogConfigurator extends ContextAwareBase implements Configurator {
    /** Set to true, it sends the log to the standard error, where the standard output is for something else. */
    public static final String STDERR_PROPERTY = "proxymachine.log.stderr";

    // Not %n: that is a property which a script may set before the first line.
    private static final String PATTERN = "%d{yyyy-MM-dd HH:mm:ss.SSS} %-5level %logger{0} %line\n";

    @Override
    public ExecutionStatus configure(LoggerContext log) {
        if (System.getProperty(ClassicConstants.CONFIG_FILE_PROPERTY) != null) {
            return ExecutionStatus.INVOKE_NEXT_IF_ANY;
        }
        PatternLayout layout = new PatternLayout();
        layout.setContext(log);
        layout.getInstanceConverterMap().put("line", LineConverter::new);
        layout.setPattern(PATTERN);
        layout.start();

        LayoutWrappingEncoder<ILoggingEvent> encoder = new LayoutWrappingEncoder<>();
        encoder.setContext(log);
        encoder.setLayout(layout);
        encoder.start();

        OutputStreamAppender<ILoggingEvent> stdout = new OutputStreamAppender<>();
        stdout.setContext(log);
        stdout.setName("stdout");
        stdout.setEncoder(encoder);
        stdout.setOutputStream(Boolean.getBoolean(STDERR_PROPERTY) ? StandardStreams.ERR : StandardStreams.OUT);
        stdout.start();

        // What nobody reads is dropped, and counted.
        CountingAsyncAppender appender = new CountingAsyncAppender();
        appender.setContext(log);
        appender.setName("log");
        appender.addAppender(stdout);
        appender.start();

        // What Jetty says of its own life, and of each client that makes no sense, is nothing that an operator asked
        // for.
        log.getLogger("org.eclipse.jetty").setLevel(Level.ERROR);

        Logger root = log.getLogger(Logger.ROOT_LOGGER_NAME);
        root.setLevel(Level.INFO);
        root.addAppender(appender);
        return ExecutionStatus.DO_NOT_INVOKE_NEXT_IF_ANY;
    }
}
