package org.proxymachine.sniff;

import static java.nio.charset.StandardCharsets.ISO_8859_1;
import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;

import org.junit.jupiter.api.Test;

class RefusalTest {
    @Test
    void shouldAnswerHttpWithAPage() {
        String answer = Refusal.of("http", "no <b>tenant</b> \"x\" & 'ü'");
        int body = answer.indexOf("\r\n\r\n") + 4;
        assertThat(answer.substring(0, body))
                .isEqualTo("HTTP/1.1 503 Service Unavailable\r\n"
                        + "Content-Type: text/html; charset=utf-8\r\n"
                        + "Content-Length: " + (answer.length() - body) + "\r\n"
                        + "Connection: close\r\n"
                        + "Cache-Control: no-store\r\n\r\n");
        assertThat(answer.substring(body))
                .startsWith("<!DOCTYPE html>\n")
                .contains("<title>503 Service Unavailable</title>", "<h1>503 Service Unavailable</h1>")
                .contains("<p>no &lt;b&gt;tenant&lt;/b&gt; &quot;x&quot; &amp; &#39;\u00c3\u00bc&#39;</p>")
                .endsWith("</html>\n");
        assertThat(Refusal.of("http-404", "STATUS"))
                .startsWith("HTTP/1.1 404 Not Found\r\n")
                .contains("<p>STATUS</p>");
        assertThat(Refusal.of("http-499", "")).startsWith("HTTP/1.1 499 Client Error\r\n");
        assertThat(Refusal.of("http-599", "")).startsWith("HTTP/1.1 599 Server Error\r\n");
    }

    @Test
    void shouldAnswerPostgres() {
        assertThat(Refusal.of("postgres", "no such tenant"))
                .isEqualTo("E\0\0\0\52SFATAL\0VFATAL\0C57P03\0Mno such tenant\0\0");
        assertThat(Refusal.of("postgres-28000", "x".repeat(300)))
                .isEqualTo("E\0\0\1\110SFATAL\0VFATAL\0C28000\0M" + "x".repeat(300) + "\0\0");
    }

    @Test
    void shouldAnswerGitInALineOfLessThan1000Bytes() {
        assertThat(Refusal.of("git", "no such repository")).isEqualTo("001bERR no such repository\n");
        assertThat(Refusal.of("git", "x".repeat(990))).isEqualTo("03e7ERR " + "x".repeat(990) + "\n");
        assertThat(Refusal.of("git", "x".repeat(991))).isEqualTo("03e7ERR " + "x".repeat(990) + "\n");
        assertThat(Refusal.of("git", "x" + "世".repeat(400))).isEqualTo("03e5ERR x" + utf8("世".repeat(329)) + "\n");
    }

    @Test
    void shouldAnswerRedis() {
        assertThat(Refusal.of("redis", "no such tenant")).isEqualTo("-ERR no such tenant\r\n");
        assertThat(Refusal.of("redis-NOAUTH", "who?")).isEqualTo("-NOAUTH who?\r\n");
    }

    @Test
    void shouldAnswerSocks() {
        assertThat(Refusal.of("socks4", "x")).isEqualTo("\0\133\0\0\0\0\0\0");
        assertThat(Refusal.of("socks4-93", "x")).isEqualTo("\0\135\0\0\0\0\0\0");
        assertThat(Refusal.of("socks5", "x")).isEqualTo("\5\1\0\1\0\0\0\0\0\0");
        assertThat(Refusal.of("socks5-2", "x")).isEqualTo("\5\2\0\1\0\0\0\0\0\0");
        assertThat(Refusal.of("socks5-greeting", "x")).isEqualTo("\5\u00ff");
        assertThat(Refusal.of("socks5-login", "x")).isEqualTo("\1\1");
    }

    @Test
    void shouldAnswerTls() {
        assertThat(Refusal.of("tls", "x")).isEqualTo("\25\3\3\0\2\2\160");
        assertThat(Refusal.of("tls-40", "x")).isEqualTo("\25\3\3\0\2\2\50");
        assertThat(Refusal.of("tls-255", "x")).isEqualTo("\25\3\3\0\2\2\u00ff");
    }

    @Test
    void shouldAnswerMqtt() {
        assertThat(Refusal.of("mqtt", "x")).isEqualTo("\40\2\0\3");
        assertThat(Refusal.of("mqtt-5", "x")).isEqualTo("\40\2\0\5");
        assertThat(Refusal.of("mqtt5", "busy")).isEqualTo("\40\12\0\u0088\7\37\0\4busy");
        assertThat(Refusal.of("mqtt5-135", "")).isEqualTo("\40\3\0\u0087\0");
        assertThat(Refusal.of("mqtt5", "x".repeat(2000)))
                .isEqualTo("\40\u00e5\7\0\u0088\u00e1\7\37\3\u00de" + "x".repeat(990));
    }

    @Test
    void shouldMakeOneLineOfUtf8OfTheMessage() {
        assertThat(Refusal.of("redis", "a\r\nb\0c\td\u0085e\u2028f\u007fg")).isEqualTo("-ERR a  b c d e f g\r\n");
        assertThat(Refusal.of("redis", "süß 😀 \ud83d")).isEqualTo("-ERR " + utf8("süß 😀 \ufffd") + "\r\n");
    }

    @Test
    void shouldSayWhichKindsThereAre() {
        assertThatIllegalArgumentException()
                .isThrownBy(() -> Refusal.of("htp", ""))
                .withMessage("kind must be one of http, postgres, git, redis, socks4, socks5, socks5-greeting, "
                        + "socks5-login, tls, mqtt, mqtt5 with an optional -CODE, was \"htp\"");
        for (String kind : new String[] {"", "-", "HTTP", "git-5", "socks5-greeting-1", "http "}) {
            assertRefused(kind);
        }
        assertThatIllegalArgumentException()
                .isThrownBy(() -> Refusal.of("a\nb", ""))
                .withMessageEndingWith("was \"a b\"");
    }

    @Test
    void shouldSayWhichCodesThereAre() {
        assertThatIllegalArgumentException()
                .isThrownBy(() -> Refusal.of("http-200", ""))
                .withMessage("http-CODE must have a code of 400 to 599, was \"http-200\"");
        assertThatIllegalArgumentException()
                .isThrownBy(() -> Refusal.of("postgres-1", ""))
                .withMessage("postgres-CODE must have a code of five letters and digits, was \"postgres-1\"");
        for (String kind : new String[] {
            "http-",
            "http-600",
            "http-99999999999",
            "http-+40",
            "http--1",
            "postgres-2800_",
            "postgres-28000\n",
            "redis-noauth",
            "redis-",
            "socks4-90",
            "socks4-94",
            "socks5-0",
            "socks5-9",
            "socks5-hello",
            "tls-256",
            "tls--1",
            "tls-\u0664\u0660",
            "mqtt-0",
            "mqtt-6",
            "mqtt5-127",
            "mqtt5-256"
        }) {
            assertRefused(kind);
        }
    }

    private static void assertRefused(String kind) {
        assertThatIllegalArgumentException()
                .as(kind)
                .isThrownBy(() -> Refusal.of(kind, ""))
                .withMessageContaining("must")
                .withMessageContaining("was \"");
    }

    private static String utf8(String text) {
        return new String(text.getBytes(UTF_8), ISO_8859_1);
    }
}
