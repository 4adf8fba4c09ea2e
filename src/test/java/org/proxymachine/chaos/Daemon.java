package org.proxymachine.chaos;

import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.Socket;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Collection;
import java.util.List;
import java.util.Map;
import java.util.concurrent.TimeUnit;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Collectors;
import java.util.stream.Stream;

/** The daemon that a run is about, as a process of its own, with its log, its access log and its admin endpoint. */
final class Daemon implements AutoCloseable {
    private static final long START_SECONDS = 300;
    private static final Pattern LISTENS = Pattern.compile("proxymachine \\S+ routes by .* on \\S+:(\\d+)[ ,]");
    private static final Pattern ADMIN = Pattern.compile("admin endpoint .*?:(\\d+)");

    /** What a client of the admin endpoint waits for at most, and the most that the daemon may take to do as it is told. */
    static final int ANSWER_MILLIS = 10_000;

    private final Path directory;
    private final Process process;
    private final Path log;
    private final String script;
    private final int port;
    private final int admin;

    Daemon(Path directory, String script, Map<String, String> environment) throws Exception {
        this.directory = directory;
        this.script = script;
        this.log = directory.resolve("log");
        Files.createDirectories(records());
        Files.writeString(scriptFile(), script);
        List<String> command = new ArrayList<>(List.of(
                Path.of("bin/proxymachine").toAbsolutePath().toString(),
                "-c",
                scriptFile().toString()));
        command.addAll(List.of("-h", "127.0.0.1", "-p", "0", "-q", "--admin", "0", "--route-timeout", "20"));
        command.addAll(List.of(
                "--access-log", accessLog().toString(), "--record", records().toString()));
        command.addAll(List.of("--record-last", "50"));
        ProcessBuilder builder =
                new ProcessBuilder(command).redirectErrorStream(true).redirectOutput(log.toFile());
        builder.environment().put("JAVA_HOME", System.getProperty("java.home"));
        builder.environment().put("XDG_CACHE_HOME", directory.resolve("cache").toString());
        // What is softly reachable goes at each collection, so that the heap after one can be compared.
        builder.environment().put("JAVA_OPTS", "-Xmx128m -XX:SoftRefLRUPolicyMSPerMB=0");
        builder.environment().putAll(environment);
        process = builder.start();
        process.getOutputStream().close();
        port = Integer.parseInt(await(LISTENS));
        admin = Integer.parseInt(await(ADMIN));
    }

    private String await(Pattern pattern) throws Exception {
        long deadline = System.nanoTime() + TimeUnit.SECONDS.toNanos(START_SECONDS);
        while (true) {
            Matcher found = pattern.matcher(log());
            if (found.find()) {
                return found.group(1);
            }
            if (System.nanoTime() - deadline > 0 || process.waitFor(20, TimeUnit.MILLISECONDS)) {
                throw new AssertionError("the log has no " + pattern + ":\n" + log());
            }
        }
    }

    InetSocketAddress address() {
        return new InetSocketAddress(InetAddress.getLoopbackAddress(), port);
    }

    InetSocketAddress admin() {
        return new InetSocketAddress(InetAddress.getLoopbackAddress(), admin);
    }

    Path scriptFile() {
        return directory.resolve("router.groovy");
    }

    /** The script that it began with, which is right. */
    String script() {
        return script;
    }

    Path accessLog() {
        return directory.resolve("access.log");
    }

    Path records() {
        return directory.resolve("records");
    }

    Path file(String name) {
        return directory.resolve(name);
    }

    String log() throws IOException {
        return new String(Files.readAllBytes(log), StandardCharsets.ISO_8859_1);
    }

    /** The end of its log, without what it says of single sessions, for a message. */
    String lastWords() throws IOException {
        List<String> lines =
                log().lines().filter(line -> !line.contains(" session id=")).toList();
        return String.join("\n", lines.subList(Math.max(0, lines.size() - 20), lines.size()));
    }

    /** What its log and its access log say of those whom these begin with. */
    String saidOf(Collection<String> clients) throws IOException {
        List<String> names =
                clients.stream().map(client -> client.replaceAll(" .*", "")).toList();
        return Stream.concat(log().lines(), Files.readString(accessLog()).lines())
                .filter(line -> names.stream().anyMatch(name -> (line + " ").contains("=" + name + " ")))
                .limit(30)
                .collect(Collectors.joining("\n"));
    }

    boolean isAlive() {
        return process.isAlive();
    }

    /** The JVM, which is the launcher's child. */
    long jvm() {
        return process.children()
                .findFirst()
                .orElseThrow(() -> new AssertionError("the launcher has no child"))
                .pid();
    }

    /** Sends the process to signal a signal. */
    void signal(String name) throws Exception {
        run("kill", "-s", name, String.valueOf(process.pid()));
    }

    /** Sends the JVM one. */
    void signalJvm(String name) throws Exception {
        run("kill", "-s", name, String.valueOf(jvm()));
    }

    /** Waits until its log has this once more than it had. */
    void awaitMore(String words, int before) throws Exception {
        long deadline = System.nanoTime() + TimeUnit.MILLISECONDS.toNanos(ANSWER_MILLIS);
        while (count(words) <= before) {
            if (System.nanoTime() - deadline > 0 || process.waitFor(20, TimeUnit.MILLISECONDS)) {
                throw new AssertionError("the log does not say \"" + words + "\" again:\n" + lastWords());
            }
        }
    }

    int count(String words) throws IOException {
        return log().split(Pattern.quote(words), -1).length - 1;
    }

    /** Lets this time pass, and fails if the daemon ends meanwhile. */
    void hold(Duration time) throws Exception {
        if (process.waitFor(time.toMillis(), TimeUnit.MILLISECONDS)) {
            throw new AssertionError("the daemon has ended with " + process.exitValue() + ":\n" + lastWords());
        }
    }

    /** Asks the admin endpoint. */
    String ask(String path) throws IOException {
        try (Socket socket = new Socket()) {
            socket.connect(admin(), ANSWER_MILLIS);
            socket.setSoTimeout(ANSWER_MILLIS);
            socket.getOutputStream()
                    .write(("GET " + path + " HTTP/1.1\r\nHost: localhost\r\nConnection: close\r\n\r\n")
                            .getBytes(StandardCharsets.ISO_8859_1));
            return new String(socket.getInputStream().readAllBytes(), StandardCharsets.ISO_8859_1);
        }
    }

    /** Runs a program to its end, and returns what it printed. */
    static String run(String... command) throws Exception {
        Process process = new ProcessBuilder(command).redirectErrorStream(true).start();
        process.getOutputStream().close();
        String output = new String(process.getInputStream().readAllBytes(), StandardCharsets.ISO_8859_1);
        if (process.waitFor() != 0) {
            throw new AssertionError(String.join(" ", command) + " exited with " + process.exitValue() + ": " + output);
        }
        return output;
    }

    /** Has it drain, and returns its exit code. */
    int drain() throws Exception {
        signal("QUIT");
        if (!process.waitFor(60, TimeUnit.SECONDS)) {
            throw new AssertionError("it does not drain:\n" + lastWords());
        }
        return process.exitValue();
    }

    @Override
    public void close() {
        process.descendants().forEach(ProcessHandle::destroyForcibly);
        process.destroyForcibly().onExit().join();
    }
}
