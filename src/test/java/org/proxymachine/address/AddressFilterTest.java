package org.proxymachine.address;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class AddressFilterTest {

    @ParameterizedTest
    @CsvSource({
        "2001:db8::1, true",
        "2001:db8:0:0:0:0:0:1, true",
        "2001:DB8:0::1, true",
        "[2001:db8:0:0::1], true",
        "[2001:db8:0:0::1]:80, true",
        "[2001:db8::1]:81, false",
        "2001:db8::2, false",
        "db8::1]:8, true",
        "DB8::1]:8, true",
        "2001:db8::/64, true",
        "2001:db8:0:0::/127, true",
        "2001:db8:1::/64, false",
        "192.0.2.0/24, false",
        "nobody, false"
    })
    void shouldFindAnIpv6AddressInEachOfItsForms(String text, boolean found) throws IOException {
        InetAddress address =
                InetAddress.getByAddress(new byte[] {0x20, 1, 0x0d, (byte) 0xb8, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 1});
        assertThat(AddressFilter.of(text).test(new InetSocketAddress(address, 80)))
                .isEqualTo(found);
    }

    @ParameterizedTest
    @CsvSource({
        "192.0.2.1, true",
        "::ffff:192.0.2.1, true",
        "::ffff:c000:201, true",
        "192.0.2.1:80, true",
        "192.0.2.1:8, false",
        "192.0.2., true",
        "[::ffff:192.0.2.1]:80, true",
        "192.0.2.0/24, true",
        "192.0.3.0/24, false",
        "92.0.2.1, false"
    })
    void shouldFindAnIpv4AddressInEachOfItsForms(String text, boolean found) throws IOException {
        InetAddress address = InetAddress.getByAddress(new byte[] {(byte) 192, 0, 2, 1});
        assertThat(AddressFilter.of(text).test(new InetSocketAddress(address, 80)))
                .isEqualTo(found);
    }

    @Test
    void shouldSayWhatIsWrongWithANetworkThatIsNone() {
        assertThatThrownBy(() -> AddressFilter.of("192.0.2.1/24"))
                .isInstanceOf(IllegalArgumentException.class)
                .hasMessage(
                        "expected a network such as 10.0.0.0/8 or 2001:db8::/32, or an address, was \"192.0.2.1/24\":"
                                + " has bits set behind its prefix of 24");
    }
}
