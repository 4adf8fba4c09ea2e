package org.proxymachine.cli;

import ch.qos.logback.classic.LoggerContext;
import org.proxymachine.script.ScriptLoader;
import org.slf4j.LoggerFactory;
import picocli.CommandLine;
import picocli.CommandLine.ParameterException;

/** Where the process starts, and the one place where it ends. */
public final class Main {
    /** What a log pipe that nobody reads may hold up the end of the process. */
    private static final long LAST_WORDS_MILLIS = 2_000;

    private Main() {}

    /** Runs the command and exits with its code. */
    public static void main(String[] arguments) {
        // Needed in nearly every run, and slow: it begins while the command line is read.
        ScriptLoader.prepare();
        CommandLine commandLine = new CommandLine(new ProxyMachineCommand())
                .setParameterExceptionHandler(Main::usageError)
                .setExecutionExceptionHandler((e, command, parsed) -> {
                    complain("unexpected: " + e);
                    trace(e);
                    return ExitCode.FAILED;
                });
        exit(commandLine.execute(arguments));
    }

    private static int usageError(ParameterException e, String[] arguments) {
        String message = String.valueOf(e.getMessage()).lines().findFirst().orElse("");
        complain(message + " (see --help)");
        return ExitCode.USAGE;
    }

    /** Says what is wrong, on one line of the standard error. */
    static void complain(String problem) {
        System.err.println("proxymachine: " + problem);
    }

    static void trace(Throwable cause) {
        cause.printStackTrace();
    }

    /** Ends the process once the log is written, or nobody reads it. */
    static void exit(int code) {
        Thread flush = new Thread(Main::flush, "log-flush");
        flush.setDaemon(true);
        flush.start();
        try {
            flush.join(LAST_WORDS_MILLIS);
        } catch (InterruptedException e) {
            // Ending anyway.
        }
        // Not exit: its hooks could wait for the blocked log.
        Runtime.getRuntime().halt(code);
    }

    // On a thread of its own: any of these may wait for ever for somebody to read.
    private static void flush() {
        ((LoggerContext) LoggerFactory.getILoggerFactory()).stop();
        System.out.flush();
        System.err.flush();
    }
}
