package org.proxymachine;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.IOException;
import java.lang.annotation.Retention;
import java.lang.annotation.RetentionPolicy;
import java.net.InetSocketAddress;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Locale;
import java.util.Objects;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;
import org.proxymachine.observe.AccessFormat;
import org.proxymachine.observe.AccessLog;
import org.proxymachine.route.Destination;
import org.proxymachine.route.DurationText;
import org.proxymachine.server.SocketFile;
import org.proxymachine.session.CloseReason;
import org.proxymachine.session.SessionReport;
import org.proxymachine.sniff.Git;
import org.proxymachine.sniff.Http;
import org.proxymachine.sniff.ProxyHeader;
import org.proxymachine.sniff.Refusal;

/** Locales with other digits, or in which an I has no dot when it is small: nothing that the proxy writes or reads differs. */
class LocaleTest {
    private final Locale before = Locale.getDefault();

    @AfterEach
    void restoreLocale() {
        Locale.setDefault(before);
    }

    @Retention(RetentionPolicy.RUNTIME)
    @ParameterizedTest
    @ValueSource(strings = {"fa-IR-u-nu-arabext", "ar-EG-u-nu-arab", "tr-TR"})
    private @interface InEachLocale {}

    private static InetSocketAddress address(String host, int port) {
        return new InetSocketAddress(host, port);
    }

    @InEachLocale
    void shouldWriteTheSameProxyHeaders(String locale) {
        Locale.setDefault(Locale.forLanguageTag(locale));
        byte[] header = ProxyHeader.encode(1, address("192.0.2.1", 50_312), address("192.0.2.9", 5_432));
        assertThat(new String(header, StandardCharsets.ISO_8859_1))
                .isEqualTo("PROXY TCP4 192.0.2.1 192.0.2.9 50312 5432\r\n");
    }

    @InEachLocale
    void shouldWriteTheSameAccessLog(String locale, @TempDir Path directory) throws IOException {
        String expected = accessLog(directory, Locale.ROOT);
        assertThat(expected)
                .contains("10.0.0.1")
                .contains("1043")
                .contains("0.310")
                .containsPattern("^accept_date=[Z+]");
        assertThat(accessLog(directory, Locale.forLanguageTag(locale))).isEqualTo(expected);
    }

    private static String accessLog(Path directory, Locale locale) throws IOException {
        Locale.setDefault(locale);
        StringBuilder lines = new StringBuilder();
        for (AccessFormat format : AccessFormat.values()) {
            Path file = Files.createTempFile(directory, "access", ".log");
            try (AccessLog log = AccessLog.to(file.toString(), format)) {
                log.closed(report());
            }
            // All but the time of day.
            lines.append(
                    Files.readString(file).replaceAll("[0-9]{4}-[0-9]{2}-[0-9]{2}T[0-9:.]{8,12}|\"msec\":[0-9.]+", ""));
        }
        return lines.toString();
    }

    private static SessionReport report() {
        return new SessionReport(
                7,
                address("192.0.2.1", 50_312),
                address("2001:db8::1", 9),
                address("192.0.2.9", 5_432),
                Destination.parse("app.example:80"),
                address("10.0.0.1", 80),
                CloseReason.DONE,
                2,
                1_043,
                88_211,
                1_044,
                88_210,
                2_000_000,
                250_000_000,
                251_000_000,
                253_000_000,
                310_000_000,
                12,
                "title");
    }

    @InEachLocale
    void shouldWriteTheSameMessages(String locale) {
        Locale.setDefault(Locale.forLanguageTag(locale));
        assertThat(DurationText.parse("1.5s")).isEqualTo(Duration.ofMillis(1_500));
        assertThatThrownBy(() -> SocketFile.bind(Path.of("/tmp/" + "x".repeat(200)), 0600, inside -> {}))
                .hasMessageContaining("the path has 205 bytes, 200 of them its name; at most 106 are possible");
        assertThat(Refusal.of("git", "no")).isEqualTo("000bERR no\n");
    }

    @InEachLocale
    void shouldReadNamesTheSame(String locale) {
        Locale.setDefault(Locale.forLanguageTag(locale));
        assertThat(Objects.requireNonNull(Http.parse("GET / HTTP/1.1\r\nHOST: TITLE.EXAMPLE\r\n\r\n"))
                        .host())
                .isEqualTo("title.example");
        assertThat(Objects.requireNonNull(Git.parse("0030git-upload-pack /project\0host=TITLE.EXAMPLE\0"))
                        .host())
                .isEqualTo("title.example");
    }
}
