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
                "\1",
                "\u0016",
                "\u0080",
                "\0\0",
                "Host:",
                "post ",
                "POST\r",
                "\r\nPOST\t",
                "0033git-",
                "GET / HTTP/1.1\r\n",
            })
    void shouldRefuseAtTheFirstByteThatCannotBe(String bytes) {
        Prefixes.assertRefuses(Redis::parse, bytes, bytes.length());
    }

    @ParameterizedTest
    @MethodSource
    void shouldReadAsFarAsTheServerWhatItAnswersWithAnError(String message, List<String> words) {
        List<String> arguments = words.isEmpty() ? List.of() : words.subList(1, words.size());
        Prefixes.assertReads(
                Redis::parse,
                message,
                new Redis(words.isEmpty() ? "" : words.get(0), arguments, null, message.length()));
    }

    // By the tests of its protocol that Redis has itself.
    static List<Arguments> shouldReadAsFarAsTheServerWhatItAnswersWithAnError() {
        return List.of(
                Arguments.of("*3000000000\r\n", List.of()),
                Arguments.of("*+1\r\n", List.of()),
                Arguments.of("*01\r\n", List.of()),
                Arguments.of("*blabla\r\n", List.of()),
                Arguments.of("*3\r\n$3\r\nSET\r\n$1\r\nx\r\nfooz\r\n", List.of("SET", "x")),
                Arguments.of("*3\r\n$3\r\nSET\r\n$1\r\nx\r\n$-10\r\n", List.of("SET", "x")),
                Arguments.of("*3\r\n$3\r\nSET\r\n$1\r\nx\r\n$2000000000\r\n", List.of("SET", "x")),
                Arguments.of("*3\r\n$3\r\nSET\r\n$1\r\nx\r\n$blabla\r\n", List.of("SET", "x")),
                Arguments.of("*1\r\n\r\n", List.of()),
                Arguments.of("*1\r\nfoo\r\n", List.of()),
                Arguments.of("SET \"\"\"test-key\"\"\" test-value\r\n", List.of("SET")),
                Arguments.of("'\r\n", List.of()),
                Arguments.of("GET 'a'b\n", List.of("GET")),
                Arguments.of("GET \"a\r\n", List.of("GET")),
                Arguments.of("{} 1\r\n", List.of("{}", "1")),
                Arguments.of("GET a\0b\r\n", List.of("GET", "a")),
                Arguments.of("*1\r\n$0\r\n\r\n", List.of("")),
                Arguments.of("*1\r\n$2\r\n\1\u007fxx", List.of("\1\u007f")));
    }

    @ParameterizedTest
    @ValueSource(strings = {"\r\n", "\n\n\r\n", " \t\r\n", "*0\r\n", "*-1\r\n", "*-10\r\n\r\n*0\r\n", "\0what\r\n"})
    void shouldPassOverWhatTheServerPassesOver(String before) {
        String message = before + "*1\r\n$4\r\nPING\r\n";
        Prefixes.assertReads(Redis::parse, message, new Redis("PING", List.of(), null, message.length()));
    }

    @ParameterizedTest
    @ValueSource(strings = {"\0", "*\0", "$\0", "PING \"", " "})
    void shouldNotWaitForTheEndOfALineForLongerThanTheServer(String begin) {
        String line = begin + "A".repeat(65_536 - begin.length());
        assertThat(Prefixes.answer(Redis::parse, line)).extracting("length").isEqualTo(65_536);
        assertThat(Prefixes.answer(Redis::parse, line.substring(1))).isNotEqualTo("no");
        assertThat(Prefixes.answer(Redis::parse, line.substring(0, 65_535))).isEqualTo("more");
    }

    @Test
    void shouldTakeWordsOfAnyNumberAndLength() {
        assertThat(Redis.parse("DEL" + " a".repeat(2000) + "\n")).isNotNull();
        String words = "*20001\r\n$3\r\nDEL\r\n" + "$1\r\na\r\n".repeat(20_000);
        assertThat(Objects.requireNonNull(Redis.parse(words)).arguments()).hasSize(20_000);
        String value = "*2\r\n$3\r\nGET\r\n$200000\r\n" + "a".repeat(200_000) + "\r\n";
        assertThat(Objects.requireNonNull(Redis.parse(value)).arguments().get(0))
                .hasSize(200_000);
    }
}
