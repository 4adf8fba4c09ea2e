package org.proxymachine.cli;

import static org.assertj.core.api.Assertions.assertThat;
import static org.junit.jupiter.api.Assertions.assertTimeoutPreemptively;

import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.io.InputStream;
import java.io.PrintWriter;
import java.io.StringWriter;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.stream.Stream;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import picocli.CommandLine;

class CommandsTest {
    private static final String SCRIPT = """
            def servers = [alice: 'app1:443']
            proxy { data, conn ->
                if (data == 'hi\\n') return [noop: true, reply: 'who?', data: '']
                def request = http(data)
                if (!request) return [close: 'go away']
                def remote = servers[request.path.drop(1)]
                remote ? [remote: remote, reply: conn.peer.host, connect_timeout: 2.5] : [close: true]
            }
            """;

    @TempDir
    Path directory;

    private final StringWriter out = new StringWriter();
    private final StringWriter err = new StringWriter();
    private Path script = Path.of("");

    @BeforeEach
    void writeScript() throws IOException {
        script = Files.writeString(directory.resolve("router.groovy"), SCRIPT);
    }

    private int run(Object command, String... arguments) {
        CommandLine commandLine =
                new CommandLine(command).setOut(new PrintWriter(out)).setErr(new PrintWriter(err));
        return Main.execute(
                commandLine,
                Stream.concat(Stream.of("-c", script.toString()), Stream.of(arguments))
                        .toArray(String[]::new));
    }

    private int tryWith(String... arguments) {
        return run(new TryCommand(), arguments);
    }

    @Test
    void shouldAskNobodyWhereTheChoiceOfSessionsMakesNoSense() {
        for (String each :
                new String[] {"--close", "1 --close --backend a:1", "--close --state routing", "1 --ended", "x"}) {
            assertThat(Main.execute(
                            new CommandLine(new SessionsCommand()), (each + " --admin unix:/nowhere/s").split(" ", -1)))
                    .isEqualTo(ExitCode.USAGE);
        }
    }

    @Test
    void shouldCheckAScript() throws IOException {
        assertThat(run(new CheckCommand())).isZero();
        assertThat(out).hasToString(script + ": OK" + System.lineSeparator());
        Files.writeString(script, "proxy { data ->\n  [remote 'x']\n}");
        assertThat(run(new CheckCommand())).isEqualTo(ExitCode.SCRIPT);
        Files.writeString(script, "proxy { data -> [remot: 'a:1'] }");
        assertThat(run(new CheckCommand())).isEqualTo(ExitCode.SCRIPT);
        Files.writeString(script, "println 1");
        assertThat(run(new CheckCommand())).isEqualTo(ExitCode.SCRIPT);
    }

    @Test
    void shouldSayAtWhichByteAnAnswerCame() {
        assertThat(tryWith("--text", "GET /alice HTTP/1.1\\r\\n\\r\\nand more", "--peer", "192.0.2.9"))
                .isZero();
        assertThat(out.toString().strip())
                .isEqualTo("byte 23: remote app1:443 reply \"192.0.2.9\" connect_timeout 2.5");
    }

    @Test
    void shouldPrintEveryReplyOfADialogue() {
        assertThat(tryWith("--hex", "68 69 0a 00")).isZero();
        assertThat(out.toString().lines())
                .containsExactly("byte 3: wait data \"\" reply \"who?\"", "byte 4: close \"go away\"");
    }

    @Test
    void shouldSayThatAScriptStillWaits() throws IOException {
        Path input = Files.writeString(directory.resolve("input"), "GET /alice");
        assertThat(tryWith("--file", input.toString())).isEqualTo(ExitCode.FAILED);
        assertThat(out.toString().strip()).isEqualTo("byte 10: wait (no decision yet)");
    }

    @Test
    void shouldReadTheStandardInput() {
        InputStream before = System.in;
        System.setIn(new ByteArrayInputStream(new byte[] {0}));
        try {
            assertThat(tryWith()).isZero();
        } finally {
            System.setIn(before);
        }
        assertThat(out.toString().strip()).isEqualTo("byte 1: close \"go away\"");
    }

    @Test
    void shouldPrintJsonForPrograms() {
        tryWith("--json", "--text", "GET /alice HTTP/1.1\\r\\n\\r\\n");
        assertThat(out.toString().strip())
                .isEqualTo("{\"decided\":true,\"bytes\":23,\"answers\":[{\"byte\":23,\"decision\":\"remote\","
                        + "\"remote\":[\"app1:443\"],\"reply\":\"127.0.0.1\",\"connect_timeout\":2.5,\"retries\":10,\"retry_delay\":0.1,"
                        + "\"text\":\"remote app1:443 reply \\\"127.0.0.1\\\" connect_timeout 2.5\"}]}");
    }

    @Test
    void shouldRefuseInputThatMakesNoSense() {
        assertThat(tryWith("--hex", "0")).isEqualTo(ExitCode.USAGE);
        assertThat(tryWith("--text", "\\q")).isEqualTo(ExitCode.USAGE);
        assertThat(tryWith("--file", "/none")).isEqualTo(ExitCode.USAGE);
        assertThat(tryWith("--peer", "nobody", "--text", "x")).isEqualTo(ExitCode.USAGE);
        assertThat(tryWith("--text", "x", "--hex", "00")).isEqualTo(ExitCode.USAGE);
    }

    @Test
    void shouldEndWithTheScriptsFailure() throws IOException {
        Files.writeString(script, "proxy { data -> if (data.size() == 2) throw new IOException('gone') }");
        assertThat(tryWith("--text", "xyz")).isEqualTo(ExitCode.SCRIPT);
        assertThat(out.toString().strip()).isEqualTo("byte 2: failed: router.groovy:1: proxy: IOException: gone");
    }

