package org.proxymachine.sniff;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.List;
import java.util.Objects;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.MethodSource;
import org.junit.jupiter.params.provider.ValueSource;

class RedisTest {
    @Test
    void shouldReadAnArray() {
        String message = "*3\r\n$3\r\nset\r\n$0\r\n\r\n$4\r\n\0\r\n\u00ff\r\n";
        Prefixes.assertReads(
                Redis::parse, message, new Redis("SET", List.of("", "\0\r\n\u00ff"), null, message.length()));
    }

    @Test
    void shouldReadALine() {
        Prefixes.assertReads(Redis::parse, "ping\r\n", new Redis("PING", List.of(), null, 6));
        Prefixes.assertReads(Redis::parse, "GET  a\t \n", new Redis("GET", List.of("a"), null, 9));
    }

    @ParameterizedTest
    @MethodSource
    void shouldReadQuotesAsTheServerDoes(String line, String word) {
        String message = "ECHO " + line + "\r\n";
        Prefixes.assertReads(Redis::parse, message, new Redis("ECHO", List.of(word), null, message.length()));
    }

    static List<Arguments> shouldReadQuotesAsTheServerDoes() {
        return List.of(
                Arguments.of("\"\"", ""),
                Arguments.of("\"a b\"", "a b"),
                Arguments.of("a\"b c\"", "ab c"),
                Arguments.of("\"\\n\\r\\t\\b\\a\\\"\\\\\\q\"", "\n\r\t\b\7\"\\q"),
                Arguments.of("\"\\x00\\xfF\"", "\0\u00ff"),
                Arguments.of("\"\\xg\\x1\"", "xgx1"),
                Arguments.of("'a \"\\n\\''", "a \"\\n'"),
                Arguments.of("a\\n", "a\\n"));
    }

    @ParameterizedTest
    @CsvSource({
        "AUTH secret,                                     default",
        "auth alice secret,                               alice",
        "HELLO 3 AUTH alice secret SETNAME x,             alice",
        "hello 3 setname auth auth alice secret,          alice",
        "HELLO 3,                                         ",
        "HELLO 3 AUTH alice,                              ",
        "HELLO 3 SETNAME AUTH x y,                        ",
        "AUTH a b c,                                      ",
        "GET AUTH,                                        ",
    })
    void shouldFindTheUser(String line, @Nullable String user) {
        Redis command = Objects.requireNonNull(Redis.parse(line + "\r\n"));
        assertThat(command.user()).isEqualTo(user);
        String[] words = line.split(" ", -1);
        StringBuilder array = new StringBuilder("*" + words.length + "\r\n");
        for (String word : words) {
            array.append("$").append(word.length()).append("\r\n").append(word).append("\r\n");
        }
        Prefixes.assertReads(
                Redis::parse,
                array.toString(),
                new Redis(command.command(), command.arguments(), user, array.length()));
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "\r",
                " ",
                "\"",
                "1",
                "a\0",
                "a:",
                "Host:",
                "post ",
                "POST\r",
                "GET\rx",
                "GET \u00e4",
                "GET \"a\r",
                "GET \"a\"b",
                "GET 'a'b",
                "GET / HTTP/1.1\r\n",
                "*0",
                "*-",
                "*+",
                "*1025",
                "*1\n",
                "*1\r\n+",
                "*1\r\n$0\r\n",
                "*1\r\n$-",
                "*1\r\n$02",
                "*1\r\n$65537",
                "*1\r\n$65536\r\n",
                "*1\r\n$2\r\na ",
                "*1\r\n$1\r\nax",
                "*2\r\n$1\r\na\r\n$1\r\na\r\r",
                "*2\r\n$1\r\na\r\n$65530\r\n",
            })
    void shouldRefuseAtTheFirstByteThatCannotBe(String bytes) {
        Prefixes.assertRefuses(Redis::parse, bytes, bytes.length());
    }

    @Test
    void shouldTakeALineOf64KiBAndNoMore() {
        String line = "GET " + "a".repeat(65_536 - 5) + "\n";
        assertThat(Prefixes.answer(Redis::parse, line)).extracting("length").isEqualTo(65_536);
        assertThat(Prefixes.answer(Redis::parse, "GET " + "a".repeat(65_536 - 4)))
                .isEqualTo("no");
    }

    @Test
    void shouldTake1024WordsAndNoMore() {
        assertThat(Redis.parse("DEL" + " a".repeat(1023) + "\n")).isNotNull();
        assertThat(Prefixes.answer(Redis::parse, "DEL" + " a".repeat(1024))).isEqualTo("no");
    }
}
