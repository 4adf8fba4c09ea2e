package org.proxymachine;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.nio.ByteBuffer;
import java.nio.charset.CodingErrorAction;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.stream.Collectors;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;
import org.proxymachine.AdminEndpoint.Json;

/** Nothing that a client or a script says makes a line, or a field of a line, in any place where it is written. */
class ForgedLinesIT {
    private static final String LINE = "2026-01-01 00:00:00.000 ERROR forged";

    /** As a script has them in quotes. */
    private static final List<String> TEXTS = List.of(
            "\\n" + LINE,
            "\\r" + LINE,
            "\\r\\n" + LINE,
            "\\u0000" + LINE,
            "\\u001b[2J\\u001b[1;1H" + LINE,
            "\\u009b2J" + LINE,
            "\\u0085" + LINE,
            "\\u2028" + LINE,
            "\\u2029" + LINE,
            "\\u000b\\u000c" + LINE,
            "\\ud800",
            "\\udc80\\udcff" + LINE,
            "\\udc81\\udcff" + LINE,
            "\\u202e" + LINE,
            "\\u2066\\u2069\\u200e\\u200f\\u061c\\ufeff" + LINE,
            "\\udb40\\udc41" + LINE,
            "\\\" reason=done client=192.0.2.66:1 id=1 backend=forged:1 tag=forged",
            "\\\\\\\" reason=done tag=forged",
            "'} reason=done",
            "\\\"} 1",
            "\\u00e9\\ud83d\\ude00");

    private static final String SCRIPT = """
            def texts = [TEXTS]
            proxy { data ->
              if (!data.endsWith('.')) return null
              def (kind, number) = data[0..-2].tokenize(' ')
              def text = texts[number as int]
              def packed = text.replaceAll(/[\\x00-\\x20\\x7f]/, '_')
              if (kind == 'log') { log.info(text); log.info('{}', text); log.warn('why', new Exception(text)); println text; return [close: true] }
              if (kind == 'tag') return [close: true, tag: text]
              if (kind == 'throw') throw new IllegalStateException(text)
              if (kind == 'remote') return [remote: text + ':1', retries: 0]
              if (kind == 'name') return [remote: packed.take(200) + ':1', retries: 0]
              if (kind == 'path') return [remote: 'unix:/nowhere/' + packed, retries: 0]
              if (kind == 'key') return [(text): 1]
              if (kind == 'close') return [close: '\\u20ac' + text]
              if (kind == 'reply') return [noop: true, reply: '\\u20ac' + text]
              [remote: '127.0.0.1:1', data: '\\u20ac' + text]
            }
            """;

    private static final List<String> KINDS =
            List.of("log", "tag", "throw", "remote", "name", "path", "key", "close", "reply", "data");

    @TempDir
    Path directory;

    private Program daemon(String format, Path log) throws IOException {
        String texts = TEXTS.stream().map(text -> '"' + text + '"').collect(Collectors.joining(",\n"));
        Path script = Files.writeString(directory.resolve("router.groovy"), SCRIPT.replace("TEXTS", texts));
        return Program.daemon(
                Map.of("PROXYMACHINE_ADMIN", "unix:" + directory + "/admin.sock"),
                "-v",
                "-c",
                script.toString(),
                "-h",
                "127.0.0.1",
                "-p",
                "0",
                "--admin",
                "unix:" + directory + "/admin.sock",
                "--access-log",
                log.toString(),
                "--access-log-format",
                format);
    }

    private static void say(int port, String text) throws IOException {
        try (Connection client = new Connection(new InetSocketAddress(InetAddress.getLoopbackAddress(), port))) {
            client.send(text).receiveAll();
        }
    }

    /** Whole lines of UTF-8, in which all can be seen. */
    private static List<String> lines(String where, byte[] bytes) throws IOException {
        String text = UTF_8.newDecoder()
                .onMalformedInput(CodingErrorAction.REPORT)
                .decode(ByteBuffer.wrap(bytes))
                .toString();
        assertThat(text.codePoints().filter(c -> c != '\n' && isUnseen(c)).mapToObj(Integer::toHexString))
                .as("unseen in " + where)
                .isEmpty();
        assertThat(text).as(where).doesNotContain("\n" + LINE);
        return List.of(text.split("\n"));
    }

    private static boolean isUnseen(int c) {
        return switch (Character.getType(c)) {
            case Character.CONTROL,
                    Character.FORMAT,
                    Character.SURROGATE,
                    Character.LINE_SEPARATOR,
                    Character.PARAGRAPH_SEPARATOR -> true;
            default -> false;
        };
    }

    private List<String> command(String... arguments) throws IOException {
        try (Program command =
                Program.daemon(Map.of("PROXYMACHINE_ADMIN", "unix:" + directory + "/admin.sock"), arguments)) {
            assertThat(command.exitCode()).as(command.output()).isZero();
            return lines(
                    String.join(" ", arguments),
                    command.output().getBytes(java.nio.charset.StandardCharsets.ISO_8859_1));
        }
    }

