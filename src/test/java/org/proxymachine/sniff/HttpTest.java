package org.proxymachine.sniff;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.List;
import java.util.Map;
import java.util.Objects;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

class HttpTest {
    @Test
    void shouldReadARequest() {
        String head =
                "GET /alice/x?y=/1 HTTP/1.1\r\nHost: Example.COM:8080\r\nACCEPT:a\r\naccept:  b c\t \r\nX:\r\n\r\n";
        Map<String, String> headers = Map.of("host", "Example.COM:8080", "accept", "a, b c", "x", "");
        Http request = new Http(
                "GET", "/alice/x?y=/1", "/alice/x", "1.1", "example.com", 8080, headers, List.of(), head.length());
        Prefixes.assertReads(Http::parse, head, request);
    }

    @Test
    void shouldTakeLineFeedsAloneAndAnEmptyLineBefore() {
        String head = "\r\nGET / HTTP/1.0\nA: b\n\n";
        Prefixes.assertReads(
                Http::parse,
                head,
                new Http("GET", "/", "/", "1.0", null, null, Map.of("a", "b"), List.of(), head.length()));
    }

    @ParameterizedTest
    @CsvSource({
        "GET,     http://A.example,             /,    a.example,   ",
        "GET,     https://a.example:8443?q,     /,    a.example,   8443",
        "GET,     ws+x://[2001:DB8:0::1]:80/a?b, /a,  2001:db8::1, 80",
        "GET,     http://a:/a,                  /a,   a,           ",
        "CONNECT, a.example:443,                '',   a.example,   443",
        "CONNECT, [::1]:22,                     '',   ::1,         22",
        "OPTIONS, *,                            *,    other,       1",
        "get,     //a/b,                        //a/b, other,      1",
        "QUERY,   /%00?a,                       /%00, other,       1",
    })
    void shouldReadEachFormOfTarget(String method, String target, String path, String host, @Nullable Integer port) {
        String head = method + " " + target + " HTTP/1.1\r\nHost: other:1\r\n\r\n";
        Prefixes.assertReads(
                Http::parse,
                head,
                new Http(method, target, path, "1.1", host, port, Map.of("host", "other:1"), List.of(), head.length()));
    }

