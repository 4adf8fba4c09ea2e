package org.proxymachine;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.IOException;
import java.net.ConnectException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.ServerSocket;
import java.net.Socket;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.concurrent.TimeUnit;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** The daemon as a process: what a person at a terminal, or an init script, does with it. */
class DaemonIT {
    private static final String ECHO = "proxy { data -> data.endsWith('!') ? [close: '%s'] : null }";

    @TempDir
    Path directory;

    private Path script(String text) throws IOException {
        return Files.writeString(directory.resolve("router.groovy"), text);
    }

    private Program daemon(String text, String... more) throws IOException {
        String[] arguments = new String[more.length + 4];
        arguments[0] = "-c";
        arguments[1] = script(text).toString();
        arguments[2] = "-p";
        arguments[3] = "0";
        System.arraycopy(more, 0, arguments, 4, more.length);
        return Program.daemon(Map.of(), arguments);
    }

    private static Connection connect(Program daemon) throws IOException {
        return new Connection(new InetSocketAddress(InetAddress.getLoopbackAddress(), daemon.port()));
    }

    @Test
    void shouldDrainOnQuitAndExitWith0WithoutAThreadDump() throws IOException {
        try (Program daemon = daemon(ECHO.formatted("served"));
                Connection client = connect(daemon)) {
            client.send("x");
            // The kernel has accepted it: it must be served even if the signal is seen first.
            daemon.signal("QUIT");
            daemon.await("stopping: no new connections");
            assertRefusedSoon(daemon);
            assertThat(daemon.isAlive()).isTrue();
            assertThat(client.send("!").receiveAll()).isEqualTo("served");
            client.leave();
            assertThat(daemon.exitCode()).isZero();
            assertThat(daemon.output())
                    .doesNotContain("Full thread dump")
                    .containsPattern("session id=1 client=127.0.0.1:\\d+ backend=- reason=script-close up=2 down=6 ")
                    .contains("stopped, all connections served");
        }
    }

    private static void assertRefusedSoon(Program daemon) throws IOException {
        // By the clock, not by the number of tries, which a machine with much to do uses up before the loop has its
        // turn.
        long deadline = System.nanoTime() + Backend.DEADLINE_MILLIS * 1_000_000L;
        while (System.nanoTime() - deadline < 0) {
            try (Connection late = connect(daemon)) {
                late.leave();
            } catch (ConnectException e) {
                return;
            }
        }
        throw new AssertionError("still accepting");
    }

    @Test
    void shouldCutOnTermAfterItsTimeoutAndExitWith1() throws IOException {
        try (Program daemon = daemon(ECHO.formatted("x"), "--shutdown-timeout", "300ms");
                Connection client = connect(daemon)) {
            client.send("x");
            long start = System.nanoTime();
            daemon.signal("TERM");
            assertThat(client.receiveAll()).isEmpty();
            assertThat(Duration.ofNanos(System.nanoTime() - start)).isGreaterThan(Duration.ofMillis(290));
            assertThat(daemon.exitCode()).isEqualTo(1);
            assertThat(daemon.output()).contains("reason=shutdown").contains("stopped, 1 connections cut");
        }
    }

    @Test
    void shouldCutAtOnceOnASecondTermOrInt() throws IOException {
        try (Program daemon = daemon(ECHO.formatted("x"), "--shutdown-timeout", "1h");
                Connection client = connect(daemon)) {
            client.send("x");
            daemon.signal("TERM");
            daemon.await("stopping: no new connections");
            daemon.signal("INT");
            assertThat(client.receiveAll()).isEmpty();
            assertThat(daemon.exitCode()).isEqualTo(1);
        }
    }

    @Test
    void shouldReloadOnHupAndKeepTheOldScriptWhereTheNewOneIsBroken() throws IOException {
        try (Program daemon = daemon(ECHO.formatted("one"))) {
            try (Connection client = connect(daemon)) {
                assertThat(client.send("!").receiveAll()).isEqualTo("one");
            }
            script(ECHO.formatted("two"));
            daemon.signal("HUP");
            daemon.await("reloaded .*router.groovy in \\d+ ms");
            try (Connection client = connect(daemon)) {
                assertThat(client.send("!").receiveAll()).isEqualTo("two");
            }
            script("proxy { data ->\n  [remote: 'x\n}");
            daemon.signal("HUP");
            daemon.await("ERROR proxymachine not reloaded, the old script stays in force: router.groovy:2:\\d+: ");
            try (Connection client = connect(daemon)) {
                assertThat(client.send("!").receiveAll()).isEqualTo("two");
            }
            daemon.signal("QUIT");
            assertThat(daemon.exitCode()).isZero();
        }
    }

