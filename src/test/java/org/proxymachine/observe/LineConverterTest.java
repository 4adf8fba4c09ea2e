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

    @Test
    void shouldEscapeWhatCannotBeSeenAndHalfASurrogatePair() {
        assertThat(LineConverter.escape("a\udc80\ud83d\ude00\ud83d\u200f\ufeff\u2066\udb40\udc41"))
                .isEqualTo("a\\udc80\ud83d\ude00\\ud83d\\u200f\\ufeff\\u2066\\udb40\\udc41");
    }

    @Test
    void shouldKeepASentenceBehindTheFieldsOutOfThem() {
        assertThat(Field.in("has no key id=2, tag=x\\1, valid=3"))
                .isEqualTo("has no key id\\x3d2, tag\\x3dx\\1, valid=3");
    }

    @Property
    void shouldNeverLetAControlCharacterThrough(@ForAll String text) {
        assertThat(LineConverter.escape(text).chars()).noneMatch(c -> c < 0x20 || c == 0x7f);
    }

    @Test
    void shouldKeepAFieldOne() {
        assertThat(Field.of("[2001:db8::1]:80")).isEqualTo("[2001:db8::1]:80");
        assertThat(Field.of("tenant 7")).isEqualTo("\"tenant 7\"");
        assertThat(Field.of("é")).isEqualTo("\"é\"");
        assertThat(Field.of("")).isEqualTo("\"\"");
        assertThat(Field.of("x\" reason=done\\\n")).isEqualTo("\"x\\\" reason\\x3ddone\\\\\\n\"");
    }

    @Property
    void shouldNeverBeginAnotherField(@ForAll String text) {
        String field = Field.of(text);
        assertThat(field).doesNotContain("=").doesNotContain("\n");
        if (field.contains(" ")) {
            assertThat(field).matches("\"([^\"\\\\]|\\\\.)*\"");
        }
    }

    @Test
    void shouldWriteSecondsLikeNginx() {
        assertThat(SessionLog.seconds(1_234_567_890L)).isEqualTo("1.235");
        assertThat(SessionLog.seconds(-1)).isEqualTo("-");
    }
}
