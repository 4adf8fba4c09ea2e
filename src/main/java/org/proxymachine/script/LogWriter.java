package org.proxymachine.script;

import java.io.Writer;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Where a script's {@code println} goes: the log, a line each. Standard output itself may be a pipe that nobody reads,
 * and a write to it would then hold up the reactor.
 */
final class LogWriter extends Writer {
    private static final Logger LOG = LoggerFactory.getLogger(RoutingScript.LOGGER);
    private static final int MAX_LINE = 8_192;

    private final StringBuilder line = new StringBuilder();

    @Override
    public void write(char[] buffer, int offset, int length) {
        synchronized (line) {
            for (int i = offset; i < offset + length; i++) {
                if (buffer[i] == '\n' || line.length() == MAX_LINE) {
                    LOG.info("{}", line);
                    line.setLength(0);
                }
                if (buffer[i] != '\n') {
                    line.append(buffer[i]);
                }
            }
        }
    }

    @Override
    public void flush() {
        // A line goes out with its end: print without one waits for it.
    }

    @Override
    public void close() {}
}
