package org.proxymachine.observe;

import java.io.IOException;
import java.io.OutputStream;
import java.nio.ByteBuffer;
import java.util.List;
import java.util.concurrent.TimeUnit;

/**
 * The system's log, by way of logger(1), which sends each line of its input to /dev/log.
 *
 * <p>That is where rsyslog and systemd-journald listen on a Debian as it is installed. It is a datagram socket, and of
 * unix sockets the JDK has streams only (JEP 380). Logback's SyslogAppender sends UDP to port 514, where nobody listens
 * unless imudp was configured, and where what is lost is not noticed. logger(1) is in bsdutils, which is essential, finds
 * its way back when the daemon was restarted, and ends with its input, so with this process.
 */
final class AccessSyslog implements AccessSink {
    /** A line of 128 escaped chars of tag and some addresses is longer than the 1 KiB that logger(1) cuts at. */
    private static final String LINE_BYTES = "8192";

    private static final long RESTART_INTERVAL_NANOS = TimeUnit.SECONDS.toNanos(1);

    private final List<String> command;
    private Process logger;
    private long startedNanos;

    /** @throws IOException in one line, if there is no logger(1) */
    AccessSyslog() throws IOException {
        this(List.of(
                "logger",
                "--tag=proxymachine",
                "--id=" + ProcessHandle.current().pid(),
                "--priority=daemon.info",
                "--size=" + LINE_BYTES));
    }

    AccessSyslog(List<String> command) throws IOException {
        this.command = List.copyOf(command);
        this.logger = start(this.command);
        this.startedNanos = System.nanoTime();
    }

    private static Process start(List<String> command) throws IOException {
        // What it complains of, such as that there is no /dev/log, goes to our own standard error.
        return new ProcessBuilder(command)
                .redirectOutput(ProcessBuilder.Redirect.DISCARD)
                .redirectError(ProcessBuilder.Redirect.INHERIT)
                .start();
    }

    @Override
    public void write(ByteBuffer lines) throws IOException {
        if (!logger.isAlive()) {
            restart();
        }
        byte[] bytes = new byte[lines.remaining()];
        lines.duplicate().get(bytes);
        OutputStream input = logger.getOutputStream();
        input.write(bytes);
        input.flush();
        lines.position(lines.limit());
    }

    private void restart() throws IOException {
        if (System.nanoTime() - startedNanos < RESTART_INTERVAL_NANOS) {
            throw new IOException(command.get(0) + " has ended with code " + logger.exitValue());
        }
        startedNanos = System.nanoTime();
        logger = start(command);
    }

    @Override
    public void close() throws IOException {
        logger.getOutputStream().close();
        try {
            // It has what was written, and needs a moment to pass it on.
            boolean ended = logger.waitFor(1, TimeUnit.SECONDS);
            if (!ended) {
                logger.destroy();
            }
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
    }
}
