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
