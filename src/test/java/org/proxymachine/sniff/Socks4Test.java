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
    @CsvSource({
        "a.example, a.example:80",
        "::1, [::1]:80",
        "[::1],",
        "unix,",
        "unix:/x,",
        "a:b,",
        "a/b,",
        "127.1,",
        "2130706433,",
        "0177.0.0.1,",
        "10.0.0.1, 10.0.0.1:80"
    })
    void shouldWriteTheRemoteOfANameOrAddress(String host, @Nullable String remote) {
        assertThat(new Socks4("connect", host, 80, "", 0).getRemote()).isEqualTo(remote);
    }

    @Test
    void shouldRefuseAsEarlyAsOneByteAllows() {
        Prefixes.assertRefuses(Socks4::parse, "\5", 1);
    }

    @Test
    void shouldReadWhatAScriptHasToRefuse() {
        Prefixes.assertReads(Socks4::parse, "\4\360\0\120\300\0\2\1\0", new Socks4("240", "192.0.2.1", 80, "", 9));
        Prefixes.assertReads(Socks4::parse, "\4\1\0\120\0\0\0\1\0\0", new Socks4("connect", "", 80, "", 10));
        Socks4 odd = new Socks4("connect", "a b\udcff", 80, "", 14);
        Prefixes.assertReads(Socks4::parse, "\4\1\0\120\0\0\0\1\0a b\u00ff\0", odd);
        assertThat(odd.getRemote()).isNull();
    }

    @Test
    void shouldTakeTextOfAnyLength() {
        String most = "\4\1\0\120\0\0\0\1" + "u".repeat(3000) + "\0" + "n".repeat(3000) + "\0";
        assertThat(Prefixes.answer(Socks4::parse, most))
                .isEqualTo(new Socks4("connect", "n".repeat(3000), 80, "u".repeat(3000), most.length()));
    }
}
