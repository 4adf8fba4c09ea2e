package org.proxymachine;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.IOException;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.proxymachine.route.RoutingException;
import org.proxymachine.session.CloseReason;

/** Each error of the contract: one line, and nobody's connection but its own. */
class ErrorsTest {

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            quoteCharacter = '~',
            value = {
                "[remot: 'a:1'] | proxy: unknown key \"remot\", did you mean \"remote\"?",
                "[remote: 'a:1', conect_timeout: 1] | proxy: unknown key \"conect_timeout\", did you mean \"connect_timeout\"?",
                "[remote: 'a'] | proxy: remote must be host:port, [v6]:port or unix:/path, was \"a\"",
                "[remote: 'a:70000'] | proxy: remote port must be from 1 to 65535, was \"a:70000\"",
                "[remote: '::1:80'] | proxy: remote must be host:port, [v6]:port or unix:/path, was \"::1:80\"",
                "[remote: 'unix:/a\\ud800'] | proxy: remote must be host:port, [v6]:port or unix:/path, was \"unix:/a\ud800\"",
                "[remote: null] | proxy: remote must be host:port, [v6]:port or unix:/path, or a List of them, was null",
                "[remote: []] | proxy: remote must name at least one destination, was []",
                "[remote: ['a:1'] * 1001] | proxy: remote must name at most 1000 destinations, was a List of more",
                "[remote: new AbstractList() { int size() { 1 << 30 }; Object get(int i) { 'a:1' } }] | proxy: remote must name at most 1000 destinations, was a List of more",
                "[remote: ['a:1', 7]] | proxy: remote[1] must be host:port, [v6]:port or unix:/path, was an Integer",
                "[remote: ['a:1', ['b:1']]] | proxy: remote[1] must be host:port, [v6]:port or unix:/path, was an ArrayList",
                "[remote: ['a:1'] as HashSet] | proxy: remote must be host:port, [v6]:port or unix:/path, or a List of them, was a HashSet",
                "[remote: [a: 1]] | proxy: remote must be host:port, [v6]:port or unix:/path, or a List of them, was a LinkedHashMap",
                "[remote: { 'a:1' }] | proxy: remote must be host:port, [v6]:port or unix:/path, or a List of them, was a Closure",
                "[remote: true] | proxy: remote must be host:port, [v6]:port or unix:/path, or a List of them, was true",
                "[remote: new int[1]] | proxy: remote must be host:port, [v6]:port or unix:/path, or a List of them, was an int[]",
                "[remote: 'a:1', close: true] | proxy: the answer must have exactly one of remote, noop, close, found [remote, close]",
                "[reply: 'x'] | proxy: the answer must have exactly one of remote, noop, close, found [reply]",
                "[close: true, data: 'x'] | proxy: data makes no sense together with close",
                "[noop: true, retries: 1] | proxy: retries makes no sense together with noop",
                "[noop: 1] | proxy: noop must be true, was an Integer",
                "[noop: false] | proxy: noop must be true, was false",
                "[noop: 'true'] | proxy: noop must be true, was a String",
                "[close: null] | proxy: close must be true or the bytes to send first, was null",
                "[close: [1, 2]] | proxy: close must be text of chars 0 to 255 or a byte[], was an ArrayList",
                "[close: [1, 2] as Byte[]] | proxy: close must be text of chars 0 to 255 or a byte[], was a Byte[]",
                "[close: 'x' as char[]] | proxy: close must be text of chars 0 to 255 or a byte[], was a char[]",
                "[(7): true] | proxy: a key must be text, such as remote, was 7",
                "[(null): true] | proxy: a key must be text, such as remote, was null",
                "[([1]): true] | proxy: a key must be text, such as remote, was an ArrayList",
                "[\"${'remote'}\": 'a:1', remote: 'b:1'] | proxy: remote is there twice, as a String and as another kind of text",
                "[remote: 'a:1', retries: Double.NaN] | proxy: retries must be a whole number from 0 to 1000000, was NaN",
                "[remote: 'a:1', retries: Float.POSITIVE_INFINITY] | proxy: retries must be a whole number from 0 to 1000000, was Infinity",
                "[remote: 'a:1', retries: 2G ** 1000] | proxy: retries must be a whole number from 0 to 1000000, was a BigInteger of 1001 bits",
                "[remote: 'a:1', retries: 3.5] | proxy: retries must be a whole number from 0 to 1000000, was 3.5",
                "[remote: 'a:1', retries: 1e-999999999] | proxy: retries must be a whole number from 0 to 1000000, was 1E-999999999",
                "[remote: 'a:1', retries: '3'] | proxy: retries must be a whole number from 0 to 1000000, was a String",
                "[remote: 'a:1', retries: [3]] | proxy: retries must be a whole number from 0 to 1000000, was an ArrayList",
                "[remote: 'a:1', idle_timeout: -Double.MAX_VALUE] | proxy: idle_timeout must be a number of seconds from 0 to 315360000, or text such as '500ms' or '1h', was -1.7976931348623157E308",
                "[remote: 'a:1', idle_timeout: 1e999999999] | proxy: idle_timeout must be a number of seconds from 0 to 315360000, or text such as '500ms' or '1h', was 1E+999999999",
                "[remote: 'a:1', idle_timeout: 0.0d / 0] | proxy: idle_timeout must be a number of seconds from 0 to 315360000, or text such as '500ms' or '1h', was NaN",
                "[remote: 'a:1', idle_timeout: '1 hour'] | proxy: idle_timeout must be a number of seconds from 0 to 315360000, or text such as '500ms' or '1h', was \"1 hour\"",
                "[remote: 'a:1', idle_timeout: '999999999h'] | proxy: idle_timeout must be a number of seconds from 0 to 315360000, or text such as '500ms' or '1h', was \"999999999h\"",
                "[remote: 'a:1', idle_timeout: true] | proxy: idle_timeout must be a number of seconds from 0 to 315360000, or text such as '500ms' or '1h', was true",
                "[remote: 'a:1', idle_timeout: java.time.Duration.ofHours(1)] | proxy: idle_timeout must be a number of seconds from 0 to 315360000, or text such as '500ms' or '1h', was a Duration",
                "[close: false] | proxy: close must be true or the bytes to send first, was false",
                "[close: 'a\\u20acb'] | proxy: close must hold chars 0 to 255 only, was U+20AC at position 1",
                "[remote: 'a:1', data: 5] | proxy: data must be text of chars 0 to 255 or a byte[], was an Integer",
                "[remote: 'a:1', retries: -1] | proxy: retries must be a whole number from 0 to 1000000, was -1",
                "[remote: 'a:1', retries: 1.5] | proxy: retries must be a whole number from 0 to 1000000, was 1.5",
                "[remote: 'a:1', idle_timeout: -1] | proxy: idle_timeout must be a number of seconds from 0 to 315360000, or text such as '500ms' or '1h', was -1",
                "[remote: 'a:1', retry_delay: 'x'] | proxy: retry_delay must be a number of seconds from 0 to 315360000, or text such as '500ms' or '1h', was \"x\"",
                "[remote: 'a:1', proxy_protocol: 3] | proxy: proxy_protocol must be 1 or 2, was 3",
                "[remote: 'a:1', proxy_protocol: 1.5] | proxy: proxy_protocol must be 1 or 2, was 1.5",
                "[remote: 'a:1', proxy_protocol: 'v2'] | proxy: proxy_protocol must be 1 or 2, was a String",
                "[remote: 'a:1', proxy_protocol: true] | proxy: proxy_protocol must be 1 or 2, was true",
                "[close: true, proxy_protocol: 1] | proxy: proxy_protocol makes no sense together with close",
                "[remote: 'a:1', proxy_protokol: 1] | proxy: unknown key \"proxy_protokol\", did you mean \"proxy_protocol\"?",
                "[remote: 'a:1', tag: 7] | proxy: tag must be text, was an Integer",
                "[noop: true, tag: 'x'] | proxy: tag makes no sense together with noop",
                "'a:1' | proxy: the answer must be a Map such as [remote: 'host:port'], was a String",
                "42 | proxy: the answer must be a Map such as [remote: 'host:port'], was an Integer",
                "true | proxy: the answer must be a Map such as [remote: 'host:port'], was true",
                "({ [close: true] }) | proxy: the answer must be a Map such as [remote: 'host:port'], was a Closure",
                "[[close: true]].stream() | proxy: the answer must be a Map such as [remote: 'host:port'], was a Stream",
                "Optional.of([close: true]) | proxy: the answer must be a Map such as [remote: 'host:port'], was an Optional",
                "[[close: true]] | proxy: the answer must be a Map such as [remote: 'host:port'], was an ArrayList",
            })
    void shouldNameTheKeyWhatWasExpectedAndWhatWasFound(String answer, String line) throws IOException {
        try (Proxy proxy = Proxy.running("proxy { data -> data == 'x' ? %s : [close: 'fine'] }".formatted(answer))) {
            assertThat(proxy.exchange("x")).isEmpty();
            proxy.assertClosedBecause(CloseReason.SCRIPT_ERROR);
            assertThat(proxy.problem()).endsWith(line).startsWith("router").hasLineCount(1);
            assertThat(proxy.exchange("ok")).isEqualTo("fine");
        }
    }

    @Test
    void shouldNameTheLineOfAnExceptionAndOfAnError() throws IOException {
        try (Proxy proxy = Proxy.running("""
                proxy { data ->
                    if (data == 'throw') throw new IllegalStateException('bad\\nnews')
                    if (data == 'assert') assert data == 'x'
                    if (data.startsWith('ab')) return data ==~ /(a|b)*/ ? [close: 'matched'] : null
                    [close: 'fine']
                }""")) {
            assertThat(proxy.exchange("throw")).isEmpty();
            assertThat(proxy.problem()).matches("router\\d+\\.groovy:2: proxy: IllegalStateException: bad");
            assertThat(proxy.exchange("assert")).isEmpty();
            assertThat(proxy.problem())
                    .matches("router\\d+\\.groovy:3: proxy: PowerAssertionError: assert data == 'x'");
            assertThat(proxy.exchange("ab".repeat(20_000))).isEmpty();
            assertThat(proxy.problem()).contains("proxy: StackOverflowError (a recursion, or a regular expression");
            assertThat(proxy.exchange("x")).isEqualTo("fine");
        }
    }

    @Test
    void shouldReportAFutureThatFailsOrMakesNoSense() throws IOException {
        try (Proxy proxy = Proxy.running("""
                import java.util.concurrent.*
                proxy { data ->
                    data == 'fail' ? CompletableFuture.supplyAsync { throw new IOException('no table') }
                                   : CompletableFuture.completedFuture([remot: 1])
                }""")) {
            assertThat(proxy.exchange("fail")).isEmpty();
            assertThat(proxy.problem()).contains("the future failed: IOException: no table");
            assertThat(proxy.exchange("odd")).isEmpty();
            assertThat(proxy.problem()).contains("the future's answer: unknown key \"remot\"");
        }
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            quoteCharacter = '~',
            value = {
                "proxy { data -> | router\\d+\\.groovy:1:\\d+: .+",
                "~~ | .*router\\d+\\.groovy: registers no proxy block, expected proxy .*",
                "proxy { null }; proxy { null } | router\\d+\\.groovy:1: IllegalArgumentException: proxy is registered twice",
                "proxy { a, b, c -> null } | router\\d+\\.groovy:1: .*proxy takes a block of at most 2 parameters, found 3",
                "throw new RuntimeException('at load') | router\\d+\\.groovy:1: RuntimeException: at load",
                "proxi { null } | router\\d+\\.groovy:1: MissingMethodException: .*proxi.*",
            })
    void shouldRefuseAScriptThatCannotRoute(String script, String line) {
        assertThatThrownBy(() -> Proxy.running(script).close())
                .isInstanceOf(RoutingException.class)
                .satisfies(e -> assertThat(e.getMessage()).matches(line).hasLineCount(1));
    }
}
