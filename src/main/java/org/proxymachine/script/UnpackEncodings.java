package org.proxymachine.script;

import java.nio.ByteBuffer;

/**
 * The encodings of {@link Unpack}: base64 (RFC 2045 and 4648), quoted-printable (RFC 2045) and uuencoding. Each method
 * decodes from the buffer's position to a binary string, and leaves the position where Ruby leaves it: behind the last
 * byte used, which need not be the end.
 */
final class UnpackEncodings {
    private static final String ALPHABET = "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789+/";
    private static final int NONE = -1;
    private static final int SOFT_BREAK = -2;

    private UnpackEncodings() {}

    /** Ignores chars outside the alphabet, and stops before a {@code =} where padding may stand. */
    static String base64(ByteBuffer in) {
        var out = new StringBuilder();
        while (in.hasRemaining()) {
            int a = sextet(in, NONE);
            int b = sextet(in, NONE);
            if (b == NONE) {
                break;
            }
            int c = sextet(in, '=');
            if (c == NONE) {
                append(out, a << 2 | b >> 4);
                break;
            }
            int d = sextet(in, '=');
            append(out, a << 2 | b >> 4);
            append(out, b << 4 | c >> 2);
            if (d == NONE) {
                break;
            }
            append(out, c << 6 | d);
        }
        return out.toString();
    }

    private static int sextet(ByteBuffer in, int stop) {
        while (in.hasRemaining()) {
            int value = ALPHABET.indexOf(peek(in));
            if (value == NONE && peek(in) == stop) {
                return NONE;
            }
            in.get();
            if (value != NONE) {
                return value;
            }
        }
        return NONE;
    }

    /** Takes nothing but the alphabet, whole groups of four, and padding whose spare bits are 0. */
    static String strictBase64(ByteBuffer in, UnpackDirective directive) {
        var out = new StringBuilder();
        while (in.hasRemaining()) {
            if (in.remaining() < 4) {
                throw directive.error("invalid base64");
            }
            int a = strictSextet(in, directive);
            int b = strictSextet(in, directive);
            append(out, a << 2 | b >> 4);
            if (isPadding(in, 2)) {
                checkSpareBits(b & 0xf, directive);
                break;
            }
            int c = strictSextet(in, directive);
            append(out, b << 4 | c >> 2);
            if (isPadding(in, 1)) {
                checkSpareBits(c & 0x3, directive);
                break;
            }
            append(out, c << 6 | strictSextet(in, directive));
        }
        return out.toString();
    }

    private static int strictSextet(ByteBuffer in, UnpackDirective directive) {
        int value = ALPHABET.indexOf(take(in));
        if (value == NONE) {
            throw directive.error("invalid base64");
        }
        return value;
    }

    /** Whether the rest is that much padding. */
    private static boolean isPadding(ByteBuffer in, int length) {
        return in.remaining() == length && peek(in) == '=' && in.get(in.limit() - 1) == '=';
    }

    private static void checkSpareBits(int bits, UnpackDirective directive) {
        if (bits != 0) {
            throw directive.error("invalid base64");
        }
    }

    /** From the first escape that is none, the bytes are given as they stand. */
    static String quotedPrintable(ByteBuffer in) {
        var out = new StringBuilder();
        int decoded = in.position();
        while (in.hasRemaining()) {
            int next = take(in);
            int value = next == '=' ? escaped(in) : next;
            if (value == NONE) {
                break;
            }
            if (value != SOFT_BREAK) {
                append(out, value);
            }
            decoded = in.position();
        }
        for (int i = decoded; i < in.limit(); i++) {
            append(out, in.get(i));
        }
        return out.toString();
    }

    private static int escaped(ByteBuffer in) {
        if (in.remaining() >= 2 && peek(in) == '\r' && in.get(in.position() + 1) == '\n') {
            in.get();
        }
        if (in.hasRemaining() && peek(in) == '\n') {
            in.get();
            return SOFT_BREAK;
        }
        int high = hexDigit(in);
        if (high == NONE) {
            return NONE;
        }
        in.get();
        int low = hexDigit(in);
        if (low == NONE) {
            return NONE;
        }
        in.get();
        return high << 4 | low;
    }

    private static int hexDigit(ByteBuffer in) {
        return in.hasRemaining() ? Character.digit((char) peek(in), 16) : NONE;
    }

    /** Takes lines of a length, groups of four chars, and maybe a checksum; missing chars count as zeros. */
    static String uuencoded(ByteBuffer in) {
        // A line's length may lie, so the chars there are set a bound, as in Ruby.
        int most = (int) (in.remaining() * 3L / 4);
        var out = new StringBuilder();
        while (in.hasRemaining() && peek(in) > ' ' && peek(in) < 'a') {
            int length = take(in) - ' ' & 0x3f;
            int end = Math.min(out.length() + length, most);
            while (out.length() < end) {
                int a = uuSextet(in);
                int b = uuSextet(in);
                int c = uuSextet(in);
                int d = uuSextet(in);
                append(out, a << 2 | b >> 4);
                append(out, b << 4 | c >> 2);
                append(out, c << 6 | d);
            }
            out.setLength(end);
            skipLineEnd(in);
        }
        return out.toString();
    }

    private static int uuSextet(ByteBuffer in) {
        return in.hasRemaining() && peek(in) >= ' ' && peek(in) < 'a' ? take(in) - ' ' & 0x3f : 0;
    }

    private static void skipLineEnd(ByteBuffer in) {
        if (in.hasRemaining() && peek(in) != '\r' && peek(in) != '\n') {
            in.get(); // A checksum.
        }
        if (in.hasRemaining() && peek(in) == '\r') {
            in.get();
        }
        if (in.hasRemaining() && peek(in) == '\n') {
            in.get();
        }
    }

    private static int peek(ByteBuffer in) {
        return Byte.toUnsignedInt(in.get(in.position()));
    }

    private static int take(ByteBuffer in) {
        return Byte.toUnsignedInt(in.get());
    }

    private static void append(StringBuilder out, int value) {
        out.append((char) (value & 0xff));
    }
}
