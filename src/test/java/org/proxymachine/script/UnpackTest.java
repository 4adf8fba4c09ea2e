package org.proxymachine.script;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import groovy.lang.GroovyShell;
import java.math.BigInteger;
import java.util.Arrays;
import java.util.List;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.constraints.CharRange;
import net.jqwik.api.constraints.StringLength;
import org.junit.jupiter.api.Test;

/** The examples of Ruby's documentation of String#unpack and packed data, among others. */
class UnpackTest {

    private static List<Object> unpack(String bytes, String directives) {
        return Unpack.unpack(bytes, directives);
    }

    @Test
    void shouldTakeApartASocks4Request() {
        assertThat(unpack("\u0004\u0001\0P\177\u0000\u0000\u0001joe\u0000rest", "CCnC4Z*a*"))
                .containsExactly(4, 1, 80, 127, 0, 0, 1, "joe", "rest");
    }

    @Test
    void shouldReadIntegersOfEachSizeSignAndByteOrder() {
        assertThat(unpack("\u00ff\u00fe\u00ff\u00fe", "Cc")).containsExactly(255, -2);
        assertThat(unpack("\u00ff\u00fe\u00ff\u00fe", "nv")).containsExactly(0xfffe, 0xfeff);
        assertThat(unpack("\u00ff\u00fe\u00ff\u00fe", "s>s<")).containsExactly(-2, -257);
        assertThat(unpack("\u00ff\u00fe\u00ff\u00fe", "N")).containsExactly(0xfffefffeL);
        assertThat(unpack("\u00ff\u00fe\u00ff\u00fe", "l>")).containsExactly(-65538);
        assertThat(unpack("\u0001\u0000\u0000\u0000", "V")).containsExactly(1);
        assertThat(unpack("\u00ff".repeat(8), "Q")).containsExactly(new BigInteger("18446744073709551615"));
        assertThat(unpack("\u00ff".repeat(8), "q")).containsExactly(-1);
        assertThat(unpack("\u0001" + "\u0000".repeat(7), "L!")).containsExactly(1);
        assertThat(unpack("\u0001" + "\u0000".repeat(7), "J_")).containsExactly(1);
    }

    @Test
    void shouldGiveNullWhereBytesAreMissingAndNothingForAStar() {
        assertThat(unpack("a", "n")).containsExactly((Object) null);
        assertThat(unpack("abc", "n2")).isEqualTo(Arrays.asList(0x6162, null));
        assertThat(unpack("abc", "n*")).containsExactly(0x6162);
        assertThat(unpack("", "C3")).hasSize(3).containsOnlyNulls();
    }

    @Test
    void shouldReadText() {
        assertThat(unpack("abc \0\0abc \0\0", "A6Z6")).containsExactly("abc", "abc ");
        assertThat(unpack("abc \0\0", "a3a3")).containsExactly("abc", " \0\0");
        assertThat(unpack("abc \0abc \0", "Z*Z*")).containsExactly("abc ", "abc ");
        assertThat(unpack("ab", "a5a5")).containsExactly("ab", "");
    }

    @Test
    void shouldReadDigits() {
        assertThat(unpack("aa", "b8B8")).containsExactly("10000110", "01100001");
        assertThat(unpack("aaa", "h2H2c")).containsExactly("16", "61", 97);
        assertThat(unpack("\u00ab\u00cd", "H*")).containsExactly("abcd");
        assertThat(unpack("\u00ab\u00cd", "H3")).containsExactly("abc");
        assertThat(unpack("\u00ab\u00cd", "B")).containsExactly("1");
    }

    @Test
    void shouldReadFloats() {
        assertThat(unpack("\u0000\u0000\u00c0?", "e")).containsExactly(1.5);
        assertThat(unpack("?\u00c0\u0000\u0000", "g")).containsExactly(1.5);
        assertThat(unpack("?\u00f8" + "\0".repeat(6), "G")).containsExactly(1.5);
        assertThat(unpack("\0".repeat(6) + "\u00f8?", "E")).containsExactly(1.5);
        assertThat(unpack("\0", "d")).containsExactly((Object) null);
    }

    @Test
    void shouldReadCodePointsAndCompressedIntegers() {
        assertThat(unpack("\u00e2\u0082\u00aca", "U*")).containsExactly(0x20ac, 'a' + 0);
        assertThat(unpack("\u0081\u0000\u0007", "w*")).containsExactly(128, 7);
        assertThatThrownBy(() -> unpack("\u00e2(", "U")).hasMessage("unpack: malformed UTF-8 at 0");
    }

    @Test
    void shouldDecodeMailEncodings() {
        assertThat(unpack("aGVsbG8=\n", "m")).containsExactly("hello");
        assertThat(unpack("aGVsbG8=", "m0")).containsExactly("hello");
        assertThatThrownBy(() -> unpack("aGVsbG8=\n", "m0")).hasMessageStartingWith("unpack: invalid base64");
        assertThat(unpack("a=3Db=\nc", "M")).containsExactly("a=bc");
        assertThat(unpack("#86)C\n", "u")).containsExactly("abc");
    }

    @Test
    void shouldMoveAndRefuseToMoveOutside() {
        assertThat(unpack("abcd", "xaXa@0a@3a")).containsExactly("b", "b", "a", "d");
        assertThatThrownBy(() -> unpack("a", "x2")).hasMessage("unpack: x moves to 2, outside the 1 bytes");
        assertThatThrownBy(() -> unpack("a", "X")).hasMessage("unpack: X moves to -1, outside the 1 bytes");
    }

    @Test
    void shouldSkipSpaceAndComments() {
        assertThat(unpack("ab", " C # one\n C")).containsExactly(97, 98);
    }

    @Test
    void shouldRefuseWhatItCannotMean() {
        assertThatThrownBy(() -> unpack("a", "Cy"))
                .isInstanceOf(IllegalArgumentException.class)
                .hasMessage("unpack: unknown directive 'y' at 1 in \"Cy\"");
        assertThatThrownBy(() -> unpack("a", "n!")).hasMessageContaining("'!' at 1 in \"n!\" is not allowed after 'n'");
        assertThatThrownBy(() -> unpack("a", "C99999999999")).hasMessageContaining("must be at most 1048576");
        assertThatThrownBy(() -> unpack("\u20ac", "C")).hasMessageContaining("U+20AC at position 0");
    }

    @Test
    void shouldBeFoundByGroovy() {
        assertThat(new GroovyShell()
                        .evaluate("'\\u0004\\u0001'.unpack('CC') == [4, 1] && [4: 'x'][('\\4'.unpack('C')[0])] == 'x'"))
                .isEqualTo(true);
    }

    @Property
    void shouldThrowNothingButIllegalArgument(
            @ForAll @StringLength(max = 40) @CharRange(from = 0, to = 255) String bytes,
            @ForAll @StringLength(max = 12) @CharRange(from = ' ', to = 'z') String directives) {
        try {
            unpack(bytes, directives);
        } catch (IllegalArgumentException e) {
            assertThat(e.getMessage()).startsWith("unpack: ");
        }
    }
}
