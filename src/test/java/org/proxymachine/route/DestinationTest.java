package org.proxymachine.route;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class DestinationTest {

    @Test
    void shouldReadAndWriteEachForm() {
        assertThat(Destination.parse("app1:80")).isEqualTo(new Destination.Tcp("app1", 80));
        assertThat(Destination.parse("[::1]:443"))
                .isEqualTo(new Destination.Tcp("::1", 443))
                .hasToString("[::1]:443");
        assertThat(Destination.parse("unix:/run/x"))
                .isEqualTo(new Destination.Unix("/run/x"))
                .hasToString("unix:/run/x");
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "",
                "app",
                ":80",
                "app:",
                "app:x",
                "app:-1",
                "::1:80",
                "[app]:80",
                "a b:80",
                "a\n:80",
                "unix:",
                "unix:/\ud800"
            })
    void shouldSayWhatWasExpected(String text) {
        assertThatThrownBy(() -> Destination.parse(text))
                .isInstanceOf(IllegalArgumentException.class)
                .hasMessageStartingWith("must be host:port, [v6]:port or unix:/path, was \"");
    }

    @ParameterizedTest
    @ValueSource(strings = {"a:0", "a:65536", "a:99999"})
    void shouldBoundThePort(String text) {
        assertThatThrownBy(() -> Destination.parse(text)).hasMessageStartingWith("port must be from 1 to 65535, was");
    }

    @Test
    void shouldRefuseAMalformedV6Address() {
        assertThatThrownBy(() -> Destination.parse("[zz::1]:80"))
                .isInstanceOf(IllegalArgumentException.class)
                .hasMessage("must be an IPv6 address, was \"zz::1\"");
    }

    /** Programs differ in what they are: what a script has checked is not to be another address when it is dialled. */
    @ParameterizedTest
    @ValueSource(
            strings = {
                "127.1",
                "127.0.1",
                "2130706433",
                "0177.0.0.1",
                "0x7f000001",
                "0X7F.1",
                "127.0.0.0x1",
                "127.000.000.001",
                "127.0.0.01",
                "017700000001",
                "256.1.1.1",
                "0",
                "00.0.0.0"
            })
    void shouldRefuseWhatSomeProgramsReadAsAnIpv4Address(String host) {
        assertThatThrownBy(() -> Destination.parse(host + ":80"))
                .isInstanceOf(IllegalArgumentException.class)
                .hasMessage("must be a name or four decimal numbers without leading zeros, was \"" + host + "\"");
    }

    @ParameterizedTest
    @ValueSource(strings = {"0.0.0.0", "127.0.0.1", "1.2.3.4.5", "1.example", "0xyz", "1-2", "127.0.0.1."})
    void shouldTakeNamesThatBeginWithNumbers(String host) {
        assertThat(Destination.parse(host + ":80")).hasToString(host + ":80");
    }

    @Property
    void shouldReadBackWhatItWroteOrRefuse(@ForAll String text) {
        try {
            Destination read = Destination.parse(text);
            assertThat(Destination.parse(read.toString())).isEqualTo(read);
        } catch (IllegalArgumentException e) {
            assertThat(e.getMessage()).contains("must be");
        }
    }
}
