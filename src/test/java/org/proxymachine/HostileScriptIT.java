package org.proxymachine;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** Scripts that change the process they run in: the log is still written, clients are served, and the exit code is right. */
class HostileScriptIT {
    @TempDir
    Path directory;

    private Path script(String text) throws IOException {
        return Files.writeString(directory.resolve("router.groovy"), text);
    }

    private static String exchange(int port) throws IOException {
        try (Connection client = new Connection(new InetSocketAddress(InetAddress.getLoopbackAddress(), port))) {
            return client.send("x").receiveAll();
        }
    }

    private void assertServedAndLogged(String hostile) throws IOException {
        Path script = script("proxy { data -> if (data) { " + hostile + " }; [close: 'served'] }");
        try (Program daemon = Program.daemon(Map.of(), "-c", script.toString(), "-p", "0")) {
            int port = daemon.port();
            for (int i = 1; i <= 2; i++) {
                assertThat(exchange(port)).isEqualTo("served");
                // ASCII digits, and a line that nobody has forged.
                daemon.await("(?m)^\\d{4}-\\d\\d-\\d\\d \\d\\d:\\d\\d:\\d\\d\\.\\d{3} INFO  session id=" + i
                        + " client=127\\.0\\.0\\.1:\\d+ backend=- reason=script-close up=1 down=6 ");
            }
            daemon.signal("HUP");
            daemon.await(" reloaded .*router.groovy in \\d");
            assertThat(exchange(port)).isEqualTo("served");
            daemon.signal("TERM");
            assertThat(daemon.exitCode()).isZero();
            assertThat(daemon.output()).contains("stopped, all connections served");
        }
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "System.out.close(); System.err.close()",
                "[System.&setOut, System.&setErr].each { it(new PrintStream(OutputStream.nullOutputStream())) }",
                "System.out = null; System.err = null; System.in = null",
            })
    void shouldWriteTheLogWhateverAScriptDoesWithTheStandardStreams(String hostile) throws IOException {
        assertServedAndLogged(hostile);
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "Locale.setDefault(Locale.forLanguageTag('fa-u-nu-arabext'))",
                "TimeZone.setDefault(TimeZone.getTimeZone('Asia/Tokyo'))",
                "Thread.currentThread().with { name = 'x\\n2026'; priority = 1; contextClassLoader = null; interrupt() }",
                "System.setProperty('java.io.tmpdir', '/none'); System.setProperty('user.dir', '/none')",
                "Thread.defaultUncaughtExceptionHandler = { thread, e -> System.exit(0) }",
                "java.util.logging.LogManager.logManager.reset()",
            })
    void shouldServeAndLogWhateverAScriptChangesInTheProcess(String hostile) throws IOException {
        assertServedAndLogged(hostile);
    }

    @Test
    void shouldEndLinesOfTheLogAsAlwaysWhateverAScriptSetsTheSeparatorTo() throws IOException {
        Path script = script("System.setProperty('line.separator', '!forged!')\nproxy { data -> [close: 'served'] }");
        try (Program daemon = Program.daemon(Map.of(), "-c", script.toString(), "-p", "0")) {
            assertThat(exchange(daemon.port())).isEqualTo("served");
            daemon.await("reason=script-close .*\n");
            assertThat(daemon.output()).doesNotContain("forged");
        }
    }

    @Test
    void shouldSayWhatIsWrongOnTheStandardErrorThatTheScriptReplaced() throws IOException {
        Path script = script("System.err = new PrintStream(OutputStream.nullOutputStream())\nthrow new Error('no')");
        try (Program daemon = Program.daemon(Map.of(), "check", "-c", script.toString())) {
            assertThat(daemon.exitCode()).isEqualTo(3);
            assertThat(daemon.output()).contains("router.groovy:2: Error: no");
        }
    }
}
