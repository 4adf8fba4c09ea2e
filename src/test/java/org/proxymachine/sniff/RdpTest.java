package org.proxymachine.sniff;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.List;
import java.util.Random;
import org.junit.jupiter.api.Test;

class RdpTest {
    private static final String COOKIE = "Cookie: mstshash=eltons\r\n";
    private static final String NEGOTIATION = "\1\0\10\0\13\0\0\0";
    private static final String CORRELATION = "\6\0\44\0" + "i".repeat(32);

    @Test
    void shouldReadARequest() {
        String request = request(COOKIE + NEGOTIATION);
        Prefixes.assertReads(
                Rdp::parse, request, new Rdp("eltons", null, 11, List.of("ssl", "hybrid", "hybrid-ex"), 44));
    }

    @Test
    void shouldReadTheExampleOfTheSpecification() {
        // MS-RDPBCGR, section 4.1.1.
        String request = "\3\0\0\54\47\u00e0\0\0\0\0\0Cookie: mstshash=eltons\r\n\1\0\10\0\0\0\0\0";
        Prefixes.assertReads(Rdp::parse, request, new Rdp("eltons", null, 0, List.of(), 44));
    }

    @Test
    void shouldReadRoutingTokens() {
        String token = request("Cookie: msts=3640205228.15629.0000\r\n" + NEGOTIATION);
        Prefixes.assertReads(
                Rdp::parse,
                token,
                new Rdp(null, "3640205228.15629.0000", 11, List.of("ssl", "hybrid", "hybrid-ex"), token.length()));
        String farm = request("tsv://MS Terminal Services Plugin.1.Farm\r\n");
        Prefixes.assertReads(
                Rdp::parse,
                farm,
                new Rdp(null, "tsv://MS Terminal Services Plugin.1.Farm", 0, List.of(), farm.length()));
    }

    @Test
    void shouldReadARequestWithNothingInIt() {
        Prefixes.assertReads(Rdp::parse, request(""), new Rdp(null, null, 0, List.of(), 11));
    }

    @Test
    void shouldReadAllFlagsAndPassOverACorrelation() {
        String request = request("\1\10\10\0\24\0\0\u0080" + CORRELATION);
        Prefixes.assertReads(
                Rdp::parse, request, new Rdp(null, null, 0x80000014, List.of("rdstls", "aad"), request.length()));
    }

    @Test
    void shouldReadTheLongestCookie() {
        String name = "x".repeat(254 - 6 - 19);
        String request = request("Cookie: mstshash=" + name + "\r\n");
        Prefixes.assertReads(Rdp::parse, request, new Rdp(name, null, 0, List.of(), 259));
    }

    @Test
    void shouldRefuseAsEarlyAsOneByteAllows() {
        Prefixes.assertRefuses(Rdp::parse, "\26\3\1", 1);
        Prefixes.assertRefuses(Rdp::parse, "\3\1", 2);
        Prefixes.assertRefuses(Rdp::parse, "\3\0\0\12\5\u00e0", 4);
        Prefixes.assertRefuses(Rdp::parse, "\3\0\0\13\7\u00e0", 5);
        Prefixes.assertRefuses(Rdp::parse, "\3\0\0\13\6\u00d0", 6);
        Prefixes.assertRefuses(Rdp::parse, "\3\0\0\13\6\u00e0\1", 7);
        Prefixes.assertRefuses(Rdp::parse, "\3\0\0\13\6\u00e0\0\0\1\2\100", 11);
    }

    @Test
    void shouldRefuseWhatElseMayComeInX224() {
        // The request of an S7 client.
        Prefixes.assertRefuses(Rdp::parse, request("\u00c1\2\1\0\u00c2\2\1\2\u00c0\1\12"), 12);
    }

    @Test
    void shouldReadWhatIsOddInARequest() {
        Rdp named = new Rdp("a\0", null, 0, List.of(), 32);
        Prefixes.assertReads(Rdp::parse, request("Cookie: mstshash=a\0\r\n"), named);
        Prefixes.assertReads(Rdp::parse, request("Cookie: mstshash=a"), new Rdp("a", null, 0, List.of(), 29));
        Prefixes.assertReads(
                Rdp::parse,
                request("Cookie: mstshash=j\u00c3\u00bc\u00ff\r\n" + NEGOTIATION),
                new Rdp("jü\udcff", null, 11, List.of("ssl", "hybrid", "hybrid-ex"), 42));
        Prefixes.assertReads(Rdp::parse, request(COOKIE + COOKIE), new Rdp("eltons", null, 0, List.of(), 61));
        Prefixes.assertReads(
                Rdp::parse,
                request(NEGOTIATION + "x"),
                new Rdp(null, null, 11, List.of("ssl", "hybrid", "hybrid-ex"), 20));
        Prefixes.assertReads(Rdp::parse, request("\1\0\10"), new Rdp(null, null, 0, List.of(), 14));
    }

    @Test
    void shouldReadACookieLongerThanX224CanSay() {
        String line = "Cookie: mstshash=" + "x".repeat(300) + "\r\n";
        String request = "\3\0\1\112\376\u00e0\0\0\0\0\0" + line;
        assertThat(Prefixes.answer(Rdp::parse, request)).isEqualTo(new Rdp("x".repeat(300), null, 0, List.of(), 330));
    }

    @Test
    void shouldStandByItsAnswerToGarbage() {
        Random random = new Random(1);
        for (int i = 0; i < 1000; i++) {
            Prefixes.assertSteady(Rdp::parse, Prefixes.mutated(request(COOKIE + NEGOTIATION), random));
        }
    }

    private static String request(String variable) {
        int indicator = 6 + variable.length();
        int length = 5 + indicator;
        return "\3\0" + (char) (length >> 8) + (char) (length & 0xff) + (char) indicator + "\u00e0\0\0\0\0\0"
                + variable;
    }
}
