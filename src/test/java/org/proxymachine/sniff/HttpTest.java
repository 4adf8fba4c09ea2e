package org.proxymachine.sniff;

import static org.assertj.core.api.Assertions.assertThat;

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
        Http request = new Http("GET", "/alice/x?y=/1", "/alice/x", "1.1", "example.com", 8080, headers, head.length());
        Prefixes.assertReads(Http::parse, head, request);
    }

    @Test
    void shouldTakeLineFeedsAloneAndAnEmptyLineBefore() {
        String head = "\r\nGET / HTTP/1.0\nA: b\n\n";
        Prefixes.assertReads(
                Http::parse, head, new Http("GET", "/", "/", "1.0", null, null, Map.of("a", "b"), head.length()));
        Prefixes.assertRefuses(Http::parse, "\r\n\r", 3);
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
        "QUERY,   /%00?\u00e4,                  /%00, other,       1",
    })
    void shouldReadEachFormOfTarget(String method, String target, String path, String host, @Nullable Integer port) {
        String head = method + " " + target + " HTTP/1.1\r\nHost: other:1\r\n\r\n";
        Prefixes.assertReads(
                Http::parse,
                head,
                new Http(method, target, path, "1.1", host, port, Map.of("host", "other:1"), head.length()));
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
                "GET  ",
                "G:",
                "GET /a\t",
                "GET /\r",
                "GET *",
                "GET a/",
                "GET 1",
                "GET http:/a",
                "GET http:///",
                "GET http://a@",
                "GET http://a%",
                "GET http://a:65536",
                "GET http://[::1]x",
                "CONNECT /",
                "CONNECT a ",
                "PRI *",
                "GET / HTTP/2",
                "GET / HTTP/1.1 ",
                "GET / HTTP/1.10",
                "GET / HTTP/1.1\rx",
                "GET / HTTP/1.1\r\n ",
                "GET / HTTP/1.1\r\n:",
                "GET / HTTP/1.1\r\nA ",
                "GET / HTTP/1.1\r\nA: b\r\n ",
                "GET / HTTP/1.1\r\nA: b\rc",
                "GET / HTTP/1.1\r\nA: b\0",
                "GET / HTTP/1.1\r\nHost: a b",
                "GET / HTTP/1.1\r\nHost: a/",
                "GET / HTTP/1.1\r\nHost: :",
                "GET / HTTP/1.1\r\nHost: [1:2:3:4:5:6:7:8:",
                "GET / HTTP/1.1\r\nHost: [::1%",
                "GET / HTTP/1.1\r\nHost: \u00e4",
                "GET / HTTP/1.1\r\nHost: a\r\nhost: b\r",
                "GET / HTTP/1.1\r\nHost: a\r\nhost:\r",
            })
    void shouldRefuseAtTheFirstByteThatCannotBe(String bytes) {
        Prefixes.assertRefuses(Http::parse, bytes, bytes.length());
    }

    @Test
    void shouldTakeAHostThatIsSaidTwice() {
        Http request = Objects.requireNonNull(Http.parse("GET / HTTP/1.1\r\nHost: a:1\r\nHost:a:1\r\n\r\n"));
        assertThat(request.headers()).isEqualTo(Map.of("host", "a:1"));
    }

    @Test
    void shouldBoundAMethod() {
        Prefixes.assertRefuses(Http::parse, "x".repeat(33), 33);
    }

    @Test
    void shouldTake200HeadersAndNoMore() {
        String lines = "GET / HTTP/1.1\r\n" + "A: b\r\n".repeat(200);
        Http request = Objects.requireNonNull(Http.parse(lines + "\r\n"));
        assertThat(request.headers().get("a")).hasSize(200 * 3 - 2);
        assertThat(Prefixes.answer(Http::parse, lines)).isEqualTo("more");
        assertThat(Prefixes.answer(Http::parse, lines + "A")).isEqualTo("no");
    }

    @Test
    void shouldTake64KiBAndNoMore() {
        String head = "GET / HTTP/1.1\r\nA: ";
        String value = "x".repeat(65_536 - head.length() - 4);
        assertThat(Http.parse(head + value + "\r\n\r\n")).extracting("length").isEqualTo(65_536);
        assertThat(Prefixes.answer(Http::parse, head + value + "x\r\n\r")).isEqualTo("no");
        assertThat(Prefixes.answer(Http::parse, head + value + "xxx")).isEqualTo("more");
        assertThat(Prefixes.answer(Http::parse, head + value + "xxxx")).isEqualTo("no");
    }
}
