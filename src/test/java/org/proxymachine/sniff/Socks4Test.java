package org.proxymachine.sniff;

import static org.assertj.core.api.Assertions.assertThat;

import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class Socks4Test {
    @Test
    void shouldReadAnAddress() {
        Prefixes.assertReads(
                Socks4::parse, "\4\1\37\220\300\0\2\377joe\0", new Socks4("connect", "192.0.2.255", 8080, "joe", 12));
        Prefixes.assertReads(Socks4::parse, "\4\2\0\0\0\0\0\0\0", new Socks4("bind", "0.0.0.0", 0, "", 9));
    }

    @Test
    void shouldReadAName() {
        Prefixes.assertReads(
                Socks4::parse, "\4\1\1\273\0\0\0\1\0a.example\0", new Socks4("connect", "a.example", 443, "", 19));
    }

    @ParameterizedTest
    @CsvSource({"a.example, a.example:80", "::1, [::1]:80", "[::1],", "unix,", "unix:/x,", "a:b,", "a/b,"})
    void shouldWriteTheRemoteOfANameOrAddress(String host, @Nullable String remote) {
        assertThat(new Socks4("connect", host, 80, "", 0).getRemote()).isEqualTo(remote);
    }

    @Test
    void shouldRefuseAsEarlyAsOneByteAllows() {
        Prefixes.assertRefuses(Socks4::parse, "\5", 1);
        Prefixes.assertRefuses(Socks4::parse, "\4\3", 2);
        Prefixes.assertRefuses(Socks4::parse, "\4\1\0\120\0\0\0\1\0\0", 10);
        Prefixes.assertRefuses(Socks4::parse, "\4\1\0\120\0\0\0\1\0a b", 11);
        Prefixes.assertRefuses(Socks4::parse, "\4\1\0\120\0\0\0\1\0a\u00ff", 11);
    }

    @Test
    void shouldTake255BytesAndNoMore() {
        String most = "\4\1\0\120\0\0\0\1" + "u".repeat(255) + "\0" + "n".repeat(255) + "\0";
        Prefixes.assertReads(
                Socks4::parse, most, new Socks4("connect", "n".repeat(255), 80, "u".repeat(255), most.length()));
        Prefixes.assertRefuses(Socks4::parse, "\4\1\0\120\0\0\0\1" + "u".repeat(256), 8 + 256);
        Prefixes.assertRefuses(Socks4::parse, "\4\1\0\120\0\0\0\1\0" + "n".repeat(256), 9 + 256);
    }
}
