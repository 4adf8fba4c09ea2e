package org.proxymachine;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.Comparator;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Stream;

/** A real program that a test runs: its output goes to a file, and nothing waits for it longer than a minute. */
final class Program implements AutoCloseable {
    private static final long DEADLINE_SECONDS = 60;

    private final Process process;
    private final Path output;

    Program(Map<String, String> environment, Path directory, String... command) throws IOException {
        output = Files.createTempFile("program", ".log");
        ProcessBuilder builder = new ProcessBuilder(command)
                .directory(directory.toFile())
                .redirectErrorStream(true)
                .redirectOutput(output.toFile());
        builder.environment().putAll(environment);
        process = builder.start();
        process.getOutputStream().close();
    }

    /** Runs a program to its end, and returns what it printed. */
    static String run(Path directory, String... command) throws IOException {
        try (Program program = new Program(Map.of(), directory, command)) {
            int code = program.exitCode();
            if (code != 0) {
                throw new AssertionError(Arrays.toString(command) + " exited with " + code + ":\n" + program.output());
            }
            return program.output();
        }
    }

    /** Starts the daemon as a person would. */
    static Program daemon(Map<String, String> environment, String... arguments) throws IOException {
        return daemon(environment, Stream.empty(), arguments);
    }

    /** Starts the daemon with so many open files allowed, and no more by its own wish. */
    static Program daemonWithOpenFiles(int limit, String... arguments) throws IOException {
        return daemon(
                Map.of(), Stream.of("bash", "-c", "ulimit -n \"$0\" && exec \"$@\"", String.valueOf(limit)), arguments);
    }

    /** Starts the daemon by a command that this begins with, such as one that enters a namespace. */
    static Program daemonWithin(List<String> before, Map<String, String> environment, String... arguments)
            throws IOException {
        return daemon(environment, before.stream(), arguments);
    }

    private static Program daemon(Map<String, String> environment, Stream<String> before, String... arguments)
            throws IOException {
        Stream<String> launcher =
                Stream.of(Path.of("bin", "proxymachine").toAbsolutePath().toString());
        String[] command = Stream.of(before, launcher, Stream.of(arguments))
                .flatMap(words -> words)
                .toArray(String[]::new);
        Map<String, String> all = new HashMap<>(environment);
        all.put("JAVA_HOME", System.getProperty("java.home"));
        // Not the cache of the person who runs the tests.
        all.putIfAbsent(
                "XDG_CACHE_HOME",
                Path.of("target", "test-cache").toAbsolutePath().toString());
        return new Program(all, Path.of("").toAbsolutePath(), command);
    }

    /** The port that the daemon's log says it listens on. */
    int port() {
        return Integer.parseInt(await("proxymachine \\S+ routes by .* on \\S+:(\\d+),"));
    }

    /** Waits until this is in the output, and returns its first group. */
    String await(String regex) {
        Pattern pattern = Pattern.compile(regex);
        long deadline = System.nanoTime() + TimeUnit.SECONDS.toNanos(DEADLINE_SECONDS);
        while (System.nanoTime() - deadline < 0) {
            Matcher found = pattern.matcher(output());
            if (found.find()) {
                return found.groupCount() > 0 ? found.group(1) : found.group();
            }
            if (!process.isAlive() && !pattern.matcher(output()).find()) {
                break;
            }
            pause();
        }
        throw new AssertionError("not in the output: " + regex + "\n" + output());
    }

    /** What a program does that has no word for it in its output. */
    interface Condition {
        boolean holds() throws IOException;
    }

    /** Waits until this holds. */
    void await(Condition condition) throws IOException {
        long deadline = System.nanoTime() + TimeUnit.SECONDS.toNanos(DEADLINE_SECONDS);
        while (!condition.holds()) {
            if (!process.isAlive() || System.nanoTime() - deadline > 0) {
                throw new AssertionError("what was waited for did not come:\n" + output());
            }
            pause();
        }
    }

    // The wait for the end of a live process that has a deadline is the one clock that polling a file can have.
    private void pause() {
        try {
            if (process.waitFor(20, TimeUnit.MILLISECONDS)) {
                return;
            }
        } catch (InterruptedException e) {
            throw new AssertionError(e);
        }
    }

    String output() {
        try {
            return Files.readString(output, StandardCharsets.ISO_8859_1);
        } catch (IOException e) {
            throw new AssertionError(e);
        }
    }

    void signal(String name) throws IOException {
        run(Path.of("").toAbsolutePath(), "kill", "-s", name, String.valueOf(process.pid()));
    }

    int exitCode() {
        try {
            if (!process.waitFor(DEADLINE_SECONDS, TimeUnit.SECONDS)) {
                throw new AssertionError("still running:\n" + output());
            }
            return process.exitValue();
        } catch (InterruptedException e) {
            throw new AssertionError(e);
        }
    }

    long pid() {
        return process.pid();
    }

    boolean isAlive() {
        return process.isAlive();
    }

    /** Whether the launcher has a child that runs this program. */
    boolean hasChild(String program) {
        return process.children()
                .anyMatch(child -> child.info().command().orElse("").endsWith("/" + program));
    }

    /** The JVM under the launcher. */
    ProcessHandle child() {
        List<ProcessHandle> children = process.children().toList();
        if (children.isEmpty()) {
            throw new AssertionError("the launcher has no child");
        }
        return children.get(0);
    }

    /** How many files the JVM has open. */
    int openFiles() {
        String[] names =
                Path.of("/proc", String.valueOf(child().pid()), "fd").toFile().list();
        return Objects.requireNonNull(names).length;
    }

    /** From proc(5): user and system time of the loop's thread, in ticks of 10 ms, over a while of the test's. */
    long cpuMillisOfMainThread(long millis) throws IOException, InterruptedException, ExecutionException {
        Path tasks = Path.of("/proc", String.valueOf(child().pid()), "task");
        long before = ticks(tasks);
        try {
            child().onExit().get(millis, TimeUnit.MILLISECONDS);
        } catch (TimeoutException e) {
            // As wanted: it lives.
        }
        return (ticks(tasks) - before) * 10;
    }

    /** From proc(5): user and system time of the whole JVM so far. */
    long cpuMillis() throws IOException {
        return ticksOf(Path.of("/proc", String.valueOf(child().pid()))) * 10;
    }

    // The main thread of a java process is its second: the first only waits for it.
    private static long ticks(Path tasks) throws IOException {
        try (Stream<Path> threads = Files.list(tasks)) {
            Path main = threads.sorted(Comparator.comparingInt(
                            (Path p) -> Integer.parseInt(p.getFileName().toString())))
                    .skip(1)
                    .findFirst()
                    .orElseThrow();
            return ticksOf(main);
        }
    }

    private static long ticksOf(Path process) throws IOException {
        String stat = Files.readString(process.resolve("stat"));
        String[] fields = stat.substring(stat.lastIndexOf(')') + 2).split(" ", -1);
        return Long.parseLong(fields[11]) + Long.parseLong(fields[12]);
    }

    void killLauncher() {
        process.destroyForcibly();
    }

    @Override
    public void close() throws IOException {
        process.descendants().forEach(ProcessHandle::destroyForcibly);
        process.destroyForcibly();
        Files.deleteIfExists(output);
    }
}
