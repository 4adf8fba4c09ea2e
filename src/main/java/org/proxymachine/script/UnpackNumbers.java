package org.proxymachine.script;

import java.math.BigInteger;
import java.nio.ByteBuffer;
import java.util.Locale;

/** The numbers of {@link Unpack}. Each method takes one from the buffer's position and moves past it. */
final class UnpackNumbers {
    /** The least code point that needs a UTF-8 sequence of so many bytes; a smaller one is an overlong form. */
    private static final int[] LEAST = {0, 0, 0x80, 0x800, 0x1_0000, 0x20_0000, 0x400_0000};

    private UnpackNumbers() {}

    /** Returns an integer or float of the directive's size, all of whose bytes must be there, in the buffer's order. */
    static Object fixedSize(ByteBuffer in, UnpackDirective directive) {
        return switch (directive.type()) {
            case 'c' -> (int) in.get();
            case 'C' -> Byte.toUnsignedInt(in.get());
            case 's' -> (int) in.getShort();
            case 'S', 'n', 'v' -> Short.toUnsignedInt(in.getShort());
            case 'e', 'f', 'F', 'g' -> (double) in.getFloat();
            case 'd', 'D', 'E', 'G' -> in.getDouble();
            default -> {
                if (directive.sizeBytes() == Integer.BYTES) {
                    int value = in.getInt();
                    yield narrowest(Character.isLowerCase(directive.type()) ? value : Integer.toUnsignedLong(value));
                }
                long value = in.getLong();
                yield Character.isLowerCase(directive.type()) || value >= 0
                        ? narrowest(value)
                        : new BigInteger(Long.toUnsignedString(value));
            }
        };
    }

    /**
     * Returns a BER-compressed integer: seven bits a byte, the highest first, the eighth bit set in all bytes but the
     * last.
     */
    static Object ber(byte[] bytes, int start, int end) {
        // Shifting a BigInteger by seven for each byte would take time in the square of a client's bytes.
        byte[] magnitude = new byte[(7 * (end - start) + 7) / 8 + 1];
        for (int i = end - 1, bit = 0; i >= start; i--, bit += 7) {
            int shifted = (bytes[i] & 0x7f) << (bit % 8);
            int index = magnitude.length - 1 - bit / 8;
            magnitude[index] |= (byte) shifted;
            magnitude[index - 1] |= (byte) (shifted >> 8);
        }
        var value = new BigInteger(magnitude);
        return value.bitLength() < Long.SIZE ? narrowest(value.longValue()) : value;
    }

    /** Returns a code point, which as in Ruby may have up to 31 bits, or be a surrogate. */
    static Integer codePoint(ByteBuffer in, UnpackDirective directive) {
        int available = in.remaining();
        int first = Byte.toUnsignedInt(in.get());
        if (first < 0x80) {
            return first;
        }
        // The leading ones of the first byte count the sequence; a single one marks a byte from within a sequence.
        int length = Integer.numberOfLeadingZeros(~(first << 24));
        if (length == 1 || length > 6) {
            throw directive.error("malformed UTF-8 character");
        }
        if (length > available) {
            throw directive.error(String.format(
                    Locale.ROOT, "malformed UTF-8 character (expected %d bytes, given %d bytes)", length, available));
        }
        int value = first & (0x7f >> length);
        for (int i = 1; i < length; i++) {
            int next = in.get();
            if ((next & 0xc0) != 0x80) {
                throw directive.error("malformed UTF-8 character");
            }
            value = value << 6 | (next & 0x3f);
        }
        if (value < LEAST[length]) {
            throw directive.error("redundant UTF-8 sequence");
        }
        return value;
    }

    private static Object narrowest(long value) {
        // Not a conditional expression, which would make a Long of the Integer.
        if (value == (int) value) {
            return (int) value;
        }
        return value;
    }
}
