package org.proxymachine.script;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.IOException;
import java.net.InetSocketAddress;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;
import java.util.stream.Collectors;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;
import org.proxymachine.route.Client;
import org.proxymachine.route.Decision;
import org.proxymachine.route.Router;
import org.proxymachine.route.RoutingException;

class ScriptLoaderTest {
    @TempDir
    Path directory;

    private Router load(String text) throws IOException {
        return load(text.getBytes(StandardCharsets.UTF_8));
    }

    private Router load(byte[] text) throws IOException {
        return new ScriptLoader(Files.write(directory.resolve("router.groovy"), text)).load();
    }

    private void assertRefused(String text, String line) {
        assertThatThrownBy(() -> load(text))
                .isInstanceOf(RoutingException.class)
                .hasMessage(line);
    }

    private static String answer(Router router, String data) {
        byte[] bytes = data.getBytes(StandardCharsets.ISO_8859_1);
        Client client = new Client(1, new InetSocketAddress(1), new InetSocketAddress(2));
        Decision.Close close = (Decision.Close) router.received(client, bytes, bytes.length);
        byte[] answer = close.bytes();
        return answer == null ? "" : new String(answer, StandardCharsets.ISO_8859_1);
    }

    private static String lines(int count, String form) {
        return IntStream.range(0, count).mapToObj(form::formatted).collect(Collectors.joining("\n"));
    }

    @Test
    void shouldRefuseWhatAnswersTheTrialCallWithNoDecision() {
        assertRefused(
                "proxy { data -> [remot: 'a:1'] }",
                "router.groovy: proxy: unknown key \"remot\", did you mean \"remote\"? (the trial call, without data)");
        assertRefused(
                "proxy_accept { conn -> 42 }\nproxy { data -> null }",
                "router.groovy: proxy_accept: the answer must be a Map such as [remote: 'host:port'], was an Integer"
                        + " (the trial call, without data)");
    }

    @Test
    void shouldTolerateAnExceptionInTheTrialCall() throws IOException {
        assertThat(answer(load("proxy { data -> [close: data[0]] }"), "x")).isEqualTo("x");
        assertThat(answer(load("proxy { data -> assert data; [close: data] }"), "x"))
                .isEqualTo("x");
    }

    @Test
    void shouldTakeATableOfFiveThousandRowsAsItIs() throws IOException {
        String rows =
                lines(5_000, "  'user%1$d': [host: '10.0.0.%1$d', port: %1$d, weight: -1.50, on: true, of: null],");
        Router router = load("""
                def table = [
                %s
                  'jürgen': [host: "it's", port: 99999999999, weight: 12345678901234567890]
                ]
                final plain = [%s]
                int[] numbers = [%s]
                def sizes = [table.size(), plain.size(), numbers[4999], table.getClass(), plain.getClass()].toString()
                plain << table.put('added', 'mutable')
                proxy { data ->
                    if (data == 'sizes') return [close: sizes]
                    def row = table[data]
                    [close: "${row.host} ${row.port} ${row.port.class.simpleName} ${row.weight} ${row.on} ${row.of}"]
                }""".formatted(
                        rows,
                        IntStream.range(0, 5_000).mapToObj(i -> "'" + i + "'").collect(Collectors.joining(",")),
                        IntStream.range(0, 5_000).mapToObj(Integer::toString).collect(Collectors.joining(","))));
        assertThat(answer(router, "user4999")).isEqualTo("10.0.0.4999 4999 Integer -1.50 true null");
        assertThat(answer(router, "jürgen")).isEqualTo("it's 99999999999 Long 12345678901234567890 null null");
        assertThat(answer(router, "sizes"))
                .isEqualTo("[5001, 5000, 4999, class java.util.LinkedHashMap, class java.util.ArrayList]");
    }

    @Test
    void shouldLeaveATableWithOtherThanConstantsInItAlone() throws IOException {
        String rows = lines(300, "'k%1$d': 'v%1$d',");
        assertThat(answer(
                        load("def x = 'y'\ndef t = [\n" + rows
                                + "\nz: x, (x): \"${x}!\"]\nproxy { [close: t.z + t.y + t.k299] }"),
                        "a"))
                .isEqualTo("yy!v299");
    }

