package org.proxymachine.sniff;

import static java.nio.charset.StandardCharsets.ISO_8859_1;
import static org.assertj.core.api.Assertions.assertThat;

import java.nio.ByteBuffer;
import java.util.List;
import java.util.Random;
import javax.net.ssl.SSLContext;
import javax.net.ssl.SSLEngine;
import javax.net.ssl.SSLParameters;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;

class TlsTest {
    private static final String SERVER_NAME = extension(0, vector16("\0" + vector16("WWW.example.COM.")));
    private static final String ALPN = extension(16, vector16(vector8("h2") + vector8("http/1.1")));
    private static final String VERSIONS = extension(43, vector8("\32\32\3\4\3\3"));
    private static final String ECH = extension(0xfe0d, "\0\1");
    private static final String GREASE = extension(0x3a3a, "");

    private static final String MODERN = hello(GREASE + SERVER_NAME + ALPN + VERSIONS + ECH);

    @Test
    void shouldReadAHello() {
        String record = record(MODERN);
        Prefixes.assertReads(Tls::parse, record, modern(record.length()));
    }

    @Test
    void shouldReadOneFromRecordsOfAnySize() {
        for (int size : new int[] {1, 2, 3, 5, 41, 100}) {
            String records = records(MODERN, size);
            Prefixes.assertReads(Tls::parse, records, modern(records.length()));
        }
    }

    @Test
    void shouldReadUpToTheEndOfTheRecordInWhichTheHelloEnds() {
        String records = record(MODERN.substring(0, 3)) + record(MODERN.substring(3) + "more");
        Prefixes.assertReads(Tls::parse, records, modern(records.length()));
    }

    @Test
    void shouldReadAHelloWithoutExtensions() {
        String record = record(message("\3\2" + "r".repeat(32) + "\0\0\2\0\12\1\0"));
        Prefixes.assertReads(Tls::parse, record, new Tls(null, List.of(), List.of("1.1"), false, record.length()));
    }

    @Test
    void shouldNameOtherVersions() {
        String record = record(hello(extension(43, vector8("\3\5\177\34\3\0"))));
        Prefixes.assertReads(
                Tls::parse, record, new Tls(null, List.of(), List.of("1.4", "7f1c", "ssl3"), false, record.length()));
    }

    @Test
    void shouldReadAHelloThatFillsManyRecordsAndAsLongAsItsFieldsCanBe() {
        String ciphers = "\23\1".repeat(32_767);
        int most = 65_535 - 4;
        String extensions = extension(21, "\0".repeat(most));
        String body = "\3\3" + "r".repeat(32) + "\0" + vector16(ciphers) + "\1\0" + vector16(extensions);
        String message = "\1" + (char) (body.length() >> 16) + u16(body.length() & 0xffff) + body;
        String records = records(message, 7);
        assertThat(Prefixes.answer(Tls::parse, records))
                .isEqualTo(new Tls(null, List.of(), List.of("1.2"), false, records.length()));
        for (int missing : new int[] {1, 6, 12, 13, 1000, 200_000, records.length() - 12}) {
            assertThat(Prefixes.answer(Tls::parse, records.substring(0, records.length() - missing)))
                    .isEqualTo("more");
        }
        Prefixes.assertRefuses(Tls::parse, "\26\3\1\100\0\1\3\0\0", 7);
    }

    @Test
    void shouldRefuseRecordsAsEarlyAsOneByteAllows() {
        Prefixes.assertRefuses(Tls::parse, "GET / HTTP/1.1", 1);
        Prefixes.assertRefuses(Tls::parse, "\26\2", 2);
        Prefixes.assertRefuses(Tls::parse, "\26\3\1\102", 4);
        Prefixes.assertRefuses(Tls::parse, "\26\3\1\101\1", 5);
        Prefixes.assertRefuses(Tls::parse, "\26\3\1\0\5\2", 6);
        Prefixes.assertRefuses(Tls::parse, record("\1\0") + "\27\3\3", 8);
    }

