package org.proxymachine.sniff;

import static org.assertj.core.api.Assertions.assertThat;

import java.lang.reflect.RecordComponent;
import java.time.Duration;
import java.util.Arrays;
import java.util.List;
import java.util.Random;
import java.util.function.Function;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;

/**
 * What all parsers promise, for messages that are changed at random: quiet on garbage; steady, so that chunk boundaries
 * cannot matter; and never past the message. {@code -Dproxymachine.seed} repeats a run, {@code -Dproxymachine.inputs}
 * makes it longer.
 */
class EveryParserTest {
    private static final List<Row> ROWS = List.of(
            row("ssh", Ssh::parse, "SSH-2.0-OpenSSH_9.2p1 Debian-2\r\n", "SSH-1.99-x\n"),
            row(
                    "http",
                    Http::parse,
                    "GET /alice/x?y=1 HTTP/1.1\r\nHost: Example.COM:8080\r\nAccept: a\r\naccept: b\r\n\r\n",
                    "\r\nCONNECT [2001:db8::1]:443 HTTP/1.0\n\n",
                    "OPTIONS * HTTP/1.1\r\nHost:\r\n\r\n",
                    "POST http://a.example/x HTTP/1.1\r\nHost: a.example\r\nhost: a.example\r\n\r\n",
                    "GET /two words HTTP/1.1\r\n\r\n"),
            row(
                    "git",
                    Git::parse,
                    "0041git-upload-pack /alice/repo\0host=git.example:9418\0\0version=2\0",
                    "0025git-receive-pack ~bob/repo/x.git\n",
                    "001fgit-upload-pack /a/repo.git"),
            row(
                    "postgres",
                    Postgres::parse,
                    "\0\0\0\42\0\3\0\0user\0alice\0database\0shop\0\0",
                    "\0\0\0\10\4\322\26\57",
                    "\0\0\0\20\4\322\26\56\0\1\2\3KEY!"),
            row(
                    "redis",
                    Redis::parse,
                    "*3\r\n$4\r\nAUTH\r\n$5\r\nalice\r\n$2\r\n\0\n\r\n",
                    "hello 3 AUTH \"ali\\x63e\\n\" 'it\\'s'\r\n",
                    "PING\n"),
            row("socks4", Socks4::parse, "\4\1\37\220\300\0\2\1joe\0", "\4\2\1\273\0\0\0\1\0a.example\0"),
            row("socks5 greeting", Socks5::greeting, "\5\3\0\1\2"),
            row("socks5 login", Socks5::login, "\1\5alice\6secret"),
            row(
                    "socks5 request",
                    Socks5::request,
                    "\5\1\0\1\300\0\2\1\1\273",
                    "\5\2\0\3\11a.example\0\120",
                    "\5\3\0\4\40\1\15\270\0\0\0\0\0\0\0\0\0\0\0\1\0\120"),
            row(
                    "tls",
                    Tls::parse,
                    "\26\3\1\0\2\1\0\26\3\1\0\115\0\113\3\3" + "r".repeat(32) + "\0\0\2\23\1\1\0\0\40"
                            + "\0\0\0\10\0\6\0\0\3a.b\0\20\0\5\0\3\2h2\0\53\0\3\2\3\4\376\15\0\0",
                    "\26\3\1\0\0\26\3\1\0\6\1\0\0\2\3\1",
                    "\200\37\1\3\1\0\6\0\0\0\20\0\0\57\1\0\200" + "c".repeat(16)),
            row(
                    "rdp",
                    Rdp::parse,
                    "\3\0\0\13\6\340\0\0\0\0\0",
                    "\3\0\0\54\47\340\0\0\0\0\0Cookie: mstshash=eltons\r\n\1\0\10\0\13\0\0\0"),
            row(
                    "minecraft",
                    Minecraft::parse,
                    "\25\0\373\5\16mc.example.com\143\335\2",
                    "\u00fe\2\0\373\5\u00f6\2" + "x".repeat(374) + "\143\335\2"),
            row(
                    "mqtt",
                    Mqtt::parse,
                    "\20\16\0\4MQTT\4\2\0\74\0\2id",
                    "\20\32\0\4MQTT\4\302\0\74\0\2id\0\5alice\0\3pwd",
                    "\20\24\0\4MQTT\5\2\0\74\3\41\0\24\0\4id-5"),
            row(
                    "proxy",
                    ProxyHeader::parse,
                    "PROXY TCP4 192.0.2.1 198.51.100.2 50312 443\r\n",
                    "PROXY TCP6 2001:db8::1 ::ffff:198.51.100.2 50312 443\r\n",
                    "PROXY UNKNOWN ?\r\n",
                    "\r\n\r\n\0\r\nQUIT\n\41\21\0\21\300\0\2\1\306\63\144\2\304\210\1\273\1\0\2h2",
                    "\r\n\r\n\0\r\nQUIT\n\41\21\0\23\300\0\2\1\306\63\144\2\304\210\1\273\3\0\4\316\352\270\101",
                    "\r\n\r\n\0\r\nQUIT\n\40\0\0\2ab"));

    private record Row(String name, Function<String, ?> parser, List<String> samples) {}

    private static Row row(String name, Function<String, ?> parser, String... samples) {
        return new Row(name, parser, List.of(samples));
    }

    @Test
    void shouldReadEachSampleWhateverFollows() {
        for (Row row : ROWS) {
            for (String sample : row.samples) {
                for (String follows : List.of("\0".repeat(40), "\u00ff".repeat(40), "\r\n\r\n", sample)) {
                    assertThat(Prefixes.assertSteady(row.parser, sample + follows))
                            .as("%s: %s", row.name, sample)
                            .isInstanceOf(Record.class)
                            .satisfies(value -> assertThat(length(value)).isEqualTo(sample.length()));
                }
            }
        }
    }