    @ParameterizedTest
    @CsvSource({
        "EXAMPLE.com,           example.com",
        "my_app-1.local,        my_app-1.local",
        "[::FFFF:192.0.2.1],    ::ffff:192.0.2.1",
        "[1:0:0:2:0:0:0:3]:443, 1:0:0:2::3",
        "'',                    ",
    })
    void shouldReadEachFormOfHost(String value, @Nullable String host) {
        Http request = Objects.requireNonNull(Http.parse("GET / HTTP/1.1\r\nHost: " + value + " \r\n\r\n"));
        assertThat(request.host()).isEqualTo(host);
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                " ",
                "\u0016",
                "G:",
                "GET /\r",
                "GET a\r",
                "GET / HTTP/2\r",
                "GET / HTTQ\n",
                "GET / HTTP/1.\r",
                "GET / HTTP/1.1x\r",
                "GET / HTTP/1.1\rx",
                "GET HTTP/1.1\r",
                "PRI * HTTP/2.0\r",
                "SET k v\r",
                "GET key\r",
                "0041git-upload-pack ",
                "00fFgit-upload-pack ",
                "\r\n\rx",
            })
    void shouldRefuseAtTheFirstByteThatCannotBe(String bytes) {
        Prefixes.assertRefuses(Http::parse, bytes, bytes.length());
    }

    @Test
    void shouldTakeAHostThatIsSaidTwice() {
        Http request = Objects.requireNonNull(Http.parse("GET / HTTP/1.1\r\nHost: a:1\r\nHost:a:1\r\n\r\n"));
        assertThat(request.headers()).isEqualTo(Map.of("host", "a:1"));
    }

    @ParameterizedTest
    @CsvSource({
        "'Host: a\r\nhost: b\r\n',      duplicate, 'a, b'",
        "'Host: a\r\nhost:\r\n',        duplicate, 'a, '",
        "'Host : a\r\n',                 blank,   a",
        "'Host: a\r\n b\r\n',           fold,    a b",
        "'Host: a\r\n b\r\nHost: a\r\n', fold, a b",
        "'Host: a\0\r\n',                control, 'a\0'",
    })
    void shouldNameNoHostThatCanBeReadInTwoWays(String lines, String oddity, String value) {
        String head = "GET / HTTP/1.1\r\n" + lines.translateEscapes() + "\r\n";
        Http request = (Http) Prefixes.assertSteady(Http::parse, head);
        assertThat(request.host()).isNull();
        assertThat(request.oddities()).containsExactly(oddity);
        assertThat(request.headers()).containsEntry("host", value.translateEscapes());
    }

    @ParameterizedTest
    @CsvSource({
        "'A: b\r\n\tc\r\nA: d',   fold,      'b c, d'",
        "'A: b\rc',                 control,   'b\rc'",
        "'A: b\177',                control,   'b\177'",
        "'A : b',                   blank,     b",
        "'A: b\r\nwhat',            line,      b",
        "' what\r\nA: b',           line,      b",
        "'A: b\r\n: c',             name,      b",
        "'A: b\r\nc(d): e',         name,      b",
        "'A: \303\274\374',         ,          ü\udcfc",
    })
    void shouldTellWhatIsOdd(String lines, @Nullable String oddity, String value) {
        String head = "GET / HTTP/1.1\r\n" + lines.translateEscapes() + "\r\n\r\n";
        Http request = (Http) Prefixes.assertSteady(Http::parse, head);
        assertThat(request.headers()).containsEntry("a", unescaped(value.translateEscapes()));
        assertThat(request.oddities()).isEqualTo(oddity == null ? List.of() : List.of(oddity));
        assertThat(request.length()).isEqualTo(head.length());
    }

    private static String unescaped(String text) {
        return text.replace("\\udcfc", "\udcfc");
    }

    @ParameterizedTest
    @CsvSource({
        "a b,",
        "a/,",
        ":,",
        "[1:2:3:4:5:6:7:8:,",
        "[::1%,",
        "[::1]x,",
        "\u00e4,",
        "a%41,",
        "u@a,",
        "a..b,",
        "A.Example., a.example",
        "::1, ::1",
        "a:70000, a",
        "a:x, a",
        "a:, a",
        "\u00c3\u00a4, ä"
    })
    void shouldNameAHostThatCanBeOne(String value, @Nullable String host) {
        Http request = Objects.requireNonNull(Http.parse("GET / HTTP/1.1\r\nHost: " + value + "\r\n\r\n"));
        assertThat(request.host()).isEqualTo(host);
        Http absolute = Objects.requireNonNull(
                Http.parse("GET http://" + value.replace(" ", "|") + " HTTP/1.1\r\nHost: other\r\n\r\n"));
        assertThat(absolute.host()).isEqualTo(value.equals("a/") ? "a" : host);
        assertThat(request.port()).isNull();
    }

    @ParameterizedTest
    @CsvSource({
        "GET   /a?b   HTTP/1.1 , /a",
        "GET a?b HTTP/1.17, a",
        "GET http:/a HTTP/1.1, http:/a",
        "GET /two  words? HTTP/1.1, /two  words",
        "GET http://a b/c HTTP/1.1, /c",
        "GET / HTTP/1.1 HTTP/1.1, / HTTP/1.1",
        "GET * HTTP/1.0, *",
        "CONNECT / HTTP/1.1, ''"
    })
    void shouldReadATargetThatIsOdd(String line, String path) {
        Http request = (Http) Prefixes.assertSteady(Http::parse, line + "\r\n\r\n");
        assertThat(request.path()).isEqualTo(path);
        assertThat(request.host()).isNull();
    }

    @Test
    void shouldTellThatATargetHasBlanks() {
        Http request = Objects.requireNonNull(Http.parse("GET /two words HTTP/1.1\r\nHost: a\r\n\r\n"));
        assertThat(request.target()).isEqualTo("/two words");
        assertThat(request.host()).isEqualTo("a");
        assertThat(request.oddities()).containsExactly("target");
    }

    @Test
    void shouldTakeAHeadOfAnySize() {
        String head = "M".repeat(100) + " /" + "x".repeat(70_000) + " HTTP/1.1\r\n" + "A: b\r\n".repeat(20_000) + "B: "
                + "x".repeat(70_000) + "\r\n\r\n";
        Http request = (Http) Prefixes.answer(Http::parse, head);
        assertThat(request.headers().get("a")).hasSize(20_000 * 3 - 2);
        assertThat(request.headers().get("b")).hasSize(70_000);
        assertThat(Prefixes.answer(Http::parse, head.substring(0, head.length() - 1)))
                .isEqualTo("more");
    }
}
