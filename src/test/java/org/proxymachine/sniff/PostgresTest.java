package org.proxymachine.sniff;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class PostgresTest {
    private static final String V3_0 = "\0\3\0\0";

    @Test
    void shouldReadAStartup() {
        String packet = packet(V3_0 + "user\0alice\0database\0shop\0application_name\0\303\244\0\0");
        Prefixes.assertReads(
                Postgres::parse,
                packet,
                startup(
                        "alice",
                        "shop",
                        "3.0",
                        packet,
                        Map.of("user", "alice", "database", "shop", "application_name", "ä")));
    }

    @Test
    void shouldTakeTheUserForTheDatabase() {
        String packet = packet("\0\3\0\2user\0alice\0database\0\0\0");
        Prefixes.assertReads(
                Postgres::parse,
                packet,
                startup("alice", "alice", "3.2", packet, Map.of("user", "alice", "database", "")));
    }

    @Test
    void shouldTakeAnyMinorVersionAndTheLastOfOneName() {
        String packet = packet("\0\3'\17user\0a\0user\0b\0\0");
        assertThat(Postgres.parse(packet)).isEqualTo(startup("b", "b", "3.9999", packet, Map.of("user", "b")));
    }

    @Test
    void shouldReadAStartupThatSaysNothing() {
        Postgres nobody = new Postgres("startup", null, null, Map.of(), "3.0", 0, 9);
        Prefixes.assertReads(Postgres::parse, packet(V3_0 + "\0"), nobody);
    }

    @Test
    void shouldReadRequestsForEncryption() {
        Prefixes.assertReads(Postgres::parse, packet("\4\322\26\57"), request("ssl", 0, 8));
        Prefixes.assertReads(Postgres::parse, packet("\4\322\26\60"), request("gssenc", 0, 8));
    }

    @Test
    void shouldReadACancel() {
        Prefixes.assertReads(Postgres::parse, packet("\4\322\26\56\0\1\2\3KEY!"), request("cancel", 0x10203, 16));
        String longest = packet("\4\322\26\56\377\377\377\377" + "k".repeat(256));
        Prefixes.assertReads(Postgres::parse, longest, request("cancel", -1, 268));
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "\1",
                "\0\0\0\7",
                "\0\0\0\10\0\0",
                "\0\0\0\10\1",
                "\0\0\0\10\4\1",
            })
    void shouldRefuseAtTheFirstByteThatCannotBe(String bytes) {
        Prefixes.assertRefuses(Postgres::parse, bytes, bytes.length());
    }

    @Test
    void shouldReadWhatTheServerRefuses() {
        for (String end : new String[] {"", "\0", "\0\0", "\0\0more", "\0name\0"}) {
            String packet = packet(V3_0 + "user\0a" + end);
            Map<String, String> parameters =
                    end.contains("name") ? Map.of("user", "a", "name", "") : Map.of("user", "a");
            Prefixes.assertReads(Postgres::parse, packet, startup("a", "a", "3.0", packet, parameters));
        }
        String later = packet("\0\4\0\1user\0a\0\0");
        Prefixes.assertReads(Postgres::parse, later, startup("a", "a", "4.1", later, Map.of("user", "a")));
        Prefixes.assertReads(Postgres::parse, packet("\4\322\26\57more"), request("ssl", 0, 12));
        Prefixes.assertReads(Postgres::parse, packet("\4\322\26\56"), request("cancel", 0, 8));
        Prefixes.assertReads(
                Postgres::parse,
                packet("\4\322\26\77"),
                new Postgres("unknown", null, null, Map.of(), "1234.5695", 0, 8));
    }

    @Test
    void shouldKeepBytesApartThatAreNoUtf8() {
        String packet = packet(V3_0 + "user\0j\374\0database\0j\374\303\0\0");
        Prefixes.assertReads(
                Postgres::parse,
                packet,
                startup(
                        "j\udcfc",
                        "j\udcfc\udcc3",
                        "3.0",
                        packet,
                        Map.of("user", "j\udcfc", "database", "j\udcfc\udcc3")));
    }

    @Test
    void shouldTakeAPacketOfAnyLength() {
        String content = V3_0 + "user\0a\0options\0" + "b".repeat(70_000) + "\0\0";
        int length = content.length() + 4;
        String packet = "\0" + (char) (length >> 16) + (char) (length >> 8 & 0xff) + (char) (length & 0xff) + content;
        assertThat(Prefixes.answer(Postgres::parse, packet))
                .extracting("length", "user")
                .containsExactly(length, "a");
    }

    private static Postgres startup(
            String user, String database, String protocol, String packet, Map<String, String> parameters) {
        return new Postgres("startup", user, database, parameters, protocol, 0, packet.length());
    }

    private static Postgres request(String kind, int processId, int length) {
        return new Postgres(kind, null, null, Map.of(), null, processId, length);
    }

    private static String packet(String content) {
        int length = content.length() + 4;
        return "\0\0" + (char) (length >> 8) + (char) (length & 0xff) + content;
    }
}
