package org.proxymachine.script;

import java.math.BigInteger;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.Base64;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * Takes a binary string apart, as Ruby's String#unpack documents it (Ruby's format specification for packed data,
 * packed_data.rdoc): all its directives but the pointers {@code p} and {@code P}.
 *
 * <p>Where bytes are missing a number is null; {@code *} takes as many whole values as there are. Native sizes and byte
 * order are those of 64-bit Linux on x86 and ARM, everywhere, so that a script means the same on each machine.
 * Integers are an Integer where they fit one, else a Long, else a BigInteger, as in Groovy's own literals.
 */
final class Unpack {
    /** A count beyond this asks for more than any message that is buffered can hold. */
    static final int MAX_COUNT = 1 << 20;

    private final byte[] bytes;
    private final List<@Nullable Object> values = new ArrayList<>();
    private int position;

    private Unpack(byte[] bytes) {
        this.bytes = bytes;
    }

    /**
     * Returns the values in order.
     *
     * @throws IllegalArgumentException for a directive that does not exist, a position outside the string, or a char
     *     above 255
     */
    static List<@Nullable Object> unpack(String binary, String directives) {
        Unpack unpack = new Unpack(BinaryString.bytes(binary, "unpack: the string"));
        for (UnpackDirective directive : UnpackDirective.parse(directives)) {
            unpack.take(directive);
        }
        return unpack.values;
    }

    private void take(UnpackDirective directive) {
        switch (directive.letter()) {
            case 'C', 'c', 'S', 's', 'L', 'l', 'Q', 'q', 'J', 'j', 'I', 'i', 'n', 'N', 'v', 'V' -> integers(directive);
            case 'D', 'd', 'F', 'f', 'E', 'e', 'G', 'g' -> floats(directive);
            case 'U' -> codePoints(directive);
            case 'w' -> compressed(directive);
            case 'A', 'a', 'Z' -> text(directive);
            case 'B', 'b' -> digits(directive, 1);
            case 'H', 'h' -> digits(directive, 4);
            case 'm' -> values.add(base64(directive));
            case 'M' -> values.add(quotedPrintable());
            case 'u' -> values.add(uuencoded());
            default -> move(directive);
        }
    }

    private int left() {
        return bytes.length - position;
    }

    private void integers(UnpackDirective directive) {
        int size = directive.size();
        int count = directive.star() ? left() / size : directive.count();
        for (int i = 0; i < count; i++) {
            if (left() < size) {
                values.add(null);
            } else {
                values.add(integer(raw(size, directive.bigEndian()), size, directive.signed()));
            }
        }
    }

    private long raw(int size, boolean bigEndian) {
        long raw = 0;
        for (int i = 0; i < size; i++) {
            long next = bytes[position + (bigEndian ? i : size - 1 - i)] & 0xff;
            raw = (raw << 8) | next;
        }
        position += size;
        return raw;
    }

    private static Object integer(long raw, int size, boolean signed) {
        if (signed) {
            int unused = 64 - 8 * size;
            return narrow((raw << unused) >> unused);
        }
        return raw >= 0 ? narrow(raw) : new BigInteger(Long.toUnsignedString(raw));
    }

    private static Object narrow(long value) {
        if (value == (int) value) {
            return (int) value;
        }
        return value;
    }

    private void floats(UnpackDirective directive) {
        int size = directive.size();
        int count = directive.star() ? left() / size : directive.count();
        for (int i = 0; i < count; i++) {
            if (left() < size) {
                values.add(null);
            } else {
                long raw = raw(size, directive.bigEndian());
                values.add(size == 4 ? (double) Float.intBitsToFloat((int) raw) : Double.longBitsToDouble(raw));
            }
        }
    }

    private void codePoints(UnpackDirective directive) {
        for (int i = 0; (directive.star() || i < directive.count()) && left() > 0; i++) {
            values.add(codePoint());
        }
    }

    // RFC 3629, but surrogates pass, as in Ruby.
    private int codePoint() {
        int first = bytes[position] & 0xff;
        int length = first < 0x80 ? 1 : first >= 0xf0 ? 4 : first >= 0xe0 ? 3 : 2;
        if (first >= 0xf8 || (first >= 0x80 && first < 0xc2) || left() < length) {
            throw new IllegalArgumentException("unpack: malformed UTF-8 at " + position);
        }
        int codePoint = length == 1 ? first : first & (0xff >> (length + 1));
        for (int i = 1; i < length; i++) {
            int next = bytes[position + i] & 0xff;
            if ((next & 0xc0) != 0x80) {
                throw new IllegalArgumentException("unpack: malformed UTF-8 at " + (position + i));
            }
            codePoint = codePoint << 6 | (next & 0x3f);
        }
        position += length;
        return codePoint;
    }

    // BER-compressed: seven bits a byte, most significant first, the high bit on all but the last.
    private void compressed(UnpackDirective directive) {
        for (int i = 0; (directive.star() || i < directive.count()) && left() > 0; i++) {
            BigInteger value = BigInteger.ZERO;
            int start = position;
            boolean more = true;
            while (more && position < bytes.length) {
                int next = bytes[position++];
                value = value.shiftLeft(7).or(BigInteger.valueOf(next & 0x7f));
                more = next < 0;
                if (position - start > 64) {
                    throw new IllegalArgumentException("unpack: compressed integer longer than 64 bytes at " + start);
                }
            }
            if (!more) {
                values.add(value.bitLength() < 64 ? narrow(value.longValue()) : value);
            }
        }
    }

