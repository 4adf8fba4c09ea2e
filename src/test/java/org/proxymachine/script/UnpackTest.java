package org.proxymachine.script;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatCode;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;

import groovy.lang.GroovyShell;
import java.math.BigInteger;
import java.util.Collections;
import java.util.List;
import net.jqwik.api.Arbitraries;
import net.jqwik.api.Arbitrary;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.Provide;
import net.jqwik.api.Tuple;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/** The expected values are Ruby's: from its documentation of String#unpack, or what ruby 3.1 answered. */
class UnpackTest {
    @Test
    void shouldGiveTheExamplesOfRubysManual() {
        assertThat(unpack("abc \0\0abc \0\0", "A6Z6")).containsExactly("abc", "abc ");
        assertThat(unpack("abc \0\0", "a3a3")).containsExactly("abc", " \0\0");
        assertThat(unpack("abc \0abc \0", "Z*Z*")).containsExactly("abc ", "abc ");
        assertThat(unpack("aa", "b8B8")).containsExactly("10000110", "01100001");
        assertThat(unpack("aaa", "h2H2c")).containsExactly("16", "61", 97);
        assertThat(unpack("\u00fe\u00ff\u00fe\u00ff", "sS")).containsExactly(-2, 65534);
        assertThat(unpack("now=20is", "M*")).containsExactly("now is");
        assertThat(unpack("whole", "xax2aX2aX1aX2a")).containsExactly("h", "e", "l", "l", "o");
    }

    @Test
    void shouldReadASocks4Request() {
        assertThat(unpack("\4\1\0P\u007f\0\0\1joe\0rest", "CCnC4Z*a*"))
                .containsExactly(4, 1, 80, 127, 0, 0, 1, "joe", "rest");
    }

    @Test
    void shouldReadSignedAndUnsignedIntegersOfEachSize() {
        String ff = "\u00ff".repeat(8);
        assertThat(unpack(ff, "cC")).containsExactly(-1, 255);
        assertThat(unpack(ff, "sSnv")).containsExactly(-1, 65535, 65535, 65535);
        assertThat(unpack(ff, "lL")).containsExactly(-1, 4294967295L);
        assertThat(unpack(ff, "iI")).containsExactly(-1, 4294967295L);
        assertThat(unpack(ff, "NV")).containsExactly(4294967295L, 4294967295L);
        for (String directives : List.of("qXXXXXXXXQ", "jX8J", "l_X8L_", "l!X8L!", "q!@0Q_")) {
            assertThat(unpack(ff, directives)).containsExactly(-1, new BigInteger("18446744073709551615"));
        }
    }

    @Test
    void shouldGiveTheNarrowestIntegerSoThatItEqualsAGroovyLiteral() {
        assertThat(unpack("\0\0\0\0\0\0\0\u0001", "Q>")).containsExactly(1);
        assertThat(unpack("\u007f\u00ff\u00ff\u00ff", "N")).containsExactly(Integer.MAX_VALUE);
        assertThat(unpack("\u0080\0\0\0", "N")).containsExactly(2147483648L);
        assertThat(unpack("\u0080\0\0\0\0\0\0\0", "q>")).containsExactly(Long.MIN_VALUE);
        assertThat(new GroovyShell().evaluate("[443: 'https'][('\\u0001\\u00bb'.unpack('n')[0])]"))
                .isEqualTo("https");
    }

    @Test
    void shouldReadTheByteOrderThatIsAskedForAndElseLittleEndian() {
        assertThat(unpack("\1\2\3\4", "s<s>")).containsExactly(0x0201, 0x0304);
        assertThat(unpack("\1\2\3\4", "l@0l>@0l<@0N@0V"))
                .containsExactly(0x04030201, 0x01020304, 0x04030201, 0x01020304, 0x04030201);
        assertThat(unpack("\1\2\3\4\5\6\7\u0008", "q>@0l!<@0j_>"))
                .containsExactly(0x0102030405060708L, 0x0807060504030201L, 0x0102030405060708L);
    }

    @Test
    void shouldReadFloats() {
        assertThat(unpack("\0\0\u00c0?", "e@0f@0F")).containsExactly(1.5, 1.5, 1.5);
        assertThat(unpack("\u00bf\u00c0\0\0", "g")).containsExactly(-1.5);
        assertThat(unpack("\0\0\0\0\0\0\u00f8?", "E@0d@0D")).containsExactly(1.5, 1.5, 1.5);
        assertThat(unpack("\u007f\u00f0\0\0\0\0\0\0\0", "G")).containsExactly(Double.POSITIVE_INFINITY);
    }

