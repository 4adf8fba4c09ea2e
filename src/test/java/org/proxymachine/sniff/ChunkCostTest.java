package org.proxymachine.sniff;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.Objects;
import java.util.function.Function;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.MethodSource;

/** A long message in a thousand chunks costs at most ten times what it costs whole, counted in bytes looked at. */
class ChunkCostTest {
    private static final int CHUNKS = 1000;
    private static final int BYTES = 1 << 20;

    @ParameterizedTest(name = "{0}")
    @MethodSource("messages")
    void shouldLookAtALongMessageInChunksAtMostTenTimesAsOftenAsWhole(
            String name, Function<String, @Nullable Object> parser, String message) {
        byte[] bytes = message.getBytes(StandardCharsets.ISO_8859_1);
        long whole = looksIn(parser, bytes, 1);
        long inChunks = looksIn(parser, bytes, CHUNKS);
        assertThat(whole).isPositive();
        assertThat(inChunks).isLessThanOrEqualTo(10 * whole);
    }

    static List<Arguments> messages() {
        return Stream.of(http(), redis(), lengths(), lines())
                .flatMap(rows -> rows)
                .toList();
    }

    private static Stream<Arguments> http() {
        String line = "GET / HTTP/1.1\r\n";
        return Stream.of(
                row("http, many headers", Http::parse, line + "A: b\r\n".repeat(BYTES / 6) + "\r\n"),
                row("http, a long header", Http::parse, line + "A: " + "x".repeat(BYTES) + "\r\n\r\n"),
                row(
                        "http, a long name",
                        Http::parse,
                        line + "x".repeat(BYTES / 2) + ":" + "y".repeat(BYTES / 2) + "\r\n\r\n"),
                row("http, many folds", Http::parse, line + "A: b\r\n" + " c\r\n".repeat(BYTES / 4) + "\r\n"),
                row(
                        "http, a long method and target",
                        Http::parse,
                        "M".repeat(BYTES / 2) + " /" + "t".repeat(BYTES / 2) + " HTTP/1.1\r\n\r\n"),
                row("http, many empty lines", Http::parse, "\r\n".repeat(BYTES / 2) + line + "\r\n"),
                row(
                        "http, many blanks",
                        Http::parse,
                        "GET" + " ".repeat(BYTES / 2) + "/" + " ".repeat(BYTES / 2) + "HTTP/1.1\r\n\r\n"));
    }

    private static Stream<Arguments> redis() {
        int words = BYTES / 8;
        return Stream.of(
                row("redis, many words", Redis::parse, "*" + words + "\r\n" + "$2\r\nab\r\n".repeat(words)),
                row("redis, a long word", Redis::parse, "*1\r\n$" + BYTES + "\r\n" + "x".repeat(BYTES) + "\r\n"),
                row("redis, many empty lines", Redis::parse, "\r\n".repeat(BYTES / 2) + "PING\r\n"),
                row("redis, many lines of blanks", Redis::parse, "  \r\n".repeat(BYTES / 4) + "PING\r\n"),
                row("redis, many empty arrays", Redis::parse, "*0\r\n".repeat(BYTES / 4) + "PING\r\n"),
                row("redis, a long line", Redis::parse, "SET " + "x".repeat(65_000) + "\r\n"));
    }

    private static Stream<Arguments> lengths() {
        String parameters = "\0\3\0\0" + "a\0b\0".repeat(BYTES / 4) + "\0";
        String connect = "\0\4MQTT\4\4\0\0" + "\0\1i" + "\0\1t" + "\377\377" + "w".repeat(65_535);
        String properties = "\0\4MQTT\5\2\0\0" + varInt(BYTES) + "p".repeat(BYTES) + "\0\1i";
        String handshake = "\0\5" + varInt(BYTES) + "h".repeat(BYTES) + "\0\1\2";
        return Stream.of(
                row("postgres", Postgres::parse, "\0" + u24(parameters.length() + 4) + parameters),
                row("mqtt, a will", Mqtt::parse, "\20" + varInt(connect.length()) + connect),
                row("mqtt, properties", Mqtt::parse, "\20" + varInt(properties.length()) + properties),
                row("minecraft", Minecraft::parse, varInt(handshake.length()) + handshake),
                row("git", Git::parse, "ffffgit-upload-pack /" + "p".repeat(65_535 - 21)),
                row(
                        "rdp",
                        Rdp::parse,
                        "\3\0\377\377\376\340\0\0\0\0\0" + "Cookie: mstshash=" + "x".repeat(65_535 - 28)),
                row(
                        "proxy",
                        ProxyHeader::parse,
                        "\r\n\r\n\0\r\nQUIT\n\41\21\377\377" + "\0".repeat(12) + "\5\0\1v".repeat((65_535 - 12) / 4)
                                + "\4\0\0"),
                row("tls, records of a byte", Tls::parse, records(1)),
                row("tls, records of 7 bytes", Tls::parse, records(7)),
                row("tls, large records", Tls::parse, records(16_384)));
    }