    @Test
    void shouldWriteTheLinePerSessionToTheAccessLogAndOpenItAnewOnHup() throws IOException {
        Path access = directory.resolve("access.log");
        Path moved = directory.resolve("access.log.1");
        try (Program daemon = daemon(ECHO.formatted("x"), "--access-log", access.toString())) {
            try (Connection client = connect(daemon)) {
                assertThat(client.send("!").receiveAll()).isEqualTo("x");
            }
            Files.move(access, moved);
            daemon.signal("HUP");
            daemon.await("reloaded ");
            while (!Files.exists(access)) {
                Thread.onSpinWait();
            }
            try (Connection client = connect(daemon)) {
                assertThat(client.send("!").receiveAll()).isEqualTo("x");
            }
            daemon.signal("QUIT");
            assertThat(daemon.exitCode()).isZero();
            assertThat(daemon.output()).doesNotContain("reason=");
        }
        assertThat(Files.readString(moved)).hasLineCount(1).contains(" id=1 ", " reason=script-close ");
        assertThat(Files.readString(access)).hasLineCount(1).contains(" id=2 ", " bytes_read=1 bytes_uploaded=1 ");
    }

    @Test
    void shouldNotLoadTheCompilerWhereTheScriptIsInTheCache() throws IOException {
        Path cache = directory.resolve("cache");
        for (boolean compiles : new boolean[] {true, false}) {
            Path classes = directory.resolve("classes");
            Map<String, String> environment = Map.of("JAVA_OPTS", "-Xlog:class+load:file=" + classes);
            try (Program daemon = Program.daemon(
                            environment,
                            "-c",
                            script(ECHO.formatted("x")).toString(),
                            "-p",
                            "0",
                            "--cache",
                            cache.toString());
                    Connection client = connect(daemon)) {
                assertThat(client.send("!").receiveAll()).isEqualTo("x");
                daemon.signal("TERM");
                assertThat(daemon.exitCode()).isZero();
            }
            assertThat(Files.readString(classes).contains(" org.codehaus.groovy.control.CompilationUnit "))
                    .isEqualTo(compiles);
        }
    }

    @Test
    void shouldWarnAndCompileWhereOthersCouldWriteToTheCache() throws IOException {
        Path cache = Files.createDirectory(directory.resolve("cache"));
        Files.setPosixFilePermissions(cache, PosixFilePermissions.fromString("rwxrwxrwx"));
        try (Program daemon = daemon(ECHO.formatted("x"), "--cache", cache.toString())) {
            daemon.port();
            assertThat(daemon.await("WARN .*"))
                    .endsWith("the script is compiled, as the cache cannot be trusted: " + cache
                            + " can be written by others (mode 777)");
            assertThat(cache).isEmptyDirectory();
        }
        try (Program daemon = daemon(ECHO.formatted("x"), "--cache", cache.toString(), "--no-cache")) {
            daemon.port();
            assertThat(daemon.output()).doesNotContain("WARN");
        }
    }

    @Test
    void shouldHoldASignalThatComesBeforeItHasStarted() throws IOException {
        try (Program daemon = daemon(ECHO.formatted("x"))) {
            while (!daemon.hasChild("java")) {
                // The launcher traps signals by the time its child is the JVM.
                Thread.onSpinWait();
            }
            daemon.signal("QUIT");
            assertThat(daemon.exitCode()).isZero();
            assertThat(daemon.output()).contains("stopped").doesNotContain("Full thread dump");
        }
    }

    @Test
    void shouldDeliverEachOfSeveralSignalsThatComeBeforeItHasStarted() throws IOException {
        try (Program daemon = daemon(ECHO.formatted("x"))) {
            while (!daemon.hasChild("java")) {
                Thread.onSpinWait();
            }
            daemon.signal("QUIT");
            daemon.signal("HUP");
            assertThat(daemon.exitCode()).isZero();
        }
    }

