package org.proxymachine.script;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Map;
import java.util.Random;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;
import org.junit.jupiter.params.provider.ValueSource;
import org.proxymachine.route.Router;

/** The examples decide by what a client says, not by the chunks in which it comes. */
class ExamplesTest {
    @TempDir
    Path directory;

    private Path tenants;

    @BeforeEach
    void writeTable() throws IOException {
        tenants = Files.writeString(directory.resolve("tenants"), "alice 10.0.0.1:80\nbob 10.0.0.2:80\n");
    }

    private Router example(String name) throws IOException {
        // In place of the servers that it would start.
        System.getProperties().put("proxymachine.demo", Map.of("alice", "10.0.0.1:80", "bob", "10.0.0.2:80"));
        String text = Files.readString(Path.of("config-examples", name + ".groovy"))
                .replace("System.getenv('TENANTS')", "'" + tenants + "'");
        Path file = Files.writeString(directory.resolve(name + ".groovy"), text);
        return new ScriptLoader(file).load();
    }

    static String[][] conversations() {
        String socks5 = "\5\1\0";
        return new String[][] {
            {"demo", "GET /alice/x HTTP/1.1\r\nHost: a\r\n\r\nbody", "10.0.0.1:80"},
            {"demo", "GET /carol HTTP/1.1\r\n\r\n", "404 Not Found"},
            {"demo", "nonsense\n", "400 Bad Request"},
            {"failover", "anything", "127.0.0.1:8001, 127.0.0.1:8002"},
            {"git", pkt("git-upload-pack /alice/repo\0host=h\0") + "0000", "127.0.0.1:9418"},
            {"git", pkt("git-receive-pack /bob/a/b\0host=h\0\0version=2\0"), "127.0.0.1:9419"},
            {"git", pkt("git-upload-pack /carol/repo\0host=h\0"), "ERR no such user"},
            {"git", pkt("got-upload-pack /alice/repo\0"), "ERR bad request"},
            {"git", "0003git-", "ERR bad request"},
            {"http-host", "GET / HTTP/1.1\r\nA: b\r\nHOST:\t two.example:80\r\n\r\nbody\r\n\r\n", "127.0.0.1:8002"},
            {"http-host", "GET / HTTP/1.0\r\n\r\nHost: one.example\r\n\r\n", "No such host..."},
            {"lookup", "GET /bob/ HTTP/1.1\r\nHost: x\r\n\r\n", "10.0.0.2:80"},
            {"lookup", "POST /carol HTTP/1.1\r\n\r\n", "404 Not Found"},
            {"socks4", "\4\1\0\120\12\0\0\1user\0payload", "10.0.0.1:80"},
            {"socks4", "\4\2\0\120\12\0\0\1\0", "\0\133"},
            {"socks5", socks5 + "\5\1\0\1\12\0\0\1\0\120payload", "10.0.0.1:80"},
            {"socks5", "\5\2\2\0\5\1\0\3\12name.local\0\120payload", "name.local:80"},
            {"socks5", socks5 + "\5\1\0\4" + "\0".repeat(15) + "\1\0\120", "[0:0:0:0:0:0:0:1]:80"},
            {"socks5", socks5 + "\5\2\0\1\12\0\0\1\0\120", "\5\7"},
            {"socks5", "\5\1\2", "\5\u00ff"},
            {"socks5", "\4\1", "close"},
            {"transparent", "anything", "127.0.0.1:22"},
        };
    }

    private static String pkt(String text) {
        return "%04x%s".formatted(text.length() + 4, text);
    }

    @ParameterizedTest
    @MethodSource("conversations")
    void shouldDecideTheSameAtEverySplitOfItsInput(String name, String input, String expected) throws IOException {
        Router router = example(name);
        String whole = Dialogue.with(router, input);
        assertThat(whole).contains(expected);
        for (int i = 1; i < input.length(); i++) {
            assertThat(Dialogue.with(router, input.substring(0, i), input.substring(i)))
                    .as("split at %d", i)
                    .isEqualTo(whole);
        }
        assertThat(Dialogue.with(router, input.split("(?s)(?<=.)")))
                .as("byte by byte")
                .isEqualTo(whole);
    }

    @ParameterizedTest
    @ValueSource(strings = {"demo", "failover", "git", "http-host", "lookup", "socks4", "socks5", "transparent"})
    void shouldMakeADecisionOfGarbageAndNoError(String name) throws IOException {
        Router router = example(name);
        long seed = System.nanoTime();
        Random random = new Random(seed);
        for (int i = 0; i < 500; i++) {
            byte[] garbage = new byte[1 + random.nextInt(200)];
            random.nextBytes(garbage);
            garbage[0] = (byte) random.nextInt(8);
            String text = new String(garbage, StandardCharsets.ISO_8859_1);
            assertThat(Dialogue.with(router, text))
                    .as("seed %d, input %d", seed, i)
                    .doesNotContain("failed:");
        }
    }

    @Test
    void shouldMakeADecisionOfEveryBeginningOfARequest() throws IOException {
        for (String[] conversation : conversations()) {
            Router router = example(conversation[0]);
            for (int i = 1; i < conversation[1].length(); i++) {
                assertThat(Dialogue.with(router, conversation[1].substring(0, i)))
                        .doesNotContain("failed:");
            }
        }
    }
}
