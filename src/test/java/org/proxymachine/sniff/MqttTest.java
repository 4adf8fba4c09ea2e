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
        Prefixes.assertReads(Mqtt::parse, oldest, new Mqtt("id", null, 30, 3, true, oldest.length()));
        String older = connect(V311 + "\0\0\0" + string("id"));
        Prefixes.assertReads(Mqtt::parse, older, new Mqtt("id", null, 0, 4, false, older.length()));
        String newest = connect(V5 + "\2\0\74\0" + string(""));
        Prefixes.assertReads(Mqtt::parse, newest, new Mqtt("", null, 60, 5, true, newest.length()));
    }

    @Test
    void shouldPassOverPropertiesWillAndPassword() {
        Prefixes.assertReads(Mqtt::parse, WITH_ALL, new Mqtt("sensor-7", "alice", 300, 5, true, WITH_ALL.length()));
        String older =
                connect(V311 + "\u00c4\0\0" + string("i") + string("t") + string("") + string("bob") + string(""));
        Prefixes.assertReads(Mqtt::parse, older, new Mqtt("i", "bob", 0, 4, false, older.length()));
        String password = connect(V5 + "\100\0\0\0" + string("i") + string("token"));
        Prefixes.assertReads(Mqtt::parse, password, new Mqtt("i", null, 0, 5, false, password.length()));
    }

    @Test
    void shouldReadTextAsUtf8() {
        String connect = connect(V311 + "\u0080\0\0" + string(utf8("süß")) + string(utf8("世界😀")));
        Prefixes.assertReads(Mqtt::parse, connect, new Mqtt("süß", "世界😀", 0, 4, false, connect.length()));
        for (String odd : new String[] {
            "\0",
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
            Prefixes.assertRefuses(
                    Mqtt::parse, connect(V311 + "\0\0\0" + string(odd + "xx")), 2 + 7 + 3 + 2 + odd.length());
        }
        assertThat(Prefixes.assertSteady(Mqtt::parse, connect(V311 + "\0\0\0" + string("\u00c3"))))
                .isEqualTo("no");
    }

    @Test
    void shouldLetTheOldestLeaveOutWhatItsFlagsSay() {
        String connect = connect(V31 + "\u00c0\0\0" + string("id"));
        Prefixes.assertReads(Mqtt::parse, connect, new Mqtt("id", null, 0, 3, false, connect.length()));
        Prefixes.assertRefuses(Mqtt::parse, connect(V311 + "\u00c0\0\0" + string("id")), 2 + 7 + 3 + 4);
    }

    @Test
    void shouldTakeAPacketOf64KiBAndNoLonger() {
        int rest = 65_536 - 4 - 7 - 3 - 3 - 2;
        String properties = "\u00ed\u00ff\3";
        String connect = "\20\u00fc\u00ff\3" + V5 + "\0\0\0" + properties + "p".repeat(rest) + string("");
        assertThat(Prefixes.answer(Mqtt::parse, connect)).isEqualTo(new Mqtt("", null, 0, 5, false, 65_536));
        assertThat(Prefixes.answer(Mqtt::parse, connect.substring(0, 65_535))).isEqualTo("more");
        Prefixes.assertRefuses(Mqtt::parse, "\20\u00fd\u00ff\3", 4);
        Prefixes.assertRefuses(Mqtt::parse, "\20\u00ff\u00ff\4", 4);
        Prefixes.assertRefuses(Mqtt::parse, "\20\u0090\u0080\u0080\u0080", 5);
    }

    @Test
    void shouldRefuseAsEarlyAsOneByteAllows() {
        Prefixes.assertRefuses(Mqtt::parse, "\21", 1);
        Prefixes.assertRefuses(Mqtt::parse, "\40\2\0\0", 1);
        Prefixes.assertRefuses(Mqtt::parse, "\20\13", 2);
        Prefixes.assertRefuses(Mqtt::parse, "\20\14\1", 3);
        Prefixes.assertRefuses(Mqtt::parse, "\20\14\0\5", 4);
        Prefixes.assertRefuses(Mqtt::parse, "\20\14\0\4MQIs", 7);
        Prefixes.assertRefuses(Mqtt::parse, "\20\14\0\4MQTT\3", 9);
        Prefixes.assertRefuses(Mqtt::parse, "\20\14\0\4MQTT\6", 9);
        Prefixes.assertRefuses(Mqtt::parse, "\20\20\0\6MQIsdp\4", 11);
        Prefixes.assertRefuses(Mqtt::parse, connect(V311 + "\1\0\0" + string("")), 10);
        Prefixes.assertRefuses(Mqtt::parse, connect(V311 + "\34\0\0" + string("")), 10);
        Prefixes.assertRefuses(Mqtt::parse, connect(V311 + "\10\0\0" + string("")), 10);
        Prefixes.assertRefuses(Mqtt::parse, connect(V311 + "\40\0\0" + string("")), 10);
        Prefixes.assertRefuses(Mqtt::parse, connect(V311 + "\100\0\0" + string("") + string("p")), 10);
        Prefixes.assertRefuses(Mqtt::parse, connect(V311 + "\0\0\0\1\0"), 13);
        Prefixes.assertRefuses(Mqtt::parse, connect(V311 + "\0\0\0" + string("") + "x"), 14);
        Prefixes.assertRefuses(Mqtt::parse, connect(V5 + "\0\0\0\5" + string("")), 13);
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

    private static String utf8(String text) {
        return new String(text.getBytes(UTF_8), ISO_8859_1);
    }
}
