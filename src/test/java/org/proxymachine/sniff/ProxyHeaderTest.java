package org.proxymachine.sniff;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.UnknownHostException;
import java.nio.charset.StandardCharsets;
import java.util.Arrays;
import java.util.Map;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.constraints.IntRange;
import net.jqwik.api.constraints.Size;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

class ProxyHeaderTest {
    private static final String SIGNATURE = "\r\n\r\n\0\r\nQUIT\n";
    private static final String TCP4 = "\300\0\2\1\306\63\144\2\304\210\1\273";
    private static final InetSocketAddress CLIENT = address("192.0.2.1", 50_312);
    private static final InetSocketAddress SERVER = address("198.51.100.2", 443);
    private static final InetSocketAddress CLIENT6 = address("2001:db8::1", 50_312);

    @Test
    void shouldReadVersion1() {
        reads("PROXY TCP4 192.0.2.1 198.51.100.2 50312 443\r\n", 1, "tcp4", CLIENT, SERVER, Map.of());
        reads("PROXY TCP6 2001:DB8::1 ::ffff:198.51.100.2 50312 443\r\n", 1, "tcp6", CLIENT6, SERVER, Map.of());
        reads("PROXY TCP6 2001:db8::1 198.51.100.2 50312 443\r\n", 1, "tcp6", CLIENT6, SERVER, Map.of());
        reads("PROXY TCP4 192.0.2.1 2001:db8::1 50312 50312\r\n", 1, "tcp4", CLIENT, CLIENT6, Map.of());
        reads(
                "PROXY TCP4 0.0.0.0 255.255.255.255 0 65535\r\n",
                1,
                "tcp4",
                address("0.0.0.0", 0),
                address("255.255.255.255", 65_535),
                Map.of());
    }

