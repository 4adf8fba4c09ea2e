package org.proxymachine.cli;

import ch.qos.logback.classic.LoggerContext;
import java.io.FileDescriptor;
import java.io.FileOutputStream;
import java.io.IOException;
import java.io.OutputStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.Locale;
import java.util.Map;
import java.util.function.Supplier;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;
import org.proxymachine.observe.LogConfigurator;
import org.proxymachine.observe.StandardStreams;
import org.proxymachine.route.RoutingException;
import org.proxymachine.script.ScriptLoader;
import org.slf4j.LoggerFactory;
import picocli.CommandLine;
import picocli.CommandLine.ParameterException;

/** Where the process starts, and the one place where it ends. */
public final class Main {
    private static final LastWords LAST_WORDS = new LastWords();

    // Made now, for then there is no memory left to make them of.
    private static final Runnable FLUSH = Main::flush;
    private static final Runnable COMPLAIN_OF_MEMORY = Main::complainOfMemory;
    private static final byte[] OUT_OF_MEMORY =
            "proxymachine: out of memory: ended, as what was under way is lost; -Xmx in JAVA_OPTS allows more\n"
                    .getBytes(StandardCharsets.US_ASCII);
    private static final Pattern CONTROL = Pattern.compile("\\p{Cntrl}");
    private static final OutputStream STDERR = new FileOutputStream(FileDescriptor.err);

    /** What else the program does than being a daemon, by the first word of its command line. */
    private static final Map<String, Supplier<Object>> COMMANDS = new LinkedHashMap<>();

    /** Those of them that ask another process, and need no script here. */
    private static final Map<String, Supplier<Object>> REMOTE_COMMANDS = new LinkedHashMap<>();

    static {
        REMOTE_COMMANDS.put("status", StatusCommand::new);
        REMOTE_COMMANDS.put("sessions", SessionsCommand::new);
        REMOTE_COMMANDS.put("reload", ReloadCommand::new);
        REMOTE_COMMANDS.put("drain", DrainCommand::new);
        COMMANDS.put("check", CheckCommand::new);
        COMMANDS.put("try", TryCommand::new);
        COMMANDS.put("test", TestCommand::new);
        COMMANDS.putAll(REMOTE_COMMANDS);
    }

    private Main() {}

    /** Runs the command and exits with its code. */
    public static void main(String[] arguments) {
        StandardStreams.install();
        // Before anything is written: a locale may have other digits and another case.
        Locale.setDefault(Locale.ROOT);
        LAST_WORDS.start();
        Thread.setDefaultUncaughtExceptionHandler(new UncaughtErrors());
        if (arguments.length == 0 || !REMOTE_COMMANDS.containsKey(arguments[0])) {
            // Needed in nearly every run, and slow: it begins while the command line is read.
            ScriptLoader.prepare();
        }
        CommandLine commandLine = arguments.length > 0 ? command(arguments[0]) : null;
        if (commandLine != null) {
            // What they print is for programs, too: the log must not stand between.
            System.setProperty(LogConfigurator.STDERR_PROPERTY, "true");
            exit(printed(execute(commandLine, Arrays.copyOfRange(arguments, 1, arguments.length))));
        }
        // For the help only: each costs the daemon's start some milliseconds.
        boolean needsCommands = Arrays.asList(arguments).contains("--help");
        exit(execute(needsCommands ? withCommands() : new CommandLine(new ProxyMachineCommand()), arguments));
    }

    /** Returns the whole command line, whose commands are known to it. */
    static CommandLine withCommands() {
        CommandLine commandLine = new CommandLine(new ProxyMachineCommand());
        COMMANDS.forEach((name, command) -> commandLine.addSubcommand(name, command.get()));
        return commandLine;
    }

    private static @Nullable CommandLine command(String name) {
        Supplier<Object> command = COMMANDS.get(name);
        return command == null ? null : new CommandLine(command.get()).setCommandName("proxymachine " + name);
    }

    static int execute(CommandLine commandLine, String... arguments) {
        String problem = ArgumentFiles.problem(arguments);
        if (problem != null) {
            complain(problem + " (see --help)");
            return ExitCode.USAGE;
        }
        return commandLine
                .setParameterExceptionHandler(Main::usageError)
                .setExecutionExceptionHandler((e, command, parsed) -> {
                    if (e instanceof RoutingException) {
                        complain(String.valueOf(e.getMessage()));
                        return ExitCode.SCRIPT;
                    }
                    complain("unexpected: " + e);
                    trace(e);
                    return ExitCode.FAILED;
                })
                .execute(arguments);
    }

    /** Returns this code, unless a file or a device did not take what was printed. Who reads a pipe may leave early. */
    private static int printed(int code) {
        if (!System.out.checkError() || isPipe()) {
            return code;
        }
        complain("the standard output cannot be written; what was printed is not complete");
        return code == 0 ? ExitCode.FAILED : code;
    }

    private static boolean isPipe() {
        try {
            return Files.readSymbolicLink(Path.of("/proc/self/fd/1")).toString().startsWith("pipe:");
        } catch (IOException e) {
            return false;
        }
    }

    private static int usageError(ParameterException e, String[] arguments) {
        String message = String.valueOf(e.getMessage()).lines().findFirst().orElse("");
        // What a terminal would follow.
        complain(CONTROL.matcher(message).replaceAll("?") + " (see --help)");
        return ExitCode.USAGE;
    }

    /** Says what is wrong, on one line of the standard error. */
    static void complain(String problem) {
        StandardStreams.ERR.println("proxymachine: " + problem);
    }

    static void trace(Throwable cause) {
        cause.printStackTrace(StandardStreams.ERR);
    }

    /** Ends the process once the log is written, or nobody reads it. */
    static void exit(int code) {
        LAST_WORDS.say(FLUSH);
        // Not exit: its hooks could wait for the blocked log.
        Runtime.getRuntime().halt(code);
    }

    /** Ends the process for want of memory, of which this takes none. */
    static void exhausted() {
        try {
            LAST_WORDS.say(COMPLAIN_OF_MEMORY);
        } finally {
            // Whatever became of the line.
            Runtime.getRuntime().halt(ExitCode.EXHAUSTED);
        }
    }

    private static void complainOfMemory() {
        try {
            STDERR.write(OUT_OF_MEMORY);
            flush();
        } catch (IOException | OutOfMemoryError e) {
            // What could be said was.
        }
    }

    // On a thread of its own: any of these may wait for ever for somebody to read.
    private static void flush() {
        ((LoggerContext) LoggerFactory.getILoggerFactory()).stop();
        StandardStreams.OUT.flush();
        StandardStreams.ERR.flush();
    }
}
