package org.proxymachine.address;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.net.InetAddress;
import java.net.UnknownHostException;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class NetworkTest {

    @ParameterizedTest
    @CsvSource({
        "10.0.0.0/8, 10.255.0.1, true",
        "10.0.0.0/8, 11.0.0.0, false",
        "192.168.4.0/22, 192.168.7.255, true",
        "192.168.4.0/22, 192.168.8.0, false",
        "127.0.0.1, 127.0.0.1, true",
        "127.0.0.1, 127.0.0.2, false",
        "127.0.0.1/32, 127.0.0.1, true",
        "0.0.0.0/0, 200.1.2.3, true",
        "0.0.0.0/0, 2001:db8::1, false",
        "::/0, 2001:db8::1, true",
        "::/0, 10.0.0.1, false",
        "2001:db8::/33, 2001:db8:7fff::1, true",
        "2001:db8::/33, 2001:db8:8000::1, false",
        "::1, ::1, true",
        "::1, ::2, false",
        // A dual-stack socket's clients of v4 are of v4.
        "10.0.0.0/8, ::ffff:10.0.0.1, true",
    })
    void shouldContainTheAddressesWithItsPrefix(String network, String address, boolean contains)
            throws UnknownHostException {
        assertThat(Network.parse(network).contains(InetAddress.getByName(address)))
                .isEqualTo(contains);
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            nullValues = "none",
            value = {
                "10.0.0.1/8 | : has bits set behind its prefix of 8",
                "2001:db8::1/32 | : has bits set behind its prefix of 32",
                "10.0.0.0/33 | : a prefix has from 0 to 32 bits, was 33",
                "::/129 | : a prefix has from 0 to 128 bits, was 129",
                "10.0.0.0/ | : a prefix is a number of bits",
                "10.0.0.0/-1 | : a prefix is a number of bits",
                "10.0.0.0/8/8 | : a prefix is a number of bits",
                "10.0.0/8 | none",
                "localhost | none",
                "/8 | none",
                "* | none",
                "fe80::zz/10 | none",
            })
    void shouldSayWhatWasExpectedAndWhatWasFound(String text, String why) {
        assertThatThrownBy(() -> Network.parse(text))
                .isInstanceOf(IllegalArgumentException.class)
                .hasMessage("expected a network such as 10.0.0.0/8 or 2001:db8::/32, or an address, was \"%s\"%s"
                        .formatted(text, why == null ? "" : why));
    }
}