    @Test
    void shouldGiveNullWhereBytesAreMissing() {
        assertThat(unpack("a", "n")).containsExactly((Object) null);
        assertThat(unpack("abc", "n3")).containsExactly(0x6162, null, null);
        assertThat(unpack("", "C2g")).containsExactly(null, null, null);
    }

    @Test
    void shouldLeaveTheBytesOfAnIncompleteNumberToTheNextDirective() {
        assertThat(unpack("abc", "n*C")).containsExactly(0x6162, 0x63);
        assertThat(unpack("abc", "n2C")).containsExactly(0x6162, null, 0x63);
    }

    @Test
    void shouldGiveOnlyCompleteValuesForAStar() {
        assertThat(unpack("a", "n*")).isEmpty();
        assertThat(unpack("", "C*")).isEmpty();
        assertThat(unpack("abcdefg", "N*")).containsExactly(0x61626364);
        assertThat(unpack("abcdefg", "E*")).isEmpty();
    }

    @Test
    void shouldStripPaddingFromAAndStopAtTheNulInZ() {
        assertThat(unpack("a b\0 \0", "A*")).containsExactly("a b");
        assertThat(unpack("  ", "A3")).containsExactly("");
        assertThat(unpack("a\0b", "Z3")).containsExactly("a");
        assertThat(unpack("a\0b", "Z1Z")).containsExactly("a", "");
        assertThat(unpack("a\0b", "Z2a")).containsExactly("a", "b");
        assertThat(unpack("ab", "Z*a")).containsExactly("ab", "");
    }

    @Test
    void shouldGiveBitsAndNibblesFromEitherEnd() {
        assertThat(unpack("\u00f1\u00f2\u00f3", "B9C")).containsExactly("111100011", 0xf3);
        assertThat(unpack("\u00f1", "b20")).containsExactly("10001111");
        assertThat(unpack("\u00ff", "b3B4B*")).containsExactly("111", "", "");
        assertThat(unpack("\u00f1", "H")).containsExactly("f");
        assertThat(unpack("\u00f1\u00c2", "h*@0H*")).containsExactly("1f2c", "f1c2");
        assertThat(unpack("a", "b0C")).containsExactly("", 97);
    }

    @Test
    void shouldDecodeUtf8() {
        assertThat(unpack("\u00e2\u0082\u00acx", "U*")).containsExactly(0x20ac, (int) 'x');
        assertThat(unpack("abc", "U5")).containsExactly(97, 98, 99);
        assertThat(unpack("\u00f8\u0088\u0080\u0080\u0080", "U")).containsExactly(0x20_0000);
        assertThat(unpack("", "U")).isEmpty();
    }

    @Test
    void shouldDecodeBerIntegers() {
        assertThat(unpack("\u0081\u0001\u0002", "w*")).containsExactly(129, 2);
        assertThat(unpack("\u0080\u0080\u0005", "w")).containsExactly(5);
        assertThat(unpack("\u00ff".repeat(8) + "\u007f", "w")).containsExactly(Long.MAX_VALUE);
        assertThat(unpack("\u0081" + "\u0080".repeat(9) + "\0", "w")).containsExactly(BigInteger.ONE.shiftLeft(70));
        assertThat(unpack("\u0081", "w")).isEmpty();
    }

    @Test
    void shouldDecodeBase64() {
        assertThat(unpack("aGVs\nbG8=", "m")).containsExactly("hello");
        assertThat(unpack("Y!WI=", "m")).containsExactly("ab");
        assertThat(unpack("YWI=YWI=", "mm")).containsExactly("ab", "ab");
        assertThat(unpack("YQ==x", "ma*")).containsExactly("a", "==x");
        assertThat(unpack("aGVsbG8=", "m0")).containsExactly("hello");
        assertThat(unpack("", "m0m")).containsExactly("", "");
    }

    @Test
    void shouldDecodeQuotedPrintable() {
        assertThat(unpack("a=\nb=\r\nc=3D=e9", "M")).containsExactly("abc=\u00e9");
        assertThat(unpack("=41=0a=zz", "M")).containsExactly("A\n=zz");
        assertThat(unpack("=zz", "Ma*")).containsExactly("=zz", "zz");
        assertThat(unpack("a=4", "M")).containsExactly("a=4");
    }

    @Test
    void shouldDecodeUuencodedLines() {
        assertThat(unpack("#86)C\n", "u")).containsExactly("abc");
        assertThat(unpack("#86)C\r\n#86)C\n`\n", "u")).containsExactly("abcabc");
        assertThat(unpack("abc", "u")).containsExactly("");
    }

