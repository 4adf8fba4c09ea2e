package org.proxymachine.proof;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.nio.charset.StandardCharsets;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class LiteralTest {
    @Property
    void shouldReadBackWhatItWrote(@ForAll byte[] bytes) {
        assertThat(Literal.parse(Literal.of(bytes))).isEqualTo(bytes);
    }

    @Test
    void shouldReadWell() {
        assertThat(Literal.of("GET /\t\"a\\b\"\r\n\0\u00ff".getBytes(StandardCharsets.ISO_8859_1)))
                .isEqualTo("\"GET /\\t\\\"a\\\\b\\\"\\r\\n\\x00\\xff\"");
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "",
                "\"",
                "a",
                "\"a",
                "\"\\\"",
                "\"\\q\"",
                "\"\\x\"",
                "\"\\x1\"",
                "\"\\x1g\"",
                "\"a\"b\"",
                "\"\u20ac\""
            })
    void shouldSayWhatItExpected(String text) {
        assertThatThrownBy(() -> Literal.parse(text))
                .isInstanceOf(IllegalArgumentException.class)
                .hasMessageStartingWith("expected ");
    }
}