    @Test
    void shouldLeaveNoOrphanWhenTheLauncherIsKilled() throws Exception {
        try (Program daemon = daemon(ECHO.formatted("x"))) {
            daemon.port();
            ProcessHandle jvm = daemon.child();
            daemon.killLauncher();
            jvm.onExit().get(30, TimeUnit.SECONDS);
            assertThat(jvm.isAlive()).isFalse();
        }
    }

    @Test
    void shouldReportAStuckScriptWithItsLineAndClient() throws IOException {
        try (Program daemon = daemon("""
                proxy { data ->
                    def end = System.nanoTime() + 2_000_000_000L
                    while (System.nanoTime() - end < 0) { }
                    [close: 'late']
                }""");
                Connection client = connect(daemon)) {
            // Its rehearsal took two seconds as well, and that alone is no report.
            assertThat(client.send("x").receiveAll()).isEqualTo("late");
            daemon.await(
                    "WARN +proxymachine stuck for 1\\.\\d+ s, and every connection with it, at router.groovy:3, client 127.0.0.1:\\d+");
        }
    }

    @Test
    void shouldPrintWhatAScriptPrintsAndForgeNoLine() throws IOException {
        try (Program daemon = daemon("""
                println 'loaded'
                proxy { data -> log.warn('got ' + data); println(data); [close: true] }""");
                Connection client = connect(daemon)) {
            client.send("a\r\n2026-01-01 00:00:00.000 INFO  forged\u001b[31m!").receiveAll();
            daemon.await("INFO  script loaded");
            daemon.await("WARN  script got a\\\\r\\\\n2026-01-01 00:00:00.000 INFO  forged\\\\x1b\\[31m!");
            assertThat(daemon.output().lines()).noneMatch(line -> line.startsWith("2026-01-01"));
        }
    }

    @Test
    void shouldForgeNoLineByAnythingThatScriptsOrClientsName() throws IOException {
        String script = script("""
                import java.util.concurrent.CompletableFuture
                def forged = '\\n2026-01-01 00:00:00.000 INFO  forged'
                def answers = [
                    key: [(forged): 1], remote: [remote: "a${forged}:80"], path: [remote: "unix:/${forged}"],
                    type: [remote: 'a:1', retries: forged], unresolved: [remote: "\u0085\u2028nobody.invalid:80"],
                    error: [remote: 'unix:/nowhere', retries: 0]]
                proxy { data ->
                    if (data == 'throw') throw new IOException(forged)
                    if (data == 'future') return CompletableFuture.supplyAsync { throw new IOException(forged) }
                    if (data == 'refuse') return [close: refuse(forged)]
                    answers[data] ?: [close: true]
                }
                proxy_connect_error { remote, conn, error -> log.warn("$error$forged"); [(forged): remote] }""").toString();
        try (Program daemon = Program.daemon(Map.of(), "-v", "-c", script, "-h", "127.0.0.1", "-p", "0")) {
            daemon.port();
            String[] inputs = "key,remote,path,type,unresolved,error,throw,future,refuse".split(",", -1);
            for (String input : inputs) {
                try (Connection client = connect(daemon)) {
                    client.send(input).receiveAll();
                }
            }
            for (int i = 1; i <= inputs.length; i++) {
                daemon.await("session id=" + i + " .*reason=");
            }
            assertThat(daemon.output()).contains("forged");
            assertThat(daemon.output().lines()).noneMatch(line -> line.startsWith("2026-01-01"));
        }
    }

    @ParameterizedTest
    @CsvSource({"TERM, 1", "TERM+TERM, 60", "INT+TERM, 60"})
    void shouldCutSessionsInEveryState(String signals, String patience) throws IOException {
        try (Backend backend = Backend.echo()) {
            cutSessionsInEveryState(signals, patience, backend);
        }
    }