    private void text(UnpackDirective directive) {
        int length = directive.star() ? left() : Math.min(directive.count(), left());
        int end = position + length;
        int next = end;
        if (directive.letter() == 'Z') {
            for (int i = position; i < position + length; i++) {
                if (bytes[i] == 0) {
                    end = i;
                    // With a star the NUL is the end of the field too.
                    next = directive.star() ? i + 1 : next;
                    break;
                }
            }
        } else if (directive.letter() == 'A') {
            while (end > position && (bytes[end - 1] == ' ' || bytes[end - 1] == 0)) {
                end--;
            }
        }
        values.add(new String(bytes, position, end - position, StandardCharsets.ISO_8859_1));
        position = next;
    }

    private void digits(UnpackDirective directive, int bits) {
        int perByte = 8 / bits;
        boolean highFirst = directive.letter() == 'B' || directive.letter() == 'H';
        int count = (int) Math.min(directive.star() ? Long.MAX_VALUE : directive.count(), (long) left() * perByte);
        StringBuilder digits = new StringBuilder(count);
        for (int i = 0; i < count; i++) {
            int place = i % perByte;
            int shift = bits * (highFirst ? perByte - 1 - place : place);
            digits.append(Character.forDigit(
                    ((bytes[position + i / perByte] & 0xff) >> shift) & ((1 << bits) - 1), 16));
        }
        position += (count + perByte - 1) / perByte;
        values.add(digits.toString());
    }

    private String rest() {
        String rest = new String(bytes, position, left(), StandardCharsets.ISO_8859_1);
        position = bytes.length;
        return rest;
    }

    // RFC 4648 strictly with a count of 0, else RFC 2045: what is not of the alphabet is skipped.
    private String base64(UnpackDirective directive) {
        String rest = rest();
        if (!directive.star() && directive.counted() && directive.count() == 0) {
            try {
                return BinaryString.of(Base64.getDecoder().decode(rest));
            } catch (IllegalArgumentException e) {
                throw new IllegalArgumentException("unpack: invalid base64: " + e.getMessage(), e);
            }
        }
        StringBuilder clean = new StringBuilder();
        for (int i = 0; i < rest.length() && rest.charAt(i) != '='; i++) {
            char c = rest.charAt(i);
            if ((c >= 'A' && c <= 'Z') || (c >= 'a' && c <= 'z') || (c >= '0' && c <= '9') || c == '+' || c == '/') {
                clean.append(c);
            }
        }
        if (clean.length() % 4 == 1) {
            clean.setLength(clean.length() - 1);
        }
        return BinaryString.of(Base64.getDecoder().decode(clean.toString()));
    }

    // RFC 2045, section 6.7; stops at what is malformed, and keeps it as it is.
    private String quotedPrintable() {
        String rest = rest();
        StringBuilder text = new StringBuilder();
        int i = 0;
        while (i < rest.length()) {
            char c = rest.charAt(i);
            if (c != '=') {
                text.append(c);
                i++;
            } else if (rest.startsWith("=\r\n", i)) {
                i += 3;
            } else if (rest.startsWith("=\n", i)) {
                i += 2;
            } else {
                int high = i + 1 < rest.length() ? Character.digit(rest.charAt(i + 1), 16) : -1;
                int low = i + 2 < rest.length() ? Character.digit(rest.charAt(i + 2), 16) : -1;
                if (high < 0 || low < 0) {
                    return text.append(rest, i, rest.length()).toString();
                }
                text.append((char) ((high << 4) | low));
                i += 3;
            }
        }
        return text.toString();
    }

    // uuencode(5): a length character, then four characters for each three bytes.
    private String uuencoded() {
        String rest = rest();
        StringBuilder text = new StringBuilder();
        for (String line : rest.lines().toList()) {
            if (line.isEmpty() || line.charAt(0) <= ' ' || line.charAt(0) > '`') {
                break;
            }
            int length = (line.charAt(0) - ' ') & 0x3f;
            for (int i = 0; i < length; i++) {
                int group = 1 + i / 3 * 4;
                int bits = (sextet(line, group) << 18)
                        | (sextet(line, group + 1) << 12)
                        | (sextet(line, group + 2) << 6)
                        | sextet(line, group + 3);
                text.append((char) ((bits >> (16 - i % 3 * 8)) & 0xff));
            }
        }
        return text.toString();
    }

    private static int sextet(String line, int index) {
        return index < line.length() ? (line.charAt(index) - ' ') & 0x3f : 0;
    }

    private void move(UnpackDirective directive) {
        long target = switch (directive.letter()) {
            case 'x' -> directive.star() ? bytes.length : (long) position + directive.count();
            case 'X' -> directive.star() ? position : (long) position - directive.count();
            default -> directive.star() ? position : directive.counted() ? directive.count() : 0;
        };
        if (target < 0 || target > bytes.length) {
            throw new IllegalArgumentException(
                    "unpack: %s moves to %d, outside the %d bytes".formatted(directive.letter(), target, bytes.length));
        }
        position = (int) target;
    }
}
