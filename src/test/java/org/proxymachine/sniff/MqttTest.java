package org.proxymachine.sniff;

import static java.nio.charset.StandardCharsets.ISO_8859_1;
import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;

import java.util.Random;
import org.junit.jupiter.api.Test;

class MqttTest {
    private static final String V31 = string("MQIsdp") + "\3";
    private static final String V311 = string("MQTT") + "\4";
    private static final String V5 = string("MQTT") + "\5";

    private static final String WITH_ALL = connect(V5 + "\u00f6\1\54" + "\5\21\0\0\0\12" + string("sensor-7")
            + "\5\30\0\0\0\5" + string("will/topic") + string("\u00ff\0 gone") + string("alice") + string("secret"));

    @Test
    void shouldReadAConnectOfEachVersion() {
        String oldest = connect(V31 + "\2\0\36" + string("id"));
        Prefixes.assertReads(Mqtt::parse, oldest, new Mqtt("id", null, 30, 3, false, true, oldest.length()));
        String older = connect(V311 + "\0\0\0" + string("id"));
        Prefixes.assertReads(Mqtt::parse, older, new Mqtt("id", null, 0, 4, false, false, older.length()));
        String newest = connect(V5 + "\2\0\74\0" + string(""));
        Prefixes.assertReads(Mqtt::parse, newest, new Mqtt("", null, 60, 5, false, true, newest.length()));
    }

    @Test
    void shouldPassOverPropertiesWillAndPassword() {
        Prefixes.assertReads(
                Mqtt::parse, WITH_ALL, new Mqtt("sensor-7", "alice", 300, 5, false, true, WITH_ALL.length()));
        String older =
                connect(V311 + "\u00c4\0\0" + string("i") + string("t") + string("") + string("bob") + string(""));
        Prefixes.assertReads(Mqtt::parse, older, new Mqtt("i", "bob", 0, 4, false, false, older.length()));
        String password = connect(V5 + "\100\0\0\0" + string("i") + string("token"));
        Prefixes.assertReads(Mqtt::parse, password, new Mqtt("i", null, 0, 5, false, false, password.length()));
    }

    @Test
    void shouldReadTextAsUtf8() {
        String connect = connect(V311 + "\u0080\0\0" + string(utf8("süß")) + string(utf8("世界😀")));
        Prefixes.assertReads(Mqtt::parse, connect, new Mqtt("süß", "世界😀", 0, 4, false, false, connect.length()));
        for (String odd : new String[] {
            "\u0080",
            "\u00c1",
            "\u00c3(",
            "\u00e0\u0080",
            "\u00ed\u00a0",
            "\u00f0\u0080",
            "\u00f4\u0090",
            "\u00f5",
            "\u00ff",
            "\u00e4\u00b8("
        }) {
            String other = connect(V311 + "\0\0\0" + string(odd + "xx"));
            StringBuilder escaped = new StringBuilder();
            odd.chars().forEach(c -> escaped.append((char) (c < 0x80 ? c : 0xdc00 + c)));
            Prefixes.assertReads(
                    Mqtt::parse, other, new Mqtt(escaped + "xx", null, 0, 4, false, false, other.length()));
        }
    }

    @Test
    void shouldLetTheOldestLeaveOutWhatItsFlagsSay() {
        String connect = connect(V31 + "\u00c0\0\0" + string("id"));
        Prefixes.assertReads(Mqtt::parse, connect, new Mqtt("id", null, 0, 3, false, false, connect.length()));
        Prefixes.assertReads(
                Mqtt::parse, connect(V311 + "\u00c0\0\0" + string("id")), new Mqtt("id", null, 0, 4, false, false, 16));
    }

    @Test
    void shouldTakeAPacketOfAnyLength() {
        int rest = 200_000;
        String properties = "\u00c0\u009a\14";
        String connect =
                "\20" + varInt(7 + 3 + 3 + rest + 2) + V5 + "\0\0\0" + properties + "p".repeat(rest) + string("");
        assertThat(Prefixes.answer(Mqtt::parse, connect))
                .isEqualTo(new Mqtt("", null, 0, 5, false, false, connect.length()));
        assertThat(Prefixes.answer(Mqtt::parse, connect.substring(0, connect.length() - 1)))
                .isEqualTo("more");
        Prefixes.assertRefuses(Mqtt::parse, "\20\u0090\u0080\u0080\u0080", 5);
    }

    @Test
    void shouldReadALevelOfAnotherTimeAndABridges() {
        String later = connect(string("MQTT") + "\6\2\0\74" + string("id"));
        Prefixes.assertReads(Mqtt::parse, later, new Mqtt("id", null, 60, 6, false, true, later.length()));
        String bridge = connect(string("MQTT") + "\u0084\u0082\0\74" + string("b1") + string("alice"));
        Prefixes.assertReads(Mqtt::parse, bridge, new Mqtt("b1", "alice", 60, 4, true, true, bridge.length()));
        String older = connect(string("MQIsdp") + "\u0083\2\0\74" + string("b1"));
        Prefixes.assertReads(Mqtt::parse, older, new Mqtt("b1", null, 60, 3, true, true, older.length()));
    }

    @Test
    void shouldLeaveOddFlagsAndWhatFollowsToTheServer() {
        for (String flags : new String[] {"\1", "\34", "\10", "\40", "\100"}) {
            String connect = connect(V311 + flags + "\0\0" + string("id") + string("t") + string("m") + "x");
            assertThat(Prefixes.answer(Mqtt::parse, connect))
                    .extracting("clientId")
                    .isEqualTo("id");
        }
    }

    @Test
    void shouldRefuseAsEarlyAsOneByteAllows() {
        Prefixes.assertRefuses(Mqtt::parse, "\21", 1);
        Prefixes.assertRefuses(Mqtt::parse, "\40\2\0\0", 1);
        Prefixes.assertRefuses(Mqtt::parse, "\20\13", 2);
        Prefixes.assertRefuses(Mqtt::parse, "\20\14\1", 3);
        Prefixes.assertRefuses(Mqtt::parse, "\20\14\0\5", 4);
        Prefixes.assertRefuses(Mqtt::parse, "\20\14\0\4MQIs", 7);
        Prefixes.assertRefuses(Mqtt::parse, connect(V311 + "\0\0\0\1\0"), 14);
        Prefixes.assertRefuses(Mqtt::parse, connect(V5 + "\0\0\0\5" + string("")), 15);
    }

    @Test
    void shouldStandByItsAnswerToGarbage() {
        Random random = new Random(1);
        for (int i = 0; i < 1000; i++) {
            Prefixes.assertSteady(Mqtt::parse, Prefixes.mutated(WITH_ALL, random));
        }
    }

    private static String connect(String rest) {
        return "\20" + (char) rest.length() + rest;
    }

    private static String string(String bytes) {
        return "" + (char) (bytes.length() >> 8) + (char) (bytes.length() & 0xff) + bytes;
    }

    private static String varInt(int value) {
        return value < 0x80 ? "" + (char) value : (char) ((value & 0x7f) | 0x80) + varInt(value >> 7);
    }

    private static String utf8(String text) {
        return new String(text.getBytes(UTF_8), ISO_8859_1);
    }
}