    private void cutSessionsInEveryState(String signals, String patience, Backend backend) throws IOException {
        String script =
                script("""
                import java.util.concurrent.CompletableFuture
                proxy { data ->
                    switch (data) {
                        case 'unrouted': return null
                        case 'asking': return new CompletableFuture()
                        case 'connecting': return [remote: '127.0.0.1:%d', retries: 1, retry_delay: 600]
                        case 'flushing': return [close: 'x' * 50_000_000]
                        default: return [remote: '127.0.0.1:%d']
                    }
                }""".formatted(Backend.deadPort(), backend.port())).toString();
        List<Connection> clients = new ArrayList<>();
        try (Program daemon = Program.daemon(
                Map.of(), "-v", "-c", script, "-h", "127.0.0.1", "-p", "0", "--shutdown-timeout", patience)) {
            for (String client : "unrouted,asking,connecting,flushing,spliced".split(",", -1)) {
                clients.add(connect(daemon).send(client));
            }
            for (String state : "PREREAD -> ROUTING,-> CONNECTING,-> FLUSHING,-> SPLICING".split(",", -1)) {
                daemon.await(state);
            }
            for (String signal : signals.split("\\+", -1)) {
                daemon.signal(signal);
            }
            assertThat(daemon.exitCode()).isEqualTo(1);
            assertThat(daemon.output()).contains("stopped, 5 connections cut");
            assertThat(daemon.output().lines().filter(line -> line.contains("reason=shutdown")))
                    .hasSize(5);
        } finally {
            for (Connection each : clients) {
                each.close();
            }
        }
    }

    @Test
    void shouldUnderstandTheSystemsErrorsInWhicheverLanguageItsUserReads() throws IOException {
        String script = script("""
                log.info("messages in ${System.getenv('LC_MESSAGES')}, all in ${System.getenv('LC_ALL')}")
                proxy { data -> [remote: '127.0.0.1:%d', retries: 0] }""".formatted(Backend.deadPort())).toString();
        try (Program daemon = Program.daemon(Map.of("LC_ALL", "C.UTF-8"), "-c", script, "-h", "127.0.0.1", "-p", "0");
                Connection client = connect(daemon)) {
            client.send("x").receiveAll();
            daemon.await("reason=connect-refused");
            daemon.await("messages in null, all in C.UTF-8");
        }
    }

    @Test
    void shouldWriteTheLogThatAnotherConfigurationAsksFor() throws IOException {
        Path log = directory.resolve("elsewhere.log");
        Path configuration = Files.writeString(directory.resolve("logback.xml"), """
                <configuration>
                  <appender name="file" class="ch.qos.logback.core.FileAppender">
                    <file>%s</file>
                    <encoder><pattern>%%logger|%%msg%%n</pattern></encoder>
                  </appender>
                  <root level="INFO"><appender-ref ref="file"/></root>
                </configuration>""".formatted(log));
        Map<String, String> environment = Map.of("JAVA_OPTS", "-Dlogback.configurationFile=" + configuration);
        String script = script(ECHO.formatted("x") + "; log.info('hello'); System.err.println('loaded')")
                .toString();
        try (Program daemon = Program.daemon(environment, "-c", script, "-p", "0")) {
            daemon.await("loaded");
            daemon.signal("TERM");
            assertThat(daemon.exitCode()).isZero();
            assertThat(daemon.output()).isEqualTo("loaded\n");
            assertThat(Files.readString(log)).contains("script|hello\n");
        }
    }

    @Test
    void shouldServeAndEndWhileNobodyReadsItsLog() throws Exception {
        int port = Backend.deadPort();
        ProcessBuilder builder = new ProcessBuilder(
                "bin/proxymachine",
                "-c",
                script(ECHO.formatted("served")).toString(),
                "-p",
                String.valueOf(port),
                "-v");
        builder.environment().put("JAVA_HOME", System.getProperty("java.home"));
        // Its output goes to a pipe of ours, which is full after 64 KiB.
        Process daemon = builder.redirectErrorStream(true).start();
        try {
            InetSocketAddress address = new InetSocketAddress(InetAddress.getLoopbackAddress(), port);
            awaitListening(daemon, address);
            for (int i = 0; i < 4_000; i++) {
                try (Connection client = new Connection(address)) {
                    assertThat(client.send("!").finish().receiveAll()).isEqualTo("served");
                }
            }
            Program.run(Path.of("").toAbsolutePath(), "kill", "-s", "QUIT", String.valueOf(daemon.pid()));
            assertThat(daemon.waitFor(30, TimeUnit.SECONDS)).as("ended").isTrue();
            assertThat(daemon.exitValue()).isZero();
        } finally {
            daemon.descendants().forEach(ProcessHandle::destroyForcibly);
            daemon.destroyForcibly();
        }
    }