    private static Stream<Arguments> lines() {
        return Stream.of(
                row("ssh", Ssh::parse, "SSH-2.0-x " + "c".repeat(BYTES) + "\n"),
                row(
                        "ssh, a long version",
                        Ssh::parse,
                        "SSH-" + "2".repeat(BYTES / 2) + "-" + "c".repeat(BYTES / 2) + "\n"),
                row(
                        "socks4",
                        Socks4::parse,
                        "\4\1\0\120\0\0\0\1" + "u".repeat(BYTES / 2) + "\0" + "n".repeat(BYTES / 2) + "\0"));
    }

    private static Arguments row(String name, Function<String, @Nullable Object> parser, String message) {
        return Arguments.of(name, parser, message);
    }

    /** A hello that is as long as it can be, of many small extensions. */
    private static String records(int size) {
        String extensions = "\72\72\0\0".repeat(16_383);
        String body = "\3\3" + "r".repeat(32) + "\0\377\376" + "\23\1".repeat(32_767) + "\1\0"
                + u24(extensions.length()).substring(1) + extensions;
        String message = "\1" + u24(body.length()) + body;
        StringBuilder records = new StringBuilder();
        for (int i = 0; i < message.length(); i += size) {
            String fragment = message.substring(i, Math.min(message.length(), i + size));
            records.append("\26\3\1")
                    .append(u24(fragment.length()).substring(1))
                    .append(fragment);
        }
        return records.toString();
    }

    private static String varInt(int value) {
        return value < 0x80 ? "" + (char) value : (char) ((value & 0x7f) | 0x80) + varInt(value >> 7);
    }

    private static String u24(int value) {
        return "" + (char) (value >> 16) + (char) (value >> 8 & 0xff) + (char) (value & 0xff);
    }

    /** What a router does: asks once, waits for as long as the parser would, and asks again. */
    private static long looksIn(Function<String, @Nullable Object> parser, byte[] bytes, int chunks) {
        Counting counting = new Counting(bytes);
        String all = new String(bytes, StandardCharsets.ISO_8859_1);
        for (int chunk = 1; chunk <= chunks; chunk++) {
            counting.length = (int) ((long) bytes.length * chunk / chunks);
            if (counting.waiting == null || !counting.waiting.goesOn(counting)) {
                counting.ask(parser, all.substring(0, counting.length));
            }
            assertThat(counting.value == null).as("after chunk %d", chunk).isEqualTo(chunk < chunks);
        }
        return counting.looks;
    }

    private static final class Counting implements Bytes {
        private final byte[] bytes;
        private int length;
        private long looks;
        private @Nullable Waiting waiting;
        private @Nullable Object value;

        Counting(byte[] bytes) {
            this.bytes = bytes;
        }

        void ask(Function<String, @Nullable Object> parser, String data) {
            looks += data.length();
            try {
                value = parser.apply(data);
            } catch (NeedMore e) {
                waiting = Objects.requireNonNull(e.waitingAfter(data));
            }
        }

        @Override
        public int length() {
            return length;
        }

        @Override
        public int at(int index) {
            looks++;
            return bytes[index] & 0xff;
        }

        @Override
        public String binary(int from, int to) {
            looks += to - from;
            return new String(bytes, from, to - from, StandardCharsets.ISO_8859_1);
        }
    }
}
