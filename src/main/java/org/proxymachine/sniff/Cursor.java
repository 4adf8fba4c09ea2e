package org.proxymachine.sniff;

import java.util.function.Function;
import java.util.function.IntPredicate;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;

/**
 * Reads a message off the bytes that have come so far. To read past those is {@link NeedMore}; to read past the end that
 * the message itself gave is {@link Mismatch}, as is anything else that the protocol does not allow. So a parser reads
 * straight on, byte by byte in the order of the wire, and both answers come as early as they can.
 *
 * <p>A parser begins anew with each chunk. Where a message is long that must not cost more with each: what has a length is
 * waited for as a whole, {@link #scan} goes on where it stopped, and a parser of many parts does so by {@link #commit}.
 */
final class Cursor {
    private final Bytes data;
    private final int end;
    private final Progress progress;
    private int position;

    private Cursor(Bytes data, int position, int end, Progress progress) {
        this.data = data;
        this.position = position;
        this.end = end;
        this.progress = progress;
    }

    /**
     * Returns what this parser makes of the bytes, or null if it finds that they are something else.
     *
     * @param data a binary string: each char is a byte, 0 to 255
     * @throws NeedMore while the message is not whole
     */
    static <T> @Nullable T parse(String data, Function<Cursor, T> parser) {
        Progress progress = new Progress();
        try {
            return parse(new Bytes.OfChars(data), parser, progress);
        } catch (NeedMore e) {
            throw new NeedMore(new Waiting(parser, progress), data);
        }
    }

    /** Whether this parser, which has made this progress, waits for more than these bytes. */
    static boolean waits(Bytes data, Function<Cursor, ?> parser, Progress progress) {
        try {
            parse(data, parser, progress);
            return false;
        } catch (NeedMore e) {
            return true;
        }
    }

    /** Returns the part of the message that this parser found wrong; null if it has no names for parts, or finds none. */
    static @Nullable String wrongPart(String data, Function<Cursor, ?> parser) {
        Progress progress = new Progress();
        waits(new Bytes.OfChars(data), parser, progress);
        return progress.part();
    }

    /** Names what is read next. */
    void part(String name) {
        progress.part(name);
    }

    private static <T> @Nullable T parse(Bytes data, Function<Cursor, T> parser, Progress progress) {
        Cursor cursor = new Cursor(data, 0, Integer.MAX_VALUE, progress);
        try {
            T value = parser.apply(cursor);
            cursor.awaitAll();
            return value;
        } catch (Mismatch e) {
            return null;
        }
    }

    /** Returns a cursor over the first bytes of a message that came in parts, which are as the protocol has them. */
    static Cursor of(CharSequence message) {
        return new Cursor(new Bytes.OfChars(message), 0, Integer.MAX_VALUE, new Progress());
    }

    /** Goes on where the last {@link #commit} was, with what was found till then; else from here with a new state. */
    @SuppressWarnings("unchecked") // A progress is one parser's, which has one kind of state.
    <T> T resume(Supplier<T> initial) {
        Object state = progress.state();
        if (state == null) {
            return initial.get();
        }
        position = progress.position();
        return (T) state;
    }

    /** Has {@link #resume} go on from here with this state, which holds all that was read till now. */
    void commit(Object state) {
        progress.commit(position, state);
    }

    /** Returns another cursor at this place. */
    Cursor from(int start) {
        return new Cursor(data, start, end, progress);
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
            throw needing(position + 1);
        }
        int value = data.at(position);
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
            throw needing(position + length);
        }
        String taken = data.binary(position, position + length);
        position += length;
        return taken;
    }

    /** Returns what was read from this position on. */
    String since(int start) {
        return data.binary(start, position);
    }

    /** Reads to the end that the message gave. */
    String rest() {
        return take(left());
    }

    /** Returns how many bytes have come beyond this place, the end that the message gave not minded. */
    int arrived() {
        return Math.max(0, data.length() - position);
    }

    /** Reads so many bytes as text. */
    String text(int length) {
        return Text.of(take(length));
    }

    /** Goes to the first byte for which this holds. */
    void scan(IntPredicate stop) {
        check(scan(left(), stop));
    }

    /** Goes to the first byte for which this holds, or over at most so many; says whether there is one. */
    boolean scan(int max, IntPredicate stop) {
        int start = position;
        position = progress.scanned(start);
        try {
            return stop(start, max, stop);
        } finally {
            progress.scanned(start, position);
        }
    }

    // As far as there are bytes without a look at the bounds for each.
    private boolean stop(int start, int max, IntPredicate stop) {
        int all = Math.min(
                Math.min(end, data.length()), max > Integer.MAX_VALUE - start ? Integer.MAX_VALUE : start + max);
        while (position < all) {
            int next = data.at(position);
            check(next <= 0xff);
            if (stop.test(next)) {
                return true;
            }
            position++;
        }
        return position - start < max && stop.test(peek());
    }

    /**
     * Reads what stands before this byte, and the byte.
     *
     * @param allowed what those may be; another one is a mismatch
     */
    String until(int terminator, IntPredicate allowed) {
        int start = position;
        past(terminator, allowed);
        return data.binary(start, position - 1);
    }

    /** Reads what stands before this byte, whatever it is, and the byte. */
    String until(int terminator) {
        int start = position;
        past(terminator);
        return data.binary(start, position - 1);
    }

    /** Steps over what {@link #until(int)} reads. */
    void past(int terminator) {
        int start = position;
        position = progress.scanned(start);
        try {
            int all = Math.min(end, data.length());
            while (position < all && data.at(position) != terminator) {
                check(data.at(position) <= 0xff);
                position++;
            }
            check(peek() == terminator);
        } finally {
            progress.scanned(start, position);
        }
        position++;
    }

    /** Steps over what {@link #until} reads: where more is to be waited for, nothing is copied. */
    void past(int terminator, IntPredicate allowed) {
        scan(c -> c == terminator || !allowed.test(c));
        check(peek() == terminator);
        position++;
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
        return new Cursor(data, start, position, progress);
    }

    /** Reads a length of 16 bits, and returns a cursor over so many bytes, as {@link #slice} does. */
    Cursor slice16() {
        int high = u8();
        check(high << 8 < left());
        return slice(high << 8 | u8());
    }

    /** Returns a cursor from here on that may read at most so many bytes. */
    Cursor limited(int length) {
        return new Cursor(data, position, Math.min(end, Math.addExact(position, length)), progress);
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
        awaitBytes(position);
    }

    /** Waits for the end that the message gave. */
    void awaitEnd() {
        awaitBytes(end);
    }

    private void awaitBytes(int total) {
        if (total > data.length()) {
            throw needing(total);
        }
    }

    private NeedMore needing(int total) {
        progress.need(total);
        return NeedMore.INSTANCE;
    }
}