    private static void awaitListening(Process daemon, InetSocketAddress address) throws Exception {
        for (int i = 0; i < 600; i++) {
            try (Connection client = new Connection(address)) {
                client.leave();
                return;
            } catch (ConnectException e) {
                assertThat(daemon.waitFor(50, TimeUnit.MILLISECONDS))
                        .as("ended early")
                        .isFalse();
            }
        }
        throw new AssertionError("not listening");
    }

    @Test
    void shouldLogNoLinePerSessionWhereAskedToBeQuiet() throws IOException {
        int dead = Backend.deadPort();
        try (Program daemon = daemon(
                "proxy { data -> data == '!' ? [close: 'x'] : [remote: '127.0.0.1:%d', retries: 0] }".formatted(dead),
                "-q")) {
            try (Connection client = connect(daemon)) {
                assertThat(client.send("!").receiveAll()).isEqualTo("x");
            }
            try (Connection client = connect(daemon)) {
                client.send("y").receiveAll();
            }
            daemon.await("WARN  session id=2 .*Connection refused");
            daemon.signal("QUIT");
            assertThat(daemon.exitCode()).isZero();
            assertThat(daemon.output()).doesNotContain("reason=");
        }
    }

    @Test
    void shouldUseNoCpuWhenIdle() throws Exception {
        try (Program daemon = daemon(ECHO.formatted("x"));
                Connection client = connect(daemon)) {
            client.send("x");
            assertThat(daemon.cpuMillisOfMainThread(2_000)).isLessThanOrEqualTo(20);
        }
    }

    @Test
    void shouldTakeArgumentsFromAFileAndListenOnV6() throws IOException {
        Ipv6.assume();
        Path arguments = Files.writeString(
                directory.resolve("arguments"), "-c " + script(ECHO.formatted("v6")) + "\n-h ::1\n-p 0\n");
        try (Program daemon = Program.daemon(Map.of(), "@" + arguments);
                Connection client = new Connection(new InetSocketAddress(
                        InetAddress.getByAddress(new byte[] {0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 1}),
                        daemon.port()))) {
            assertThat(client.send("!").receiveAll()).isEqualTo("v6");
            assertThatThrownBy(() -> connect(daemon).leave()).isInstanceOf(ConnectException.class);
        }
    }

    @Test
    void shouldSayInOneLineThatThePortIsTakenAndUnloadTheScript() throws IOException {
        Path unloaded = directory.resolve("unloaded");
        String unload = "\nproxy_unload { -> new File('%s') << '.' }".formatted(unloaded);
        try (ServerSocket taken = new ServerSocket(0);
                Program daemon = Program.daemon(
                        Map.of(), "-c", script(ECHO + unload).toString(), "-p", String.valueOf(taken.getLocalPort()))) {
            assertThat(daemon.exitCode()).isEqualTo(1);
            assertThat(daemon.output())
                    .isEqualTo("proxymachine: cannot listen on 0.0.0.0:%d: Address already in use\n"
                            .formatted(taken.getLocalPort()));
            assertThat(unloaded).hasContent(".");
        }
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            value = {
                "-c SCRIPT -p 70000 | 2 | proxymachine: --port: expected a number from 0 to 65535, was 70000 \\(see --help\\)",
                "-c SCRIPT -p x | 2 | proxymachine: Invalid value for option '--port'.*",
                "-c SCRIPT --route-timeout 5x | 2 | proxymachine: .*expected a duration such as 30, 2.5, 500ms, 5m or 1h, of at most 3650d, was \"5x\".*",
                "-c SCRIPT --max-preread 0 | 2 | proxymachine: .*expected a size .*",
                "-c SCRIPT --no-such | 2 | proxymachine: Unknown option: '--no-such'.*",
                "-p 0 | 2 | proxymachine: Missing required option: '--config=FILE'.*",
                "-c MISSING | 3 | proxymachine: .*missing.groovy: no such file",
                "-c DIRECTORY | 3 | proxymachine: .*: is a directory, expected a Groovy script",
                "-c EMPTY | 3 | proxymachine: .*empty.groovy: registers no proxy block, expected .*",
                "-c BROKEN | 3 | proxymachine: broken.groovy:2:\\d+: .*",
                "-c SCRIPT -h no.such.invalid | 1 | proxymachine: cannot listen on no.such.invalid:5432: unknown host.*",
            })
    void shouldSayInOneLineWhatIsWrong(String arguments, int code, String line) throws IOException {
        Files.writeString(directory.resolve("empty.groovy"), "");
        Files.writeString(directory.resolve("broken.groovy"), "proxy { data ->\n  [remote: 'x\n}");
        String[] command = arguments
                .replace("SCRIPT", script(ECHO).toString())
                .replace("MISSING", directory.resolve("missing.groovy").toString())
                .replace("EMPTY", directory.resolve("empty.groovy").toString())
                .replace("BROKEN", directory.resolve("broken.groovy").toString())
                .replace("DIRECTORY", directory.toString())
                .split(" ", -1);
        try (Program daemon = Program.daemon(Map.of(), command)) {
            assertThat(daemon.exitCode()).isEqualTo(code);
            assertThat(daemon.output().strip()).matches(line).hasLineCount(1);
        }
    }