    @Test
    void shouldUnloadTheScriptAtTheEndOfEachCommandHoweverItEnds() throws IOException {
        Path unloaded = directory.resolve("unloaded");
        Files.writeString(
                script,
                "proxy { data -> data ? [close: 'x'] : null }\nproxy_unload { -> new File('%s') << '.' }"
                        .formatted(unloaded));
        String cases = Files.writeString(directory.resolve("a.case"), "name: a\nsend: \"x\"\nexpect: close\n")
                .toString();
        assertThat(run(new CheckCommand())).isZero();
        assertThat(unloaded).hasContent(".");
        assertThat(tryWith("--text", "x")).isZero();
        assertThat(unloaded).hasContent("..");
        assertThat(tryWith("--text", "x", "--peer", "not an address")).isEqualTo(ExitCode.USAGE);
        assertThat(unloaded).hasContent("...");
        assertThat(run(new TestCommand(), cases)).isZero();
        assertThat(unloaded).hasContent("....");
    }

    @Test
    void shouldRunCasesAndReportThemForCi() throws IOException {
        Path cases = Files.writeString(directory.resolve("a.case"), """
                name: alice
                send: "GET /alice HTTP/1.1\\r\\n\\r\\n"
                expect: remote app1:443

                name: bob & co
                send: "GET /bob HTTP/1.1\\r\\n\\r\\n"
                expect: remote app1:443
                """);
        Path report = directory.resolve("report.xml");
        assertThat(run(new TestCommand(), cases.toString(), "--junit", report.toString()))
                .isEqualTo(ExitCode.FAILED);
        assertThat(out.toString().lines())
                .containsExactly(
                        "FAIL  " + cases + ":5 bob & co",
                        "      expected  remote app1:443",
                        "      was       close",
                        "1 of 2 cases not as expected");
        assertThat(Files.readString(report))
                .contains("<testsuite name=\"router.groovy\" tests=\"2\" failures=\"1\"")
                .contains("name=\"bob &amp; co\"")
                .contains("<failure type=\"decision\" message=\"expected  remote app1:443\">");
    }

    @Test
    void shouldHoldACaseOfAMegabyteToThePrereadLimitInSeconds() throws IOException {
        Files.writeString(script, "proxy { data -> data.size() > 60_000 ? [remote: 'a:1'] : null }");
        Path cases = Files.writeString(directory.resolve("a.case"), "name: x\nhex: " + "00".repeat(1_500_000) + "\n");
        assertTimeoutPreemptively(
                Duration.ofSeconds(60),
                () -> assertThat(run(new TestCommand(), cases.toString())).isZero());
        assertThat(run(new TestCommand(), "--max-preread", "50k", "--no-splits", cases.toString()))
                .isZero();
        Files.writeString(cases, "name: x\nhex: " + "00".repeat(70_000) + "\nexpect: remote a:1\n");
        assertThat(run(new TestCommand(), "--max-preread", "50k", cases.toString()))
                .isEqualTo(ExitCode.FAILED);
        assertThat(out.toString()).contains("was       failed: preread-limit, as it still waits after 51200 bytes");
        assertThat(run(new TryCommand(), "--max-preread", "2", "--hex", "00".repeat(3)))
                .isEqualTo(ExitCode.SCRIPT);
        assertThat(out.toString()).contains("byte 2: failed: preread-limit, as it still waits after 2 bytes");
    }

    @Test
    void shouldFindAScriptThatDecidesTooEarly() throws IOException {
        Files.writeString(script, "proxy { data -> data =~ /alice/ ? [remote: 'a:1'] : [close: true] }");
        Path cases = Files.writeString(directory.resolve("a.case"), "name: x\nsend: \"GET /alice \"\n");
        assertThat(run(new TestCommand(), cases.toString())).isEqualTo(ExitCode.FAILED);
        assertThat(out.toString()).contains("whole     remote a:1", "was       close", "when      byte by byte");
        assertThat(run(new TestCommand(), "--no-splits", cases.toString())).isZero();
    }

    @Test
    void shouldNameTheCaseFileThatIsWrong() throws IOException {
        Path cases = Files.writeString(directory.resolve("a.case"), "nam: x\n", StandardCharsets.UTF_8);
        assertThat(run(new TestCommand(), cases.toString())).isEqualTo(ExitCode.USAGE);
        assertThat(run(new TestCommand(), "/none")).isEqualTo(ExitCode.USAGE);
        assertThat(run(new TestCommand())).isEqualTo(ExitCode.USAGE);
    }

    private static final String SILENT = "\nproxy_silent(2) { conn -> [close: \"silent ${conn.peer.host}\"] }";

    @Test
    void shouldTryWhatBecomesOfAClientThatIsSilent() throws IOException {
        Files.writeString(script, SCRIPT + SILENT);
        assertThat(tryWith("--silent", "2", "--text", "", "--peer", "192.0.2.9"))
                .isZero();
        assertThat(out.toString().strip()).isEqualTo("byte 0: close \"silent 192.0.2.9\"");
    }

    @Test
    void shouldHearInATryAClientThatSpeaksInTime() throws IOException {
        Files.writeString(script, SCRIPT + SILENT);
        assertThat(tryWith("--silent", "1999ms", "--text", "\\x00")).isZero();
        assertThat(out.toString().strip()).isEqualTo("byte 1: close \"go away\"");
    }

    @Test
    void shouldTryASilentClientOfAScriptThatDoesNotAskForIt() {
        assertThat(tryWith("--silent", "1h", "--text", "\\x00")).isZero();
        assertThat(out.toString().strip()).isEqualTo("byte 1: close \"go away\"");
    }
}