    @Test
    void shouldMoveWithinTheString() {
        assertThat(unpack("abc", "x*C")).containsExactly((Object) null);
        assertThat(unpack("abc", "C2X*C")).containsExactly(97, 98, 98);
        assertThat(unpack("abc", "x3@0C")).containsExactly(97);
        assertThat(unpack("abc", "C@C")).containsExactly(97, 97);
        assertThat(unpack("abc", "x0X0@3")).isEmpty();
    }

    @ParameterizedTest
    @CsvSource({"x4,x", "X,X", "@4,@", "x9223372036854775807,x", "X9223372036854775807,X", "@9223372036854775807,@"})
    void shouldRefuseAMoveToOutsideTheString(String directives, char type) {
        assertThatIllegalArgumentException()
                .isThrownBy(() -> unpack("abc", directives))
                .withMessage("unpack: %s outside of string at 1 in '%s'", type, directives);
    }

    @Test
    void shouldIgnoreWhitespaceAndComments() {
        assertThat(unpack("abc", " C # x, the first\n\tC\r\nC#")).containsExactly(97, 98, 99);
        assertThat(unpack("abc", "")).isEmpty();
    }

    @ParameterizedTest
    @CsvSource(delimiter = '|', quoteCharacter = '"', textBlock = """
            Cy                   | unpack: unknown directive 'y' at 2 in 'Cy'
            C 2                  | unpack: unknown directive '2' at 3 in 'C 2'
            C*!                  | unpack: unknown directive '!' at 3 in 'C*!'
            @-1                  | unpack: unknown directive '-' at 2 in '@-1'
            %                    | unpack: unknown directive '%' at 1 in '%'
            aP                   | unpack: no pointers, so no directive 'P' at 2 in 'aP'
            p                    | unpack: no pointers, so no directive 'p' at 1 in 'p'
            C<                   | unpack: '<' allowed only after sSiIlLqQjJ at 2 in 'C<'
            n!                   | unpack: '!' allowed only after sSiIlLqQjJ at 2 in 'n!'
            s<>                  | unpack: '>' after '<' at 3 in 's<>'
            C9223372036854775808 | unpack: count too big at 2 in 'C9223372036854775808'
            """)
    void shouldNameTheDirectiveThatIsWrongAndItsPlace(String directives, String message) {
        assertThatIllegalArgumentException()
                .isThrownBy(() -> unpack("abc", directives))
                .withMessage(message);
    }

    @Test
    void shouldKeepTheErrorToOneShortLine() {
        assertThatIllegalArgumentException()
                .isThrownBy(() -> unpack("", "C\n\ud83d"))
                .withMessage("unpack: unknown directive '\\ud83d' at 3 in 'C\\u000a\\ud83d'");
        assertThatIllegalArgumentException()
                .isThrownBy(() -> unpack("", "C".repeat(1000) + "y"))
                .withMessage("unpack: unknown directive 'y' at 1001 in '%s…'", "C".repeat(80));
    }

    @ParameterizedTest
    @ValueSource(strings = {"YWI=YWI=", "YWI", "YW", "Y", "YWI=\n", "YW=I", "Y!I=", "YR==", "YWJ=", "===="})
    void shouldRefuseIllFormedStrictBase64(String text) {
        assertThatIllegalArgumentException()
                .isThrownBy(() -> unpack(text, "m0"))
                .withMessage("unpack: invalid base64 at 1 in 'm0'");
    }

    @Test
    void shouldRefuseMalformedUtf8() {
        for (String malformed : List.of("\u0080", "\u00ff", "\u00fe\u0080\u0080\u0080\u0080\u0080\u0080", "\u00c3A")) {
            assertThatIllegalArgumentException()
                    .isThrownBy(() -> unpack(malformed, "U"))
                    .withMessage("unpack: malformed UTF-8 character at 1 in 'U'");
        }
        assertThatIllegalArgumentException()
                .isThrownBy(() -> unpack("\u00e2\u0082", "U"))
                .withMessage("unpack: malformed UTF-8 character (expected 3 bytes, given 2 bytes) at 1 in 'U'");
        assertThatIllegalArgumentException()
                .isThrownBy(() -> unpack("\u00c0\u0080", "U"))
                .withMessage("unpack: redundant UTF-8 sequence at 1 in 'U'");
    }

