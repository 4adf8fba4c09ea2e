package org.proxymachine.sniff;

import java.util.function.Function;
import java.util.function.IntPredicate;
import org.jspecify.annotations.Nullable;

/**
 * Reads a message off the bytes that have come so far. To read past those is {@link NeedMore}; to read past the end that
 * the message itself gave is {@link Mismatch}, as is anything else that the protocol does not allow. So a parser reads
 * straight on, byte by byte in the order of the wire, and both answers come as early as they can.
 */
final class Cursor {
    private final String data;
    private final int end;
    private int position;

    private Cursor(String data, int position, int end) {
        this.data = data;
        this.position = position;
        this.end = end;
    }

    /**
     * Returns what this parser makes of the bytes, or null if it finds that they are something else.
     *
     * @param data a binary string: each char is a byte, 0 to 255
     * @throws NeedMore while the message is not whole
     */
    static <T> @Nullable T parse(String data, Function<Cursor, T> parser) {
        Cursor cursor = new Cursor(data, 0, Integer.MAX_VALUE);
        try {
            T value = parser.apply(cursor);
            cursor.awaitAll();
            return value;
        } catch (Mismatch e) {
            return null;
        }
    }

    /** Returns how many bytes have been read. */
    int position() {
        return position;
    }

    /** Whether the end that the message gave is reached. */
    boolean atEnd() {
        return position == end;
    }

    /** Returns how many bytes there are to the end that the message gave; whether they have come is another matter. */
    int left() {
        return end - position;
    }

    /** Returns the next byte and leaves it there. */
    int peek() {
        if (position >= end) {
            throw Mismatch.INSTANCE;
        }
        if (position >= data.length()) {
            throw NeedMore.INSTANCE;
        }
        int value = data.charAt(position);
        if (value > 0xff) {
            throw Mismatch.INSTANCE;
        }
        return value;
    }

    int u8() {
        int value = peek();
        position++;
        return value;
    }

    /** Reads 16 bits in network byte order. */
    int u16() {
        return u8() << 8 | u8();
    }

    /** Reads 24 bits in network byte order. */
    int u24() {
        return u16() << 8 | u8();
    }

    /** Reads 32 bits in network byte order, as an unsigned number. */
    long u32() {
        return (long) u16() << 16 | u16();
    }

    /**
     * Reads a number that has seven bits in each byte, the lowest first, and the bit 0x80 in all but the last.
     *
     * @param maxBytes one with more is a mismatch
     * @param max a larger one is a mismatch
     */
    long varInt(int maxBytes, long max) {
        long value = 0;
        for (int bytes = 1; ; bytes++) {
            int next = u8();
            value |= (long) (next & 0x7f) << (7 * (bytes - 1));
            check(value <= max && (next < 0x80 || bytes < maxBytes));
            if (next < 0x80) {
                return value;
            }
        }
    }

    /** Reads so many bytes. */
    String take(int length) {
        if (length < 0 || length > left()) {
            throw Mismatch.INSTANCE;
        }
        if (length > data.length() - position) {
            throw NeedMore.INSTANCE;
        }
        String taken = data.substring(position, position + length);
        position += length;
        return taken;
    }

    /** Returns what was read from this position on. */
    String since(int start) {
        return data.substring(start, position);
    }

    /** Reads to the end that the message gave. */
    String rest() {
        return take(left());
    }

    /**
     * Reads what stands before this byte, and the byte.
     *
     * @param max bytes before it; more are a mismatch
     * @param allowed what those may be; another one is a mismatch
     */
    String until(int terminator, int max, IntPredicate allowed) {
        int start = position;
        int next;
        while ((next = u8()) != terminator) {
            check(position - start <= max && allowed.test(next));
        }
        return data.substring(start, position - 1);
    }

    /**
     * Reads to the end that the message gave as UTF-8 (RFC 3629); what is no UTF-8 is a mismatch at its first odd byte.
     *
     * @param allowed which code points may be; another one is a mismatch
     */
    String utf8(IntPredicate allowed) {
        StringBuilder text = new StringBuilder();
        while (!atEnd()) {
            int point = codePoint();
            check(allowed.test(point));
            text.appendCodePoint(point);
        }
        return text.toString();
    }

    private int codePoint() {
        int lead = u8();
        if (lead < 0x80) {
            return lead;
        }
        check(lead >= 0xc2 && lead <= 0xf4);
        int following = lead < 0xe0 ? 1 : lead < 0xf0 ? 2 : 3;
        // Narrower after four leads: the rest is longer than it need be, a surrogate, or past the last code point.
        int low = lead == 0xe0 ? 0xa0 : lead == 0xf0 ? 0x90 : 0x80;
        int high = lead == 0xed ? 0x9f : lead == 0xf4 ? 0x8f : 0xbf;
        int point = lead & (0x3f >> following);
        for (int i = 0; i < following; i++) {
            int next = u8();
            check(next >= low && next <= high);
            point = point << 6 | (next & 0x3f);
            low = 0x80;
            high = 0xbf;
        }
        return point;
    }

    /** Steps over so many bytes, which need not have come yet: {@link #parse} waits for them. */
    void skip(int length) {
        if (length < 0 || length > left()) {
            throw Mismatch.INSTANCE;
        }
        position += length;
    }

    /** Returns a cursor over the next so many bytes, which need not have come yet, and steps over them. */
    Cursor slice(int length) {
        int start = position;
        skip(length);
        return new Cursor(data, start, position);
    }

    /** Reads a length of 16 bits, and returns a cursor over so many bytes, as {@link #slice} does. */
    Cursor slice16() {
        int high = u8();
        check(high << 8 < left());
        return slice(high << 8 | u8());
    }

    /** Returns a cursor from here on that may read at most so many bytes. */
    Cursor limited(int length) {
        return new Cursor(data, position, Math.min(end, Math.addExact(position, length)));
    }

    /** Reads these very bytes. */
    void expect(String bytes) {
        for (int i = 0; i < bytes.length(); i++) {
            check(u8() == bytes.charAt(i));
        }
    }

    /** Reads one of these words, of which none begins another. */
    String oneOf(String... words) {
        int start = position;
        while (true) {
            u8();
            String read = since(start);
            boolean begins = false;
            for (String word : words) {
                if (word.equals(read)) {
                    return word;
                }
                begins |= word.startsWith(read);
            }
            check(begins);
        }
    }

    /** Reads a decimal number without a sign or leading zeros, and leaves what ends it. */
    int decimal(int max) {
        int value = digit();
        check(value <= max);
        while (peek() >= '0' && peek() <= '9') {
            check(value > 0);
            value = value * 10 + digit();
            check(value <= max);
        }
        return value;
    }

    private int digit() {
        int digit = u8() - '0';
        check(digit >= 0 && digit <= 9);
        return digit;
    }

    /** Says that this is not the protocol, unless this holds. */
    void check(boolean holds) {
        if (!holds) {
            throw Mismatch.INSTANCE;
        }
    }

    /** Waits until all that was read or stepped over has come. */
    void awaitAll() {
        if (position > data.length()) {
            throw NeedMore.INSTANCE;
        }
    }
}