    @ParameterizedTest
    @ValueSource(strings = {"", " ", " \0\u00ff what \t"})
    void shouldReadUnknown(String rest) {
        String line = "PROXY UNKNOWN" + rest + "\r\n";
        Prefixes.assertReads(
                ProxyHeader::parse, line, new ProxyHeader(1, true, "unspec", null, null, Map.of(), line.length()));
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "p",
                "PRI",
                "PROXY  ",
                "PROXY UD",
                "PROXY TCP5",
                "PROXY TCP4  ",
                "PROXY TCP4 256.",
                "PROXY TCP4 01.",
                "PROXY TCP4 1.2.3 ",
                "PROXY TCP4 1.2.3.4.",
                "PROXY TCP6 1:2 ",
                "PROXY TCP6 :: [",
                "PROXY TCP4 1.2.3.4 5.6.7.8 65536",
                "PROXY TCP4 1.2.3.4 5.6.7.8 00",
                "PROXY TCP4 1.2.3.4 5.6.7.8 -",
                "PROXY TCP4 1.2.3.4 5.6.7.8 1  ",
                "PROXY TCP4 1.2.3.4 5.6.7.8 1 2 ",
                "PROXY TCP4 1.2.3.4 5.6.7.8 1 2\n",
                "PROXY TCP4 1.2.3.4 5.6.7.8 1 2\r\r",
                "PROXY UNKNOWNS",
                "PROXY UNKNOWN\n",
                "PROXY UNKNOWN \n",
                "PROXY UNKNOWN \ra",
                "\r\r",
                SIGNATURE + "\21",
                SIGNATURE + "\42",
                SIGNATURE + "\41\101",
                SIGNATURE + "\41\23",
                SIGNATURE + "\41\21\0\13",
                SIGNATURE + "\41\41\0\43",
                SIGNATURE + "\41\61\0\327",
                SIGNATURE + "\41\21\0\15" + TCP4 + "\1",
                SIGNATURE + "\41\21\0\17" + TCP4 + "\1\0\1",
            })
    void shouldRefuseAtTheFirstByteThatCannotBe(String bytes) {
        Prefixes.assertRefuses(ProxyHeader::parse, bytes, bytes.length());
    }

    @Test
    void shouldBoundALine() {
        String line = "PROXY UNKNOWN" + " ".repeat(107 - 15) + "\r\n";
        assertThat(Prefixes.answer(ProxyHeader::parse, line))
                .extracting("length")
                .isEqualTo(107);
        Prefixes.assertRefuses(ProxyHeader::parse, "PROXY UNKNOWN" + " ".repeat(107 - 13), 107);
    }

    @Test
    void shouldReadVersion2() {
        reads(SIGNATURE + "\41\21\0\14" + TCP4, 2, "tcp4", CLIENT, SERVER, Map.of());
        reads(SIGNATURE + "\41\22\0\14" + TCP4, 2, "udp4", CLIENT, SERVER, Map.of());
        String v6 = "\40\1\15\270" + "\0".repeat(11) + "\1" + "\0".repeat(16) + "\304\210\0\0";
        reads(SIGNATURE + "\41\41\0\44" + v6, 2, "tcp6", CLIENT6, address("::", 0), Map.of());
        reads(SIGNATURE + "\41\42\0\44" + v6, 2, "udp6", CLIENT6, address("::", 0), Map.of());
        reads(SIGNATURE + "\41\61\0\330" + "/x".repeat(108), 2, "unix", null, null, Map.of());
    }

    @Test
    void shouldReadValues() {
        String values = "\1\0\2h2" + "\4\0\3pad" + "\5\0\0" + "\1\0\1x";
        reads(SIGNATURE + "\41\21\0\36" + TCP4 + values, 2, "tcp4", CLIENT, SERVER, Map.of(1, "h2", 5, ""));
    }

    @Test
    void shouldCheckASum() {
        String header = SIGNATURE + "\41\21\0\23" + TCP4 + "\3\0\4";
        reads(header + "\316\352\270\101", 2, "tcp4", CLIENT, SERVER, Map.of(3, "\316\352\270\101"));
        Prefixes.assertRefuses(ProxyHeader::parse, header + "\316\352\270\102", header.length() + 4);
        Prefixes.assertRefuses(
                ProxyHeader::parse, SIGNATURE + "\41\21\0\23" + TCP4 + "\3\0\3xxxx", header.length() + 4);
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "\40\0\0\0",
                "\40\21\0\2ab",
                "\40\377\0\2ab",
                "\41\0\0\3\u00ff\u00ff\u00ff",
                "\41\20\0\1a",
                "\41\2\0\0"
            })
    void shouldIgnoreWhatALocalHeaderHolds(String rest) {
        String header = SIGNATURE + rest;
        Prefixes.assertReads(
                ProxyHeader::parse, header, new ProxyHeader(2, true, "unspec", null, null, Map.of(), header.length()));
    }

    @Test
    void shouldTakeABlockOfAnyLength() {
        String header = SIGNATURE + "\41\21\377\377" + TCP4 + "\4" + (char) (65_520 >> 8) + (char) (65_520 & 0xff);
        assertThat(Prefixes.answer(ProxyHeader::parse, header + "x".repeat(65_520)))
                .extracting("length")
                .isEqualTo(16 + 65_535);
    }

    @ParameterizedTest
    @CsvSource({
        "GET / HTTP/1.1\\r\\n, '\"GET / HTTP/1.1\\r\\n\", which is none'",
        "'PROXY UDP4 ', '\"PROXY UDP4 \", whose family is wrong'",
        "'PROXY TCP4 192.0.2.256 ', '\"PROXY TCP4 192.0.2.256 \", whose source address is wrong'",
        "'PROXY TCP6 ::1 ::1::\\u0000', '\"PROXY TCP6 ::1 ::1::\\x00\", whose destination address is wrong'",
        "PROXY TCP4 1.2.3.4 1.2.3.4 65536, '\"PROXY TCP4 1.2.3.4 1.2.3.4 65536\", whose source port is wrong'",
        "PROXY TCP4 1.2.3.4 1.2.3.4 1 02, '\"PROXY TCP4 1.2.3.4 1.2.3.4 1 02\", whose destination port is wrong'",
        "PROXY TCP4 1.2.3.4 1.2.3.4 1 2 3, '\"PROXY TCP4 1.2.3.4 1.2.3.4 1 2 3\", whose end is wrong'",
    })
    void shouldSayWhichPartIsWrong(String bytes, String problem) {
        String said = bytes.replace("\\r", "\r").replace("\\n", "\n").replace("\\u0000", "\0");
        assertThat(ProxyHeader.problem(said)).isEqualTo(problem);
    }

    @Test
    void shouldSayWhichPartOfABlockIsWrong() {
        assertThat(ProxyHeader.problem(SIGNATURE + "\42"))
                .endsWith("\\x00\\r\\nQUIT\\n\\\"\", whose version and command is wrong");
        assertThat(ProxyHeader.problem(SIGNATURE + "\41\101")).endsWith(", whose family and transport is wrong");
        assertThat(ProxyHeader.problem(SIGNATURE + "\41\21\0\13")).endsWith(", whose length is wrong");
        assertThat(ProxyHeader.problem(SIGNATURE + "\41\21\0\15" + TCP4 + "\1"))
                .endsWith(", whose list of values is wrong");
        String sum = SIGNATURE + "\41\21\0\23" + TCP4 + "\3\0\4\316\352\270\102";
        assertThat(ProxyHeader.problem(sum)).endsWith(", whose checksum is wrong");
        assertThat(ProxyHeader.problem("x".repeat(200))).isEqualTo('"' + "x".repeat(107) + "…\", which is none");
    }

    @ParameterizedTest
    @CsvSource({
        "192.0.2.1, 198.51.100.2, PROXY TCP4 192.0.2.1 198.51.100.2 1 2",
        "::1,       2001:db8::,   PROXY TCP6 ::1 2001:db8:: 1 2",
        "192.0.2.1, ::1,          PROXY TCP6 ::ffff:c000:201 ::1 1 2",
    })
    void shouldWriteALine(String source, String destination, String line) {
        assertThat(encoded(1, address(source, 1), address(destination, 2))).isEqualTo(line + "\r\n");
    }

    @Test
    void shouldWriteThatItSaysNothing() {
        InetSocketAddress unresolved = InetSocketAddress.createUnresolved("a.example", 1);
        assertThat(encoded(1, null, SERVER)).isEqualTo("PROXY UNKNOWN\r\n");
        assertThat(encoded(1, CLIENT, unresolved)).isEqualTo("PROXY UNKNOWN\r\n");
        assertThat(encoded(2, CLIENT, null)).isEqualTo(SIGNATURE + "\40\0\0\0");
        assertThat(encoded(2, unresolved, SERVER)).isEqualTo(SIGNATURE + "\40\0\0\0");
        assertThatThrownBy(() -> ProxyHeader.encode(3, CLIENT, SERVER)).hasMessage("version must be 1 or 2, was 3");
    }

    @Test
    void shouldWriteABlock() {
        assertThat(encoded(2, CLIENT, SERVER)).isEqualTo(SIGNATURE + "\41\21\0\14" + TCP4);
    }

    @Property
    void shouldReadWhatItWrites(
            @ForAll @IntRange(min = 1, max = 2) int version,
            @ForAll @Size(16) byte[] from,
            @ForAll @IntRange(max = 65_535) int sourcePort,
            @ForAll @Size(16) byte[] to,
            @ForAll @IntRange(max = 65_535) int destinationPort,
            @ForAll boolean from4,
            @ForAll boolean to4)
            throws Exception {
        InetSocketAddress source = new InetSocketAddress(InetAddress.getByAddress(cut(from, from4)), sourcePort);
        InetSocketAddress destination = new InetSocketAddress(InetAddress.getByAddress(cut(to, to4)), destinationPort);
        String header = encoded(version, source, destination);
        String transport = source.getAddress().getAddress().length
                                + destination.getAddress().getAddress().length
                        == 8
                ? "tcp4"
                : "tcp6";
        assertThat(ProxyHeader.parse(header + "GET"))
                .isEqualTo(new ProxyHeader(version, false, transport, source, destination, Map.of(), header.length()));
    }

    private static byte[] cut(byte[] address, boolean v4) {
        return v4 ? Arrays.copyOf(address, 4) : address;
    }

    private static void reads(
            String header,
            int version,
            String transport,
            @Nullable InetSocketAddress source,
            @Nullable InetSocketAddress destination,
            Map<Integer, String> tlvs) {
        Prefixes.assertReads(
                ProxyHeader::parse,
                header,
                new ProxyHeader(version, false, transport, source, destination, tlvs, header.length()));
    }

    private static String encoded(
            int version, @Nullable InetSocketAddress source, @Nullable InetSocketAddress destination) {
        return new String(ProxyHeader.encode(version, source, destination), StandardCharsets.ISO_8859_1);
    }

    private static InetSocketAddress address(String host, int port) {
        try {
            return new InetSocketAddress(InetAddress.getByName(host), port);
        } catch (UnknownHostException e) {
            throw new IllegalArgumentException(e);
        }
    }
}