    /** A server answers with an alert, which the client can read. */
    @Test
    void shouldReadAHelloThatItsServerRefuses() {
        String random = "r".repeat(32);
        assertReadsHello("", List.of());
        assertReadsHello("\3", List.of());
        assertReadsHello("\3\3" + "r".repeat(20), List.of("1.2"));
        assertReadsHello("\4\0" + random + "\0\0\2xx\1\0", List.of("0400"));
        assertReadsHello("\0\2" + random + "\0\0\2xx\1\0", List.of("ssl2"));
        assertReadsHello("\3\3" + random + "\41" + "s".repeat(50), List.of("1.2"));
        assertReadsHello("\3\3" + random + "\0\0\3xxx\1\0", List.of("1.2"));
        assertReadsHello("\3\3" + random + "\0\1\0xxx\1\0", List.of("1.2"));
        assertReadsHello("\3\3" + random + "\0\0\2xx\0\0", List.of("1.2"));
        assertReadsHello("\3\3" + random + "\0\0\2xx\1\0\0\5xxxx", List.of("1.2"));
    }

    private static void assertReadsHello(String body, List<String> versions) {
        String record = record(message(body));
        Prefixes.assertReads(Tls::parse, record, new Tls(null, List.of(), versions, false, record.length()));
    }

    @Test
    void shouldPassOverEmptyRecords() {
        String empty = "\26\3\1\0\0";
        String message = message("\3\3");
        for (int cut = 0; cut < message.length(); cut++) {
            String records = (cut == 0 ? "" : record(message.substring(0, cut)))
                    + empty
                    + empty
                    + record(message.substring(cut));
            Prefixes.assertReads(
                    Tls::parse, records, new Tls(null, List.of(), List.of("1.2"), false, records.length()));
        }
    }

    /** RFC 5246, appendix E.2. OpenSSL answers it still. */
    @Test
    void shouldReadAHelloInTheFormOfSsl2() {
        String rest = "\0\6\0\0\0\20" + "\0\0\57\1\0\u0080" + "c".repeat(16);
        for (String version : List.of("\3\1 1.0", "\3\0 ssl3", "\3\3 1.2", "\0\2 ssl2")) {
            String hello = "\u0080\37\1" + version.substring(0, 2) + rest;
            Prefixes.assertReads(
                    Tls::parse, hello, new Tls(null, List.of(), List.of(version.substring(3)), false, hello.length()));
        }
        Prefixes.assertRefuses(Tls::parse, "\u0080\37\2", 3);
        Prefixes.assertRefuses(Tls::parse, "\u0080\37\1\2", 4);
        Prefixes.assertRefuses(Tls::parse, "\u0080\37\1\0\3", 5);
        Prefixes.assertRefuses(Tls::parse, "\u0080\37\1\3\1\0\6\0\0\0\21", 11);
        Prefixes.assertRefuses(Tls::parse, "\u0080\1\1\3", 3);
    }

    @Test
    void shouldReadAHelloWithANameThatIsNone() {
        for (String name : new String[] {
            "", ".", "a..b", ".a", "a b", "a\0b", "a:b", "a/b", "2001:db8::1", "::1", "\u00fc", "x".repeat(256)
        }) {
            assertReads(extension(0, vector16("\0" + vector16(name))), null, List.of(), List.of("1.2"));
        }
        assertReads(extension(0, ""), null, List.of(), List.of("1.2"));
        assertReads(extension(0, vector16("")), null, List.of(), List.of("1.2"));
        assertReads(extension(0, "\0\5\0\0\7a"), "a", List.of(), List.of("1.2"));
        // The backend might take either.
        assertReads(
                extension(0, vector16("\0" + vector16("a") + "\0" + vector16("b"))), null, List.of(), List.of("1.2"));
        assertReads(SERVER_NAME + SERVER_NAME, null, List.of(), List.of("1.2"));
        assertReads(
                extension(0, vector16("\0" + vector16("\u00c3\u00bc.example"))),
                "ü.example",
                List.of(),
                List.of("1.2"));
    }