    private static final String SPINNING = """
            proxy { data ->
              while (data.size() > 0);
            }
            """;

    @Test
    void shouldEndByTermAlthoughAScriptSpins() throws IOException {
        endWhileSpinning("TERM", "0.5s", false);
    }

    @Test
    void shouldEndAtOnceByASecondTermAlthoughAScriptSpins() throws IOException {
        endWhileSpinning("TERM", "1h", true);
    }

    private void endWhileSpinning(String signal, String patience, boolean again) throws IOException {
        Path directory = Files.createTempDirectory("spinning");
        Path script = Files.writeString(directory.resolve("spinning.groovy"), SPINNING);
        List<String> left = List.of("daemon.pid", "daemon.sock", "admin.sock");
        try (Program daemon = Program.daemon(
                        Map.of(),
                        "-c",
                        script.toString(),
                        "--listen",
                        "127.0.0.1:0",
                        "--listen",
                        "unix:" + directory.resolve("daemon.sock"),
                        "--admin",
                        "unix:" + directory.resolve("admin.sock"),
                        "--shutdown-timeout",
                        patience,
                        "--no-cache",
                        "--access-log",
                        directory.resolve("access.log").toString(),
                        "--record",
                        directory.resolve("cases").toString(),
                        "--pid-file",
                        directory.resolve("daemon.pid").toString());
                Connection waiting =
                        new Connection(new InetSocketAddress(InetAddress.getLoopbackAddress(), daemon.port()));
                Connection client =
                        new Connection(new InetSocketAddress(InetAddress.getLoopbackAddress(), daemon.port()))) {
            client.send("x");
            daemon.await("stuck for .* at .*:2");
            assertThat(left).allMatch(each -> Files.exists(directory.resolve(each)));
            daemon.signal("QUIT");
            daemon.await("stuck, so the drain waits: the loop is at .*:2");
            daemon.signal(signal);
            if (again) {
                daemon.await("stopping: no new connections[^|]*stopping: no new connections");
                daemon.signal(signal);
            }
            assertThat(daemon.exitCode()).isEqualTo(1);
            assertThat(daemon.output())
                    .containsPattern("stopped although the loop is stuck at .*:2.*, 2 connections cut");
            assertThat(Files.readString(directory.resolve("access.log")).lines())
                    .as("%s", waiting)
                    .hasSize(2)
                    .allMatch(line -> line.contains(" bytes_read=0 bytes_uploaded="))
                    .allMatch(line -> line.contains(" reason=shutdown "))
                    // Until the end, of which the loop was stuck for a second at least.
                    .allMatch(line -> line.matches(".* Tt=[0-9]{4,} .*"))
                    .anyMatch(line -> line.contains(" bytes_uploaded=0 "))
                    .anyMatch(line -> line.contains(" bytes_uploaded=1 "));
            assertThat(left).noneMatch(each -> Files.exists(directory.resolve(each)));
        } finally {
            Program.run(directory, "rm", "-r", directory.toString());
        }
    }