    @Test
    void shouldSayWhereABlockIsLargerThanTheJvmAllows() {
        String why =
                ": a block, or the script around it, is larger than the JVM's 64 KB, and most of it is this statement:"
                        + " a table belongs in a file that the script reads";
        assertRefused(
                "proxy { data ->\n  def x = 1\n  switch (data) {\n"
                        + lines(2_200, "case 'user%1$d': return [remote: '10.0.0.1:%1$d']") + "\n}\n}",
                "router.groovy:3" + why);
        assertRefused(
                "def t = [:]\n\n" + lines(5_000, "t['%1$d'] = 'x%1$d'") + "\nproxy { null }", "router.groovy:3" + why);
    }

    @ParameterizedTest
    @ValueSource(ints = {256 << 10, 1 << 20, 8 << 20})
    void shouldTakeALongChainOfElseOnWhateverThreadAsks(int stackBytes) throws Exception {
        String text = "proxy { data ->\n if (data == 'a') return null\n"
                + lines(1_100, "else if (data == 'user%1$d') return [close: 'x%1$d']") + "\n null }";
        CompletableFuture<Object> loaded = new CompletableFuture<>();
        Thread thread = new Thread(null, () -> loaded.complete(loadOrFail(text)), "asks", stackBytes);
        thread.start();
        thread.join(60_000);
        assertThat(loaded.join()).isInstanceOf(Router.class);
        assertThat(answer((Router) loaded.join(), "user1099")).isEqualTo("x1099");
    }

    private Object loadOrFail(String text) {
        try {
            return load(text);
        } catch (IOException | RoutingException e) {
            return e;
        }
    }

    @ParameterizedTest
    @ValueSource(strings = {"long", "int", "boolean", "void", "class", "1st", "a-b c", "java", "proxy"})
    void shouldTakeAScriptWhateverItsFileIsCalled(String name) throws IOException {
        Path file = Files.writeString(
                directory.resolve(name + ".groovy"),
                "int n = 3\nproxy { data -> long m = n; log.info('x'); [close: String.valueOf(m + data.size())] }");
        assertThat(answer(new ScriptLoader(file).load(), "x")).isEqualTo("4");
    }

    @Test
    void shouldSkipAByteOrderMarkAndRefuseUtf16() throws IOException {
        assertThat(answer(load("\ufeffproxy { data -> [close: 'ü'] }"), "x")).isEqualTo("ü");
        assertThatThrownBy(() -> load("\ufeffproxy {".getBytes(StandardCharsets.UTF_16LE)))
                .hasMessage(directory.resolve("router.groovy")
                        + ": must be text in UTF-8, was UTF-16 by its byte-order mark");
        assertThatThrownBy(() -> load(new byte[] {'a', (byte) 0xfc}))
                .hasMessage(directory.resolve("router.groovy") + ": must be text in UTF-8");
    }

    @ParameterizedTest
    @ValueSource(strings = {"import java.util.List", "def x = 1", "class X {}", "import static java.lang.Math.max"})
    void shouldRefuseGrabInOneLine(String grabbing) {
        assertThatThrownBy(() -> load("@Grab('org.x:y:1')\n" + grabbing + "\nproxy { data -> null }"))
                .isInstanceOf(RoutingException.class)
                .satisfies(e -> assertThat(e.getMessage())
                        .startsWith("router.groovy:1:1: @Grab is not supported, as no start waits for the network:")
                        .hasLineCount(1));
    }

    @ParameterizedTest
    @CsvSource({"(,)", "[,]", "'{->',}"})
    @Timeout(60)
    void shouldRefuseAHundredThousandBracketsInOneLine(String opening, String closing) {
        for (int count : new int[] {1_000, 100_000}) {
            for (String end : new String[] {closing.repeat(count), ""}) {
                assertRefused(
                        "\ndef x = " + opening.repeat(count) + end + "\nproxy { null }",
                        "router.groovy:2:" + (9 + 200 * opening.length()) + ": brackets are nested deeper than 200");
            }
        }
    }

    @Test
    void shouldTakeBracketsAsDeepAsTheLimit() throws IOException {
        String text = "def x = '(((' + " + "(".repeat(199) + "'[' * 300" + ")".repeat(199) + "\n"
                + "proxy { data -> /* {{{ */ [close: x.size() + /\\[/] }";
        assertThat(answer(load(text), "x")).isEqualTo("303\\[");
        assertThat(answer(load("def x = ['" + "({[".repeat(300) + "']\nproxy { [close: x[0][2]] }"), "x"))
                .isEqualTo("[");
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            value = {
                "proxy { data -> [close: (1 + 2] } | 1:25: ( is never closed, expected a )",
                "proxy { data -> | 1:7: { is never closed, expected a }",
                "proxy { data -> x?[1 } | 1:18: ?[ is never closed, expected a ]",
                "proxy { data -> null } } | 1:24: } closes nothing",
            })
    void shouldSayWhereABracketThatIsMissingWasOpened(String text, String line) {
        assertRefused(text, "router.groovy:" + line);
    }

