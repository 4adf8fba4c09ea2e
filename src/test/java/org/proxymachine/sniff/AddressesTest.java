package org.proxymachine.sniff;

import static org.assertj.core.api.Assertions.assertThat;

import java.net.InetAddress;
import java.util.Arrays;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.constraints.Size;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

class AddressesTest {
    @ParameterizedTest
    @CsvSource({
        "::,                         ::",
        "::1,                        ::1",
        "1::,                        1::",
        "0:0:0:0:0:0:0:1,            ::1",
        "2001:DB8:0:0:0:0:2:1,       2001:db8::2:1",
        "2001:db8:0:1:1:1:1:1,       2001:db8:0:1:1:1:1:1",
        "2001:0:0:1:0:0:0:1,         2001:0:0:1::1",
        "2001:db8:0:0:1:0:0:1,       2001:db8::1:0:0:1",
        "1:2:3:4:5:6:7::,            1:2:3:4:5:6:7:0",
        "::2:3:4:5:6:7:8,            0:2:3:4:5:6:7:8",
        "::ffff:192.0.2.1,           ::ffff:192.0.2.1",
        "::ffff:c000:201,            ::ffff:192.0.2.1",
        "1:2:3:4:5:6:1.2.3.4,        1:2:3:4:5:6:102:304",
        "1::255.0.0.1,               1::ff00:1",
    })
    void shouldReadAndWriteV6(String text, String canonical) throws Exception {
        byte[] address = Prefixes.answer(AddressesTest::v6, text + "]") instanceof byte[] read ? read : new byte[0];
        assertThat(address).hasSize(16);
        assertThat(InetAddress.getByAddress(address)).isEqualTo(InetAddress.getByName("[" + text + "]"));
        assertThat(Addresses.text(address)).isEqualTo(canonical);
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "]",
                "x",
                ":x",
                "1:]",
                "1]",
                ":::",
                "12345",
                "1::2::",
                "1:2:3:4:5:6:7:8:",
                "1:2:3:4:5:6:7::8",
                "::2:3:4:5:6:7:8:",
                "1:2:3:4:5:6:7]",
                "1.",
                "::a.",
                "::256.",
                "::01.",
                "::1.2.3.256",
                "::1.2.3.4:",
                "::1.2.3]",
                "1:2:3:4:5:6:7:1.",
                "1:2:3:4:5::1:2.",
                "::1%",
            })
    void shouldRefuseWhatIsNoV6AtTheFirstByteThatCannotBe(String text) {
        Prefixes.assertRefuses(AddressesTest::v6, text, text.length());
    }

    @Property
    void shouldReadWhatItWrites(@ForAll @Size(16) byte[] address, @ForAll short zeros) {
        for (int i = 0; i < 16; i++) {
            address[i] = (zeros >> i & 1) == 0 ? address[i] : 0;
        }
        assertThat(v6(Addresses.text(address) + "]")).isEqualTo(address);
        assertThat(v6(Addresses.groups(address) + "]")).isEqualTo(address);
        byte[] v4 = Arrays.copyOf(address, 4);
        assertThat(Cursor.parse(Addresses.text(v4) + " ", Addresses::ipv4)).isEqualTo(v4);
    }

    private static byte @Nullable [] v6(String data) {
        return Cursor.parse(data, cursor -> Ipv6.read(cursor, ']'));
    }
}
