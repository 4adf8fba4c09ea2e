package org.proxymachine.cli;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.PrintWriter;
import java.io.StringWriter;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class UnitsTest {
    @ParameterizedTest
    @CsvSource({
        "0, 0 µs",
        "0.0000124, 12 µs",
        "0.0034, 3.4 ms",
        "0.0501, 50 ms",
        "5.64, 5.6 s",
        "428, 7m08s",
        "33000, 9h10m",
        "273600, 3d04h"
    })
    void shouldTellTimes(double seconds, String text) {
        assertThat(Units.time(seconds)).isEqualTo(text);
    }

    @ParameterizedTest
    @CsvSource({
        "0, 0 B",
        "999, 999 B",
        "1000, 1.0 kB",
        "12345, 12 kB",
        "9999999, 10.0 MB",
        "123000000000, 123 GB",
        "9223372036854775807, 9.2 EB"
    })
    void shouldTellSizes(long bytes, String text) {
        assertThat(Units.size(bytes)).isEqualTo(text);
    }

    @Test
    void shouldStandInColumns() {
        StringWriter out = new StringWriter();
        new Table("NAME", "NUMBER:", "REST")
                .row("a", "1", "x")
                .row("longer", "12345678", "")
                .print(new PrintWriter(out, true));
        assertThat(out.toString().lines())
                .containsExactly("NAME      NUMBER  REST", "a              1  x", "longer  12345678");
    }
}