    @Test
    void shouldPassOverNamesOfAnotherKind() {
        String record = record(hello(extension(0, vector16("\1" + vector16("?") + "\0" + vector16("a_b-1")))));
        Prefixes.assertReads(Tls::parse, record, new Tls("a_b-1", List.of(), List.of("1.2"), false, record.length()));
    }

    @Test
    void shouldReadAHelloWithListsThatDoNotFillTheirExtension() {
        assertReads(extension(16, ""), null, List.of(), List.of("1.2"));
        assertReads(extension(16, vector16("")), null, List.of(), List.of("1.2"));
        assertReads(extension(16, vector16("\3h2")), null, List.of("h2"), List.of("1.2"));
        assertReads(extension(16, vector16(vector8("h2")) + "x"), null, List.of("h2"), List.of("1.2"));
        assertReads(extension(16, vector16(vector8("\u00fa\u00fa"))), null, List.of("\udcfa\udcfa"), List.of("1.2"));
        assertReads(extension(43, ""), null, List.of(), List.of("1.2"));
        assertReads(extension(43, vector8("")), null, List.of(), List.of());
        assertReads(extension(43, vector8("\3\4\3")), null, List.of(), List.of("1.3"));
        assertReads(extension(43, "\u00ff\3\4"), null, List.of(), List.of("1.3"));
        assertReads("\0\20\0\1", null, List.of(), List.of("1.2"));
        assertReads("x", null, List.of(), List.of("1.2"));
    }

    @Test
    void shouldReadWhatTheJdkSends() throws Exception {
        SSLEngine engine = SSLContext.getDefault().createSSLEngine("backend.example.com", 443);
        engine.setUseClientMode(true);
        SSLParameters parameters = engine.getSSLParameters();
        parameters.setApplicationProtocols(new String[] {"h2", "http/1.1"});
        parameters.setProtocols(new String[] {"TLSv1.3", "TLSv1.2"});
        engine.setSSLParameters(parameters);
        ByteBuffer sent = ByteBuffer.allocate(engine.getSession().getPacketBufferSize());
        engine.wrap(ByteBuffer.allocate(0), sent);
        String hello = new String(sent.array(), 0, sent.position(), ISO_8859_1);

        Prefixes.assertReads(
                Tls::parse,
                hello,
                new Tls(
                        "backend.example.com",
                        List.of("h2", "http/1.1"),
                        List.of("1.3", "1.2"),
                        false,
                        hello.length()));
    }

    @Test
    void shouldStandByItsAnswerToGarbage() {
        Random random = new Random(1);
        String records = records(MODERN, 50);
        for (int i = 0; i < 1000; i++) {
            Prefixes.assertSteady(Tls::parse, Prefixes.mutated(records, random));
        }
    }

    private static void assertReads(
            String extensions, @Nullable String serverName, List<String> alpn, List<String> versions) {
        String record = record(hello(extensions));
        assertThat(Prefixes.assertSteady(Tls::parse, record))
                .isEqualTo(new Tls(serverName, alpn, versions, false, record.length()));
    }

    private static Tls modern(int length) {
        return new Tls("www.example.com", List.of("h2", "http/1.1"), List.of("1.3", "1.2"), true, length);
    }

    private static String records(String message, int size) {
        StringBuilder records = new StringBuilder();
        for (int i = 0; i < message.length(); i += size) {
            records.append(record(message.substring(i, Math.min(message.length(), i + size))));
        }
        return records.toString();
    }

    private static String record(String fragment) {
        return "\26\3\1" + vector16(fragment);
    }

    private static String hello(String extensions) {
        return message("\3\3" + "r".repeat(32) + "\0\0\2\23\1\1\0" + vector16(extensions));
    }

    private static String message(String body) {
        return "\1\0" + vector16(body);
    }

    private static String extension(int type, String body) {
        return u16(type) + vector16(body);
    }

    private static String vector8(String bytes) {
        return (char) bytes.length() + bytes;
    }

    private static String vector16(String bytes) {
        return u16(bytes.length()) + bytes;
    }

    private static String u16(int value) {
        return "" + (char) (value >> 8) + (char) (value & 0xff);
    }
}
