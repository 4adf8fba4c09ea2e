package org.proxymachine.sniff;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.List;
import org.junit.jupiter.api.Test;

class Socks5Test {
    @Test
    void shouldReadAGreeting() {
        Prefixes.assertReads(Socks5::greeting, "\5\2\0\200", new Socks5.Greeting(List.of(0, 128), 4));
        Prefixes.assertRefuses(Socks5::greeting, "\4", 1);
        Prefixes.assertReads(Socks5::greeting, "\5\0", new Socks5.Greeting(List.of(), 2));
    }

    @Test
    void shouldReadALogin() {
        Socks5.Login login = new Socks5.Login("j\udcff", "pass", 9);
        Prefixes.assertReads(Socks5::login, "\1\2j\u00ff\4pass", login);
        Prefixes.assertReads(Socks5::login, "\1\1j\0", new Socks5.Login("j", "", 4));
        Prefixes.assertRefuses(Socks5::login, "\5", 1);
        Prefixes.assertReads(Socks5::login, "\1\0\0", new Socks5.Login("", "", 3));
        assertThat(login.toString()).doesNotContain("pass");
    }

    @Test
    void shouldReadARequestWithAnAddress() {
        Socks5.Request v4 = new Socks5.Request("connect", 1, "192.0.2.1", 443, 10);
        Prefixes.assertReads(Socks5::request, "\5\1\0\1\300\0\2\1\1\273", v4);
        assertThat(v4.getRemote()).isEqualTo("192.0.2.1:443");
        Socks5.Request v6 = new Socks5.Request("udp-associate", 4, "2001:db8::1", 0, 22);
        Prefixes.assertReads(Socks5::request, "\5\3\0\4\40\1\15\270\0\0\0\0\0\0\0\0\0\0\0\1\0\0", v6);
        assertThat(v6.getRemote()).as("port 0").isNull();
    }

    @Test
    void shouldReadARequestWithAName() {
        Socks5.Request request = new Socks5.Request("bind", 3, "a.example", 80, 16);
        Prefixes.assertReads(Socks5::request, "\5\2\0\3\11a.example\0\120", request);
        assertThat(request.getRemote()).isEqualTo("a.example:80");
    }

    @Test
    void shouldRefuseARequestOfAnotherVersion() {
        Prefixes.assertRefuses(Socks5::request, "\4", 1);
    }

    @Test
    void shouldReadWhatAScriptHasToRefuse() {
        Prefixes.assertReads(
                Socks5::request, "\5\360\0\1\300\0\2\1\1\273", new Socks5.Request("240", 1, "192.0.2.1", 443, 10));
        Socks5.Request type = new Socks5.Request("connect", 2, null, 0, 4);
        Prefixes.assertReads(Socks5::request, "\5\1\0\2", type);
        assertThat(type.getRemote()).isNull();
        Prefixes.assertReads(Socks5::request, "\5\1\1\3\0\0\120", new Socks5.Request("connect", 3, "", 80, 7));
        Socks5.Request name = new Socks5.Request("connect", 3, "a b\udcff", 80, 11);
        Prefixes.assertReads(Socks5::request, "\5\1\0\3\4a b\377\0\120", name);
        assertThat(name.getRemote()).isNull();
    }

    @Test
    void shouldReadAnAddressThatWasSentAsAName() {
        Socks5.Request request = new Socks5.Request("connect", 3, "2001:db8::1", 80, 20);
        Prefixes.assertReads(Socks5::request, "\5\1\0\3\15[2001:DB8::1]\0\120", request);
        assertThat(request.getRemote()).isEqualTo("[2001:db8::1]:80");
        Prefixes.assertReads(Socks5::request, "\5\1\0\3\3::1\0\120", new Socks5.Request("connect", 3, "::1", 80, 10));
    }
}
