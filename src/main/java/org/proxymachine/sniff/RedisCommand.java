package org.proxymachine.sniff;

import java.util.ArrayList;
import java.util.List;

/** Finds the end of a command of Redis word by word, going on there when more has come, and then reads it. */
final class RedisCommand {
    /** PROTO_INLINE_MAX_SIZE in server.h: the server does not wait longer for the end of a line. */
    static final int MAX_LINE_BYTES = 65_536;

    /** proto-max-bulk-len in redis.conf, as it is unless told otherwise. */
    private static final long MAX_WORD_BYTES = 512 * 1024 * 1024;

    private static final int MAX_DIGITS = 12;

    private static final long ODD = Long.MIN_VALUE;

    private int start;
    private long words;
    private long wordsEnded;

    static Redis read(Cursor cursor) {
        return cursor.resume(RedisCommand::new).command(cursor);
    }

    private Redis command(Cursor cursor) {
        while (words == 0) {
            start = cursor.position();
            int first = cursor.peek();
            if (Ascii.isLineEnd(first)) {
                cursor.u8();
            } else if (first != '*') {
                RedisLine line = RedisLine.read(cursor);
                if (!line.isEmpty()) {
                    return Redis.of(line.words(), cursor.position());
                }
            } else {
                long count = number('*', cursor, Integer.MAX_VALUE);
                if (count == ODD) {
                    return Redis.of(List.of(), cursor.position());
                }
                // The server passes over an empty array.
                words = Math.max(0, count);
            }
            cursor.commit(this);
        }
        toEnd(cursor);
        return Redis.of(words(cursor.from(start)), cursor.position());
    }

    private void toEnd(Cursor cursor) {
        while (wordsEnded < words) {
            long length = number('$', cursor, MAX_WORD_BYTES);
            if (length < 0) {
                return;
            }
            // The server does not look at the two bytes that end a word.
            cursor.skip((int) length + 2);
            cursor.awaitAll();
            wordsEnded++;
            cursor.commit(this);
        }
    }

    private List<String> words(Cursor cursor) {
        List<String> read = new ArrayList<>();
        number('*', cursor, Integer.MAX_VALUE);
        for (long i = 0; i < wordsEnded; i++) {
            read.add(cursor.take((int) number('$', cursor, MAX_WORD_BYTES)));
            cursor.skip(2);
        }
        return read;
    }

    /** Reads a line that is this byte and a number; ODD if it is not, and the server answers with an error. */
    private static long number(int first, Cursor cursor, long max) {
        int begin = cursor.position();
        if (!cursor.scan(MAX_LINE_BYTES, c -> c == '\r')) {
            return ODD;
        }
        String line = cursor.since(begin);
        cursor.u8();
        cursor.u8();
        boolean number = !line.isEmpty() && line.length() <= MAX_DIGITS && line.charAt(0) == first && isNumber(line);
        long value = number ? Long.parseLong(line, 1, line.length(), 10) : ODD;
        return value <= max ? value : ODD;
    }

    /** As string2ll reads it: without a plus and leading zeros. The first char is not looked at. */
    private static boolean isNumber(String line) {
        int start = line.startsWith("-", 1) ? 2 : 1;
        for (int i = start; i < line.length(); i++) {
            if (!Ascii.isDigit(line.charAt(i))) {
                return false;
            }
        }
        return start < line.length() && (line.charAt(start) != '0' || (start == 1 && line.length() == 2));
    }
}