    @Test
    void shouldBeQuietAndSteadyWhateverComes() {
        long seed = Long.getLong("proxymachine.seed", System.nanoTime());
        int inputs = Integer.getInteger("proxymachine.inputs", 60_000);
        Random random = new Random(seed);
        long start = System.nanoTime();
        for (int i = 0; i < inputs; i++) {
            Row row = ROWS.get(i % ROWS.size());
            String input = input(row, random);
            try {
                check(row.parser, input, random);
            } catch (Throwable e) {
                String run = "-Dproxymachine.seed=" + seed + ", input " + i;
                throw new AssertionError(run + ", " + row.name + ": " + escaped(input), e);
            }
        }
        assertTook(start, Duration.ofSeconds(30).plus(Duration.ofMillis(inputs)));
    }

    /** Each byte in turn another one: each of its bits, one more, one less, none, all. */
    @Test
    void shouldBeQuietAndSteadyWhicheverByteIsAnother() {
        Random random = new Random(1);
        for (Row row : ROWS) {
            for (String sample : row.samples) {
                for (int at = 0; at < sample.length(); at++) {
                    for (int value : others(sample.charAt(at))) {
                        String input = sample.substring(0, at) + (char) value + sample.substring(at + 1);
                        check(row.parser, input, random);
                        check(row.parser, input + sample, random);
                    }
                }
            }
        }
    }

    private static int[] others(int value) {
        return IntStream.concat(
                        IntStream.range(0, 8).map(bit -> value ^ 1 << bit),
                        IntStream.of(value + 1, value - 1, 0, 0x7f, 0x80, 0xff))
                .map(other -> other & 0xff)
                .toArray();
    }

    /** Else a script that asks one parser after the other waits for bytes that this client does not send. */
    @Test
    void shouldNotWaitForMoreThanWhatIsWholeInAnotherProtocol() {
        for (Row row : ROWS) {
            // Those are no client's first bytes.
            if (row.name.equals("socks5 login") || row.name.equals("socks5 request")) {
                continue;
            }
            for (Row other : ROWS) {
                for (String sample : other.samples) {
                    assertThat(Prefixes.answer(row.parser, sample))
                            .as("%s, asked about %s: %s", row.name, other.name, sample)
                            .isNotEqualTo("more");
                }
            }
        }
    }

    /** A parser begins anew at each chunk, so no call may be slow, whatever it is that never becomes whole. */
    @Test
    void shouldBeQuickAtTheLongestMessages() {
        long start = System.nanoTime();
        for (Row row : ROWS) {
            for (String sample : row.samples) {
                for (String filler :
                        List.of("\0", "a", "0", " ", "\"", "\u00ff", "\n", "a\0", "a:b\r\n", "*1\r\n", "$1\r\na\r\n")) {
                    String rest = filler.repeat(70_000 / filler.length());
                    for (int cut = 0; cut <= sample.length(); cut += 1 + sample.length() / 16) {
                        Prefixes.answer(row.parser, sample.substring(0, cut) + rest);
                    }
                }
            }
        }
        assertTook(start, Duration.ofSeconds(60));
    }

    private static void check(Function<String, ?> parser, String input, Random random) {
        int one = random.nextInt(input.length() + 1);
        int other = random.nextInt(input.length() + 1);
        int[] lengths = {Math.min(one, other), Math.max(one, other), input.length()};
        Object decided = "more";
        for (int length : lengths) {
            Object answer = Prefixes.answer(parser, input.substring(0, length));
            if (!decided.equals("more")) {
                expect(decided, answer, length);
            }
            decided = answer;
        }
        if (decided instanceof Record value) {
            int length = length(value);
            expect(value, Prefixes.answer(parser, input.substring(0, length)), length);
            expect("more", Prefixes.answer(parser, input.substring(0, length - 1)), length - 1);
        }
    }

    // Without AssertJ, which would take most of the time.
    private static void expect(Object expected, Object answer, int length) {
        if (!answer.equals(expected)) {
            throw new AssertionError("after " + length + " bytes expected " + expected + ", was " + answer);
        }
    }

    private static String input(Row row, Random random) {
        StringBuilder input = new StringBuilder(Prefixes.mutated(sample(row, random), random));
        switch (random.nextInt(4)) {
            case 0 -> input.append(sample(row, random));
            case 1 -> input.insert(0, sample(ROWS.get(random.nextInt(ROWS.size())), random));
            case 2 -> random.ints(random.nextInt(40), 0, 256).forEach(b -> input.append((char) b));
            default -> {}
        }
        return input.toString();
    }

    private static String sample(Row row, Random random) {
        return row.samples.get(random.nextInt(row.samples.size()));
    }

    /** All records end with it. */
    private static int length(Object value) {
        RecordComponent[] components = value.getClass().getRecordComponents();
        RecordComponent last = components[components.length - 1];
        if (!last.getName().equals("length")) {
            throw new AssertionError("the last component must be the length, was " + last);
        }
        try {
            return (int) last.getAccessor().invoke(value);
        } catch (ReflectiveOperationException e) {
            throw new LinkageError(e.getMessage(), e);
        }
    }

    private static void assertTook(long startNanos, Duration most) {
        assertThat(Duration.ofNanos(System.nanoTime() - startNanos)).isLessThan(most);
    }

    private static String escaped(String bytes) {
        return Arrays.toString(bytes.chars().mapToObj(Integer::toHexString).toArray());
    }
}
