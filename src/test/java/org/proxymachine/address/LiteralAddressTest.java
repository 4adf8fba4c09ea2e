package org.proxymachine.address;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.net.InetAddress;
import java.net.UnknownHostException;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class LiteralAddressTest {

    @ParameterizedTest
    @ValueSource(strings = {"127.0.0.1", "255.255.255.255", "0.0.0.0", "10.20.30.40", "::1", "2001:db8::1"})
    void shouldTakeAddressesAsTheyAre(String literal) throws UnknownHostException {
        assertThat(LiteralAddress.parse(literal)).isEqualTo(InetAddress.getByName(literal));
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "localhost",
                "256.1.1.1",
                "1.1.1.256",
                "0177.0.0.1",
                "127.0.0.01",
                "1.2.3",
                "1.2.3.4.5",
                "1.2.3.4.",
                ".1.2.3",
                "1..2.3",
                "a1.b2",
                "1.2.3.4294967297",
                ""
            })
    void shouldTakeAnythingElseForAName(String name) throws UnknownHostException {
        assertThat(LiteralAddress.parse(name)).isNull();
    }

    @Test
    void shouldAskNobodyAboutAMalformedV6Literal() {
        assertThatThrownBy(() -> LiteralAddress.parse("zz::1")).isInstanceOf(UnknownHostException.class);
    }
}
