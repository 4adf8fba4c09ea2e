package org.proxymachine.sniff;

import java.util.function.Consumer;

/** Puts the first handshake message together from its records (RFC 8446, section 5.1), and goes on when more has come. */
final class TlsRecords {
    /** Of a handshake message: its type and the length of what follows. */
    static final int HEADER_BYTES = 4;

    /** RFC 8446, section 5.2: 2^14 and 256. */
    private static final int MAX_RECORD_BYTES = 0x4100;

    /** The most that the fields of a hello can have: two of a 16-bit length, two of an 8-bit one. */
    private static final int MAX_MESSAGE_BYTES = 2 + 32 + 33 + 65_536 + 256 + 65_537;

    /** What is looked at again with each chunk, to tell early that it is no hello. */
    private static final int EARLY_BYTES = 1024;

    private int total = HEADER_BYTES;
    private int arrived;
    private int left;

    /** Returns the message, and has the records' cursor stand at the end of the record that has its last byte. */
    static String read(Cursor records, Consumer<Cursor> check) {
        TlsRecords state = records.resume(TlsRecords::new);
        try {
            state.toEnd(records);
        } catch (NeedMore e) {
            state.checkEarly(records, check);
            throw e;
        }
        String message = message(records, state.total);
        check.accept(Cursor.of(message));
        records.skip(state.left);
        records.awaitAll();
        return message;
    }

    // Counts the bytes where they are: a copy of what has come would be held for as long as the client likes.
    private void toEnd(Cursor records) {
        while (arrived < total) {
            if (left == 0) {
                left = header(records);
                records.commit(this);
            }
            int bytes = Math.min(Math.min(left, total - arrived), Math.max(1, records.arrived()));
            records.skip(bytes);
            records.awaitAll();
            arrived += bytes;
            left -= bytes;
            if (bytes > 0 && arrived == HEADER_BYTES) {
                total += length(message(records, HEADER_BYTES));
                records.check(total <= HEADER_BYTES + MAX_MESSAGE_BYTES);
            }
            records.commit(this);
        }
    }

    private static int length(String header) {
        return header.charAt(1) << 16 | header.charAt(2) << 8 | header.charAt(3);
    }

    /** Puts the first so many bytes of the message together, which have come. */
    private static String message(Cursor records, int length) {
        Cursor from = records.from(0);
        int first = header(from);
        if (first >= length) {
            return from.take(length);
        }
        StringBuilder message = new StringBuilder(length).append(from.take(first));
        while (message.length() < length) {
            message.append(from.take(Math.min(header(from), length - message.length())));
        }
        return message.toString();
    }

    private static int header(Cursor records) {
        records.expect("\26\3");
        records.u8();
        int high = records.u8();
        records.check(high <= MAX_RECORD_BYTES >> 8);
        int length = high << 8 | records.u8();
        // An empty one is passed over, as servers do.
        records.check(length <= MAX_RECORD_BYTES);
        return length;
    }

    private void checkEarly(Cursor records, Consumer<Cursor> check) {
        if (arrived > 0 && arrived <= EARLY_BYTES) {
            try {
                check.accept(Cursor.of(message(records, arrived)));
            } catch (NeedMore e) {
                // It may yet be one.
            }
        }
    }
}