    @Test
    void shouldGiveAnUnloadItsTimeAfterATermWhoseOwnIsShorter() throws IOException {
        String slow = "proxy { data -> null }\nproxy_unload { -> Thread.sleep(2500); log.info('unloaded whole') }";
        try (Program daemon = Program.daemon(
                Map.of(), "-c", script(slow).toString(), "-h", "127.0.0.1", "-p", "0", "--shutdown-timeout", "0.2")) {
            daemon.port();
            daemon.signal("TERM");
            assertThat(daemon.exitCode()).isZero();
            assertThat(daemon.output())
                    .contains("unloaded whole", "stopped, all connections served")
                    .doesNotContain("stuck");
        }
    }

    @Test
    void shouldEndAtOnceByASecondTermAlthoughAnUnloadHangs() throws IOException {
        String hanging = "proxy { data -> null }\nproxy_unload { -> log.info('unloading'); Thread.sleep(60000) }";
        try (Program daemon = Program.daemon(
                Map.of(), "-c", script(hanging).toString(), "-h", "127.0.0.1", "-p", "0", "--shutdown-timeout", "1h")) {
            daemon.port();
            daemon.signal("TERM");
            daemon.await("script unloading");
            daemon.signal("TERM");
            assertThat(daemon.exitCode()).isEqualTo(1);
            assertThat(daemon.output())
                    .contains("stopped although proxy_unload has not returned")
                    .doesNotContain("within 5 s");
        }
    }

    @Test
    void shouldSayOnOneLineThatThereIsNoIpv6() throws IOException {
        Path any = Files.createTempFile("any", ".groovy");
        Files.writeString(any, "proxy { data -> [close: true] }");
        Map<String, String> ipv4 = Map.of("JAVA_OPTS", "-Djava.net.preferIPv4Stack=true");
        for (String[] arguments :
                new String[][] {{"-h", "::", "-p", "0"}, {"--listen", "[::1]:0"}, {"-p", "0", "--admin", "[::1]:0"}}) {
            String[] all = Stream.concat(Stream.of("-c", any.toString()), Stream.of(arguments))
                    .toArray(String[]::new);
            try (Program daemon = Program.daemon(ipv4, all)) {
                assertThat(daemon.exitCode()).isEqualTo(1);
                assertThat(daemon.output().lines()).as(daemon.output()).hasSize(1);
                assertThat(daemon.output())
                        .contains("cannot listen on [::")
                        .contains("this machine, or its Java, has no IPv6");
            }
        }
        Files.delete(any);
    }

    @Test
    void shouldWriteTheSameDigitsInALocaleThatHasOthers() throws IOException {
        Path script = Files.createTempFile("header", ".groovy");
        try (ServerSocket backend = new ServerSocket(0, 1, InetAddress.getLoopbackAddress())) {
            backend.setSoTimeout(30_000);
            Files.writeString(
                    script,
                    "proxy { data -> [remote: '127.0.0.1:" + backend.getLocalPort()
                            + "', proxy_protocol: 1, tag: 'a' + (char) 7] }");
            try (Program daemon = Program.daemon(
                            Map.of("JAVA_OPTS", "-Duser.language=fa -Duser.country=IR -Duser.extensions=u-nu-arabext"),
                            "-c",
                            script.toString(),
                            "-h",
                            "127.0.0.1",
                            "-p",
                            "0",
                            "--admin",
                            "0");
                    Connection client =
                            new Connection(new InetSocketAddress(InetAddress.getLoopbackAddress(), daemon.port()))) {
                client.send("x");
                try (Socket accepted = backend.accept()) {
                    accepted.setSoTimeout(30_000);
                    String line = new String(accepted.getInputStream().readNBytes(40), StandardCharsets.ISO_8859_1);
                    assertThat(line).matches("(?s)PROXY TCP4 127\\.0\\.0\\.1 127\\.0\\.0\\.1 [0-9]+ .*");
                }
                AdminEndpoint admin =
                        AdminEndpoint.tcp(Integer.parseInt(daemon.await("admin endpoint on 127.0.0.1:([0-9]+)")));
                for (String path : List.of("/metrics", "/status", "/sessions/1")) {
                    assertThat(admin.get(path).text()).as(path).matches("(?s)\\p{ASCII}*[0-9]\\p{ASCII}*");
                }
                client.leave();
                daemon.await("session id=1 .* total=[0-9]+\\.[0-9]+");
            }
        } finally {
            Files.delete(script);
        }
    }
}