    @Test
    void shouldRefuseACharThatIsNoByte() {
        assertThatIllegalArgumentException()
                .isThrownBy(() -> unpack("ab\u0100", "C"))
                .withMessageStartingWith("unpack: ")
                .withMessageContaining("U+0100 at position 2");
    }

    @Test
    void shouldRefuseMoreMissingValuesThanTheLimit() {
        assertThat(unpack("", "C65536")).hasSize(Unpack.MAX_MISSING).isEqualTo(Collections.nCopies(65_536, null));
        for (String directives : List.of("C65537", "C999999999", "C9223372036854775807", "Q40000Q40000")) {
            assertThatIllegalArgumentException()
                    .isThrownBy(() -> unpack("", directives))
                    .withMessageContaining("more than 65536 values are missing");
        }
    }

    @Test
    void shouldTakeWhatIsThereWhenALengthIsHuge() {
        String digits = "9".repeat(18);
        for (String type : List.of("a", "A", "Z")) {
            assertThat(unpack("abc", type + digits)).containsExactly("abc");
        }
        assertThat(unpack("a", "H" + digits)).containsExactly("61");
        assertThat(unpack("a", "U" + digits)).containsExactly(97);
        assertThat(unpack("a", "w" + digits)).containsExactly(97);
    }

    @Test
    void shouldReadALongBerIntegerInTimeLinearToItsLength() {
        String binary = "\u0081" + "\u0080".repeat(1 << 20) + "\0";
        assertThat(unpack(binary, "w")).containsExactly(BigInteger.ONE.shiftLeft(7 * ((1 << 20) + 1)));
    }

    @Test
    void shouldBeFoundByGroovyAsAMethodOfString() {
        var shell = new GroovyShell();
        assertThat(shell.evaluate("'\\u0004\\u0001'.unpack('CC')")).isEqualTo(List.of(4, 1));
        assertThat(shell.evaluate("'\\u0004\\u0001'.unpack1('x C')")).isEqualTo(1);
        assertThat(shell.evaluate("''.unpack1('C*')")).isNull();
        assertThat(shell.evaluate("def n = 2; \"ab${n}\".unpack(\"a${n}C\")")).isEqualTo(List.of("ab", 50));
    }

    @Property(tries = 5000)
    void shouldThrowNothingButIllegalArgumentExceptionWhateverTheInput(
            @ForAll("binary") String binary, @ForAll("directives") String directives) {
        assertThatCode(() -> answerOrRefuse(binary, directives)).doesNotThrowAnyException();
    }

    private static void answerOrRefuse(String binary, String directives) {
        try {
            unpack(binary, directives);
        } catch (IllegalArgumentException refused) {
            assertThat(refused).hasMessageStartingWith("unpack: ").hasNoCause();
            assertThat(refused.getMessage()).doesNotContain("\n");
        }
    }

    @Provide
    Arbitrary<String> binary() {
        Arbitrary<Character> anyByte = Arbitraries.chars().range('\0', '\u00ff');
        Arbitrary<Character> text = Arbitraries.chars().with("=AZaz09+/ \r\n#&`\0");
        return Arbitraries.oneOf(
                anyByte.list().ofMaxSize(64).map(UnpackTest::join),
                text.list().ofMaxSize(64).map(UnpackTest::join),
                Arbitraries.strings().ofMaxLength(8));
    }

    @Provide
    Arbitrary<String> directives() {
        String letters = "cCsSlLqQjJiInNvVUwDdFfEeGgAaZBbHhuMm@Xx";
        Arbitrary<String> counts = Arbitraries.frequencyOf(
                Tuple.of(4, Arbitraries.of("", "*", "0", "1", "2", "3", "8")),
                Tuple.of(1, Arbitraries.longs().between(0, Long.MAX_VALUE).map(String::valueOf)));
        Arbitrary<String> known = Arbitraries.chars()
                .with(letters)
                .flatMap(letter -> counts.map(count -> letter + count))
                .list()
                .ofMaxSize(8)
                .map(list -> String.join("", list));
        Arbitrary<String> nearly = Arbitraries.strings()
                .withChars(letters + "_!<>*0123456789# \nyPp%")
                .ofMaxLength(12);
        return Arbitraries.oneOf(known, nearly, Arbitraries.strings().ofMaxLength(8));
    }

    private static String join(List<Character> chars) {
        var joined = new StringBuilder();
        chars.forEach(joined::append);
        return joined.toString();
    }

    private static List<@Nullable Object> unpack(String binary, String directives) {
        return Unpack.unpack(binary, directives);
    }
}