    @ParameterizedTest
    @ValueSource(strings = {"'", "\"", "'''", "\"\"\"", "/", "$/"})
    @Timeout(60)
    void shouldRefuseATextOfAMegabyteThatDoesNotEndInOneLine(String quote) {
        assertThatThrownBy(() -> load("def x = " + quote + "a(b|c)*".repeat(150_000) + "\nproxy { null }"))
                .isInstanceOf(RoutingException.class)
                .satisfies(e -> assertThat(e.getMessage())
                        .startsWith("router.groovy:1:")
                        .hasLineCount(1));
    }

    @Test
    @Timeout(60)
    void shouldRefuseARegularExpressionOfAMegabyteInOneLine() {
        assertRefused(
                "def x = /" + "a(b|c)*".repeat(150_000) + "/\nproxy { null }",
                "router.groovy:1:9: String too long. The given string is 1050000 Unicode code units long, but only a"
                        + " maximum of 65535 is allowed.");
    }

    @Test
    @Timeout(60)
    void shouldRefuseAScriptOfFiveMegabytes() {
        assertRefused(
                "//" + "x".repeat(5_000_000) + "\nproxy { null }",
                directory.resolve("router.groovy") + ": must have at most 4 MB, as compiling takes long, was 5000017"
                        + " bytes: a table belongs in a file that the script reads");
    }

    @Test
    @Timeout(60)
    void shouldRefuseAScriptThatHasNoEnd() {
        assertThatThrownBy(() -> new ScriptLoader(Path.of("/dev/zero")).load())
                .isInstanceOf(RoutingException.class)
                .hasMessage("/dev/zero: must have at most 16 MB");
    }

    private CompletableFuture<Router> loadOutOfAPipe(String text) throws Exception {
        Path pipe = directory.resolve("router.groovy");
        assertThat(new ProcessBuilder("mkfifo", pipe.toString()).start().waitFor())
                .isZero();
        CompletableFuture<Router> loaded = CompletableFuture.supplyAsync(() -> new ScriptLoader(pipe).load());
        Files.writeString(pipe, text, StandardOpenOption.WRITE);
        return loaded;
    }

    @Test
    @Timeout(60)
    void shouldTakeAScriptThatComesOutOfAPipe() throws Exception {
        assertThat(loadOutOfAPipe("proxy { data -> [remote: 'a.example:1'] }\n").get(60, TimeUnit.SECONDS))
                .isNotNull();
    }

    @Test
    @Timeout(60)
    void shouldRefuseAPipeThatGivesMoreThanAScriptMayHave() throws Exception {
        CompletableFuture<Router> loaded = loadOutOfAPipe("//" + "x".repeat(5_000_000));
        assertThatThrownBy(() -> loaded.get(60, TimeUnit.SECONDS))
                .hasRootCauseInstanceOf(IllegalArgumentException.class)
                .hasMessageContaining("must have at most 4 MB, as compiling takes long, was 5000002 bytes");
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "import groovy.grape.Grape\nGrape.grab(group: 'x', module: 'y', version: '1')",
                "import groovy.grape.*\nGrape.grab(group: 'x', module: 'y', version: '1')",
                "\ngroovy.grape.Grape.grab(group: 'x', module: 'y', version: '1')",
                "\nClass.forName('groovy.grape.Grape').grab(group: 'x', module: 'y', version: '1')",
                "\nClass.forName('groovy.grape.Grape').instance.grab('x')",
            })
    void shouldRefuseGrapeInOneLine(String grabbing) {
        assertThatThrownBy(() -> load(grabbing + "\nproxy { data -> null }"))
                .isInstanceOf(RoutingException.class)
                .satisfies(e -> assertThat(e.getMessage())
                        .matches(
                                "router.groovy:[12](:\\d+)?: Grape is not supported, as no start waits for the network:.*")
                        .hasLineCount(1));
    }
}
