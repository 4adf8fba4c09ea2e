package org.proxymachine.sniff;

import static java.nio.charset.StandardCharsets.ISO_8859_1;
import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;

import java.util.Random;
import org.junit.jupiter.api.Test;

class MinecraftTest {
    private static final String PROTOCOL = "\u00fb\5";
    private static final String PORT = "\143\335";

    private static final String HANDSHAKE = packet("\0" + PROTOCOL + string("mc.example.com") + PORT + "\2");

    @Test
    void shouldReadAHandshake() {
        Prefixes.assertReads(
                Minecraft::parse, HANDSHAKE, new Minecraft("mc.example.com", 25565, 763, 2, HANDSHAKE.length()));
    }

    @Test
    void shouldReadAPingOfAnyVersion() {
        String ping = packet("\0\u00ff\u00ff\u00ff\u00ff\17" + string("::1") + PORT + "\1");
        Prefixes.assertReads(Minecraft::parse, ping, new Minecraft("::1", 25565, -1, 1, ping.length()));
    }

    @Test
    void shouldLeaveOutWhatIsNoHost() {
        String forge = packet("\0" + PROTOCOL + string("mc.example.com\0FML2\0") + PORT + "\3");
        Prefixes.assertReads(Minecraft::parse, forge, new Minecraft("mc.example.com", 25565, 763, 3, forge.length()));
        String dotted = packet("\0" + PROTOCOL + string("MC.example.com.\0FML\0") + PORT + "\3");
        Prefixes.assertReads(Minecraft::parse, dotted, new Minecraft("mc.example.com", 25565, 763, 3, dotted.length()));
    }

    @Test
    void shouldReadHostsOfAnyLength() {
        for (String c : new String[] {"x", "ü", "世"}) {
            String longest = packet("\0" + PROTOCOL + string(c.repeat(32_767)) + PORT + "\2");
            assertThat(Prefixes.answer(Minecraft::parse, longest))
                    .isEqualTo(new Minecraft(c.repeat(32_767), 25565, 763, 2, longest.length()));
        }
    }

    /** One in 128 has a length that begins as the ping of old clients does. */
    @Test
    void shouldReadHandshakesOfEachLengthButThatOfAnOldPing() {
        for (int bytes = 1; bytes <= 2_000; bytes++) {
            String address = "mc.example.com\0" + "x".repeat(bytes);
            String packet = packet("\0" + PROTOCOL + string(address) + PORT + "\2");
            assertThat(Prefixes.answer(Minecraft::parse, packet))
                    .as("%d bytes", packet.length())
                    .isEqualTo(
                            packet.startsWith("\u00fe\1")
                                    ? "no"
                                    : new Minecraft("mc.example.com", 25565, 763, 2, packet.length()));
        }
    }

    @Test
    void shouldReadAStateOfAnotherTime() {
        for (int state : new int[] {0, 4, 100}) {
            String packet = packet("\0" + PROTOCOL + string("a") + PORT + (char) state);
            Prefixes.assertReads(Minecraft::parse, packet, new Minecraft("a", 25565, 763, state, packet.length()));
        }
    }

    @Test
    void shouldReadNumbersOfMoreBytesThanTheyNeed() {
        String padded = "\u0095\u0080\u0080\u0080\0" + "\u0080\u0080\u0080\u0080\0" + PROTOCOL + "\u0081\0a" + PORT
                + "\u0082\u0080\u0080\u0080\0";
        padded = (char) (padded.length() - 5 | 0x80) + padded.substring(1);
        Prefixes.assertReads(Minecraft::parse, padded, new Minecraft("a", 25565, 763, 2, padded.length()));
    }

    @Test
    void shouldRefuseAsEarlyAsOneByteAllows() {
        Prefixes.assertRefuses(Minecraft::parse, "\u00fe\1\u00fa", 2);
        Prefixes.assertRefuses(Minecraft::parse, "\5", 1);
        Prefixes.assertRefuses(Minecraft::parse, "\u0090\u0080\u0080\u0080\u0080\0", 5);
        Prefixes.assertRefuses(Minecraft::parse, "GET /", 2);
        Prefixes.assertRefuses(Minecraft::parse, "\26\3\1", 2);
        Prefixes.assertRefuses(Minecraft::parse, "\20\0\u0080\u0080\u0080\u0080\20", 7);
        Prefixes.assertRefuses(Minecraft::parse, "\20\0\u0080\u0080\u0080\u0080\u0080", 7);
        Prefixes.assertRefuses(Minecraft::parse, "\20\0\5\14", 4);
        Prefixes.assertRefuses(Minecraft::parse, packet("\0\5\1a" + PORT + "\1x"), 9);
    }

    @Test
    void shouldStandByItsAnswerToGarbage() {
        Random random = new Random(1);
        for (int i = 0; i < 1000; i++) {
            Prefixes.assertSteady(Minecraft::parse, Prefixes.mutated(HANDSHAKE, random));
        }
    }

    private static String packet(String body) {
        return varInt(body.length()) + body;
    }

    private static String string(String text) {
        String bytes = new String(text.getBytes(UTF_8), ISO_8859_1);
        return varInt(bytes.length()) + bytes;
    }

    private static String varInt(int value) {
        return value < 0x80 ? "" + (char) value : (char) ((value & 0x7f) | 0x80) + varInt(value >> 7);
    }
}
