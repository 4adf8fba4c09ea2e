package org.proxymachine.script;

import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * Takes a binary string apart as Ruby's {@code String#unpack} does, one call at a time. The directives are those Ruby
 * documents (packed_data.rdoc), but for the pointers {@code P} and {@code p}:
 *
 * <ul>
 *   <li>integers {@code C c S s L l Q q J j I i}, with {@code _} or {@code !} for the native size and {@code <} or
 *       {@code >} for the byte order; {@code n N v V}; {@code U} for a UTF-8 code point; {@code w} for BER
 *   <li>floats {@code D d F f E e G g}
 *   <li>strings {@code A a Z}, bits {@code B b}, nibbles {@code H h}, and {@code u M m} (with {@code m0} for strict
 *       base64), which decode
 *   <li>{@code @ X x}, which move
 * </ul>
 *
 * <p>Native sizes are those of 64-bit Linux (a long has 8 bytes) and the native byte order is little endian, whatever
 * the machine, so that a script means the same everywhere. Integers are Integer where they fit, else Long, else
 * BigInteger, as Groovy's literals are, so that they are equal as keys of a Map; floats are Double. Strings are binary.
 *
 * <p>As in Ruby, a number of a fixed size whose bytes are missing is null, and with {@code *} it is left out; and an
 * ill-formed {@code M} gives its rest as it stands. Unlike Ruby's, a call gives at most {@value #MAX_MISSING} nulls, so
 * that {@code C999999999} costs no memory; and all directives are read first, so an error in the last one is found
 * whatever the bytes.
 */
final class Unpack {
    /** The most nulls a call gives for missing bytes. All else in a result is bounded by the bytes there are. */
    static final int MAX_MISSING = 65_536;

    private final ByteBuffer in;
    private final List<@Nullable Object> values = new ArrayList<>();
    private int missing;

    private Unpack(byte[] bytes) {
        in = ByteBuffer.wrap(bytes);
    }

    /**
     * Returns what the directives find in a binary string.
     *
     * @throws IllegalArgumentException in one line, for a char above 255, an unknown or ill-formed directive, a move to
     *     outside the string, malformed UTF-8 or strict base64, or more than {@value #MAX_MISSING} missing values
     */
    static List<@Nullable Object> unpack(String binary, String directives) {
        String problem = BinaryString.problem(binary, "unpack: the string");
        if (problem != null) {
            throw new IllegalArgumentException(problem);
        }
        var unpack = new Unpack(binary.getBytes(StandardCharsets.ISO_8859_1));
        for (UnpackDirective directive : UnpackDirectives.parse(directives)) {
            unpack.take(directive);
        }
        return unpack.values;
    }

    private void take(UnpackDirective directive) {
        switch (directive.type()) {
            case 'a' -> values.add(text(count(directive)));
            case 'A' -> values.add(stripped(text(count(directive))));
            case 'Z' -> values.add(upToNul(directive));
            case 'b' -> values.add(digits(directive, 1, 0));
            case 'B' -> values.add(digits(directive, 1, 7));
            case 'h' -> values.add(digits(directive, 4, 0));
            case 'H' -> values.add(digits(directive, 4, 4));
            case 'u' -> values.add(UnpackEncodings.uuencoded(in));
            case 'M' -> values.add(UnpackEncodings.quotedPrintable(in));
            case 'm' ->
                values.add(
                        directive.count() == 0
                                ? UnpackEncodings.strictBase64(in, directive)
                                : UnpackEncodings.base64(in));
            case 'U' -> takeCodePoints(directive);
            case 'w' -> takeBerIntegers(directive);
            case '@' -> move(asked(directive), directive);
            case 'x' -> move(in.position() + within(asked(directive)), directive);
            case 'X' -> move(in.position() - within(asked(directive)), directive);
            default -> takeNumbers(directive);
        }
    }

    private void takeNumbers(UnpackDirective directive) {
        int complete = in.remaining() / directive.sizeBytes();
        long asked = directive.count() == UnpackDirective.ALL ? complete : directive.count();
        long absent = Math.max(0, asked - complete);
        if (absent > MAX_MISSING - missing) {
            throw directive.error("more than " + MAX_MISSING + " values are missing");
        }
        in.order(directive.order());
        for (long i = Math.min(asked, complete); i > 0; i--) {
            values.add(UnpackNumbers.fixedSize(in, directive));
        }
        values.addAll(Collections.nCopies((int) absent, null));
        missing += (int) absent;
    }

    private void takeCodePoints(UnpackDirective directive) {
        for (int left = count(directive); left > 0 && in.hasRemaining(); left--) {
            values.add(UnpackNumbers.codePoint(in, directive));
        }
    }

    /** A last integer without its last byte is passed over, as in Ruby. */
    private void takeBerIntegers(UnpackDirective directive) {
        int start = in.position();
        int left = count(directive);
        while (left > 0 && in.hasRemaining()) {
            if (in.get() >= 0) {
                values.add(UnpackNumbers.ber(in.array(), start, in.position()));
                start = in.position();
                left--;
            }
        }
    }

    private String text(int length) {
        byte[] bytes = new byte[length];
        in.get(bytes);
        return BinaryString.of(bytes, length);
    }

    private static String stripped(String text) {
        int end = text.length();
        while (end > 0 && (text.charAt(end - 1) == ' ' || text.charAt(end - 1) == 0)) {
            end--;
        }
        return text.substring(0, end);
    }

    /** With a count, the bytes after the NUL are passed over; with {@code *}, only the NUL is. */
    private String upToNul(UnpackDirective directive) {
        int start = in.position();
        String text = text(count(directive));
        int nul = text.indexOf(0);
        if (nul < 0) {
            return text;
        }
        if (directive.count() == UnpackDirective.ALL) {
            in.position(start + nul + 1);
        }
        return text.substring(0, nul);
    }

    /**
     * Returns the bytes written in digits.
     *
     * @param bits of one digit: 1 or 4
     * @param firstShift where the first digit of a byte lies: 0 for the low end, 8 - bits for the high end
     */
    private String digits(UnpackDirective directive, int bits, int firstShift) {
        int perByte = Byte.SIZE / bits;
        long available = (long) in.remaining() * perByte;
        long length = directive.count() == UnpackDirective.ALL ? available : Math.min(directive.count(), available);
        int step = firstShift == 0 ? bits : -bits;
        var digits = new StringBuilder();
        int value = 0;
        for (int i = 0; i < length; i++) {
            if (i % perByte == 0) {
                value = in.get();
            }
            int digit = (value >> (firstShift + step * (i % perByte))) & ((1 << bits) - 1);
            digits.append(Character.forDigit(digit, 16));
        }
        return digits.toString();
    }

    private void move(long position, UnpackDirective directive) {
        if (position < 0 || position > in.limit()) {
            throw directive.error(directive.type() + " outside of string");
        }
        in.position((int) position);
    }

    /** Keeps a sum with a position from overflowing; what is past the end stays past it. */
    private long within(long asked) {
        return Math.min(asked, in.limit() + 1L);
    }

    private long asked(UnpackDirective directive) {
        return directive.count() == UnpackDirective.ALL ? in.remaining() : directive.count();
    }

    private int count(UnpackDirective directive) {
        return (int) Math.min(asked(directive), in.remaining());
    }
}
