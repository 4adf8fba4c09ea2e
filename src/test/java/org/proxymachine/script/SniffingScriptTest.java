package org.proxymachine.script;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;
import org.proxymachine.route.Router;

/** Parsers as scripts call them. */
class SniffingScriptTest {
    @TempDir
    Path directory;

    private Router script(String text) throws IOException {
        return new ScriptLoader(Files.writeString(directory.resolve("r.groovy"), text)).load();
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "proxy { data -> def s = ssh(data); s ? [remote: \"$s.software:22\"] : [close: true] }",
                // What a script does about its own failures is not the parsers' concern.
                "proxy { data -> try { def s = ssh(data); s ? [remote: \"$s.software:22\"] : [close: true] }\n"
                        + "catch (Exception e) { [close: 'swallowed'] } }",
                "def software = { d -> ssh(d)?.software }\n"
                        + "proxy { data -> def s = [data].collect { software(it) }[0]; s ? [remote: \"$s:22\"] : [close: true] }",
                "import java.util.concurrent.CompletableFuture\nproxy { data -> CompletableFuture.supplyAsync {\n"
                        + "def s = ssh(data); s ? [remote: \"$s.software:22\"] : [close: true] } }",
                "class Where { def of(d) { org.proxymachine.sniff.Ssh.parse(d)?.software } }\n"
                        + "proxy { data -> def s = new Where().of(data); s ? [remote: \"$s:22\"] : [close: true] }",
                "@groovy.transform.CompileStatic def find(String d) { ssh(d)?.software() }\n"
                        + "proxy { data -> def s = find(data); s ? [remote: \"$s:22\"] : [close: true] }",
            })
    void shouldWaitByThemselvesUntilTheMessageIsWhole(String text) throws IOException {
        Router router = script(text);
        assertThat(Dialogue.with(router, "SSH-2.0", "-x", "\r\n")).contains("to [x:22]");
        assertThat(Dialogue.with(router, "SSH-2.0-x\r")).isEqualTo("waits");
        assertThat(Dialogue.with(router, "G")).isEqualTo("close ");
        // Often enough for Groovy to have settled on how it calls them.
        for (int i = 0; i < 3_000; i++) {
            assertThat(Dialogue.with(router, "SSH-2.0-x\r")).isEqualTo("waits");
        }
    }

    @Test
    void shouldGoOnWithTheNextParserOnceOneSaysNo() throws IOException {
        Router router = script("""
                proxy { data ->
                    def hello = tls(data)
                    if (hello) return [remote: 'tls:443']
                    def request = http(data)
                    if (request) return [remote: "${request.host}:80"]
                    [close: refuse('http', 'neither TLS nor HTTP')]
                }
                """);
        assertThat(Dialogue.with(router, "G", "ET / HTTP/1.1\r\nHost: a\r\n", "\r\n"))
                .contains("to [a:80]");
        assertThat(Dialogue.with(router, "\0")).contains("503", "neither TLS nor HTTP");
    }

    @Test
    void shouldRefuseToWaitInAnErrorBlock() throws IOException {
        Router router = script("proxy { [remote: 'a:1'] }\nproxy_connect_error { ssh('') }");
        org.assertj.core.api.Assertions.assertThatThrownBy(() -> router.connectFailed(
                        new org.proxymachine.route.Client(
                                1,
                                java.net.InetSocketAddress.createUnresolved("a", 1),
                                java.net.InetSocketAddress.createUnresolved("b", 1)),
                        org.proxymachine.route.Destination.parse("a:1"),
                        "refused"))
                .hasMessageContaining("r.groovy")
                .hasMessageContaining("more bytes are needed");
    }

    @Test
    void shouldSayWhatARefusalMayBe() throws IOException {
        assertThat(Dialogue.with(script("proxy { [close: refuse('htpp', 'x')] }"), "x"))
                .contains("failed: r.groovy:1")
                .contains("kind must be one of http");
    }

    @ParameterizedTest
    @ValueSource(strings = {"http(data)", "tls(data) ?: http(data)", "[1].collect { http(data) }[0]"})
    void shouldNotCallABlockThatOnlyParsesForEachChunk(String parse) throws IOException {
        Router router = script("proxy { data, conn -> conn.session.calls = (conn.session.calls ?: 0) + 1\n"
                + "def request = " + parse + "; [close: conn.session.calls + ' ' + request.headers.a.size()] }");
        assertThat(Dialogue.with(router, ("GET / HTTP/1.1\r\nA: " + "x".repeat(500) + "\r\n\r\n").split("")))
                .isEqualTo("close 2 500");
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "data.size() > 3 ? [close: 'looked'] : http(data)",
                "def d = data; http(d); [close: 'parsed']",
                "if (\"$data\" == 'GET ') return [close: 'looked']; http(data)",
                "def http = { it.size() < 4 ? null : [close: 'looked'] }; http(data)"
            })
    void shouldCallABlockThatLooksItselfForEachChunk(String body) throws IOException {
        Router router = script("proxy { data, conn -> conn.session.calls = (conn.session.calls ?: 0) + 1\n"
                + "if (conn.session.calls > 5) return [close: 'called']; " + body + " }");
        assertThat(Dialogue.with(router, "GET / HTTP/1.1\r\n".split(""))).isIn("close looked", "close called");
    }
}