    @ParameterizedTest
    @ValueSource(strings = {"text", "json"})
    void shouldWriteOneLineAndTheFieldsThatItHasWhateverIsSaid(String format) throws IOException {
        Path log = directory.resolve("access." + format);
        try (Program daemon = daemon(format, log)) {
            int port = daemon.port();
            for (String kind : KINDS) {
                for (int i = 0; i < TEXTS.size(); i++) {
                    say(port, kind + " " + i + ".");
                }
            }
            int all = KINDS.size() * TEXTS.size();
            daemon.await(() -> Files.readString(log).lines().count() >= all);
            assertAccessLog(format, lines("access log", Files.readAllBytes(log)), all);
            AdminEndpoint admin = AdminEndpoint.unix(directory.resolve("admin.sock"));
            assertMetrics(admin.get("/metrics").text());
            Json ended = admin.json("/sessions");
            assertThat(ended.objects("ended")).hasSizeGreaterThan(50);
            assertThat(command("sessions", "--ended"))
                    .hasSize(1 + ended.objects("ended").size())
                    .noneMatch(line -> line.startsWith("forged"));
            command("status");
            for (Json each : ended.objects("ended").subList(0, 3)) {
                command("sessions", String.valueOf(each.get("id")));
            }
            assertConsole(daemon);
        }
    }

    private static void assertAccessLog(String format, List<String> lines, int count) {
        assertThat(lines).hasSize(count);
        if (format.equals("text")) {
            assertThat(lines)
                    .allMatch(line -> line.matches(
                            "accept_date=\\S+ id=\\d+ client_ip=127.0.0.1 client_port=\\d+ frontend_ip=\\S+"
                                    + " frontend_port=\\d+ server_name=(\\S+|\"([^\"\\\\=]|\\\\.)*\") server_ip=\\S+ server_port=\\S+"
                                    + " Tw=\\S+ Tc=\\S+ Tt=\\d+ bytes_read=\\d+ bytes_uploaded=\\d+ reason=\\S+ actconn=\\d+ retries=0"
                                    + "( tag=([^\\s\"=]+|\"([^\"\\\\=]|\\\\.)*\"))?"));
        } else {
            assertThat(lines).allMatch(line -> line.matches("\\{\"time_iso8601\":.*}"));
            assertThat(lines).allMatch(line -> line.chars().allMatch(c -> c < 0x7f));
        }
    }

    private static void assertMetrics(String text) throws IOException {
        Set<String> series = new HashSet<>();
        for (String line : lines("metrics", text.getBytes(UTF_8))) {
            assertThat(line)
                    .matches(
                            "#.*|[a-z0-9_]+(\\{[a-z_]+=\"([^\"\\\\]|\\\\.)*\"(,[a-z_]+=\"([^\"\\\\]|\\\\.)*\")*})? [-+0-9.eEINnaf]+");
            assertThat(line.startsWith("#") || series.add(line.substring(0, line.lastIndexOf(' '))))
                    .as("series once: " + line)
                    .isTrue();
        }
    }

    private static void assertConsole(Program daemon) throws IOException {
        List<String> lines = lines("console", daemon.output().getBytes(java.nio.charset.StandardCharsets.ISO_8859_1));
        assertThat(lines)
                .allMatch(line -> line.startsWith("    ")
                        // The launcher's own word at a first start.
                        || line.startsWith("proxymachine: preparing for faster starts")
                        || line.matches("\\d{4}-\\d\\d-\\d\\d [0-9:.]{12} (DEBUG|INFO |WARN |ERROR) [\\w.]+ .*"));
        // Of the fields that a line of a session has, the first are the daemon's own, and none comes twice.
        assertThat(lines.stream().filter(line -> line.contains(" WARN  session ")))
                .isNotEmpty()
                .allMatch(line -> line.contains(" session id="))
                .noneMatch(line -> line.contains(" reason=") || line.matches(".* (id|client|backend)=.* \\1=.*"));
    }

    @Test
    void shouldCutALineThatWouldBeTooLongForTheJournal() throws IOException {
        Path script = Files.writeString(
                directory.resolve("long.groovy"),
                "proxy { data -> log.info('\\u20ac'.repeat(100_000)); log.warn('x', new Exception('\\u0000'.repeat(100_000)));"
                        + " [close: '.'] }");
        try (Program daemon = Program.daemon(Map.of(), "-c", script.toString(), "-h", "127.0.0.1", "-p", "0")) {
            say(daemon.port(), "x");
            daemon.await("reason=script-close");
            assertThat(daemon.output().lines())
                    .anyMatch(line -> line.length() > 20_000)
                    .allMatch(line -> line.length() < 48 * 1024);
        }
    }
}
