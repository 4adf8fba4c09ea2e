package org.proxymachine.observe;

import static org.assertj.core.api.Assertions.assertThat;

import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import org.junit.jupiter.api.Test;

class LineConverterTest {

    @Test
    void shouldEscapeWhatCouldForgeALine() {
        assertThat(LineConverter.escape("a\r\nb\tc\u001b[31m\u0085\u2028\u202e"))
                .isEqualTo("a\\r\\nb\\tc\\x1b[31m\\x85\\u2028\\u202e");
        assertThat(LineConverter.escape("plain é €")).isEqualTo("plain é €");
        assertThat(LineConverter.escape(null)).isEqualTo("null");
    }

    @Property
    void shouldNeverLetAControlCharacterThrough(@ForAll String text) {
        assertThat(LineConverter.escape(text).chars()).noneMatch(c -> c < 0x20 || c == 0x7f);
    }

    @Test
    void shouldWriteSecondsLikeNginx() {
        assertThat(SessionLog.seconds(1_234_567_890L)).isEqualTo("1.235");
        assertThat(SessionLog.seconds(-1)).isEqualTo("-");
    }
}
