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

    private final StringBuilder message = new StringBuilder();
    private int left;

    /** Returns the message, and has the records' cursor stand at the end of the record that has its last byte. */
    static String read(Cursor records, Consumer<Cursor> check) {
        TlsRecords state = records.resume(TlsRecords::new);
        try {
            state.toEnd(records);
        } catch (NeedMore e) {
            state.checkEarly(check);
            throw e;
        }
        check.accept(Cursor.of(state.message));
        records.skip(state.left);
        records.awaitAll();
        return state.message.toString();
    }

    private void toEnd(Cursor records) {
        while (message.length() < total()) {
            if (left == 0) {
                left = header(records);
                records.commit(this);
            }
            int bytes = Math.min(Math.min(left, total() - message.length()), Math.max(1, records.arrived()));
            message.append(records.take(bytes));
            left -= bytes;
            records.commit(this);
            records.check(total() <= HEADER_BYTES + MAX_MESSAGE_BYTES);
        }
    }

    private static int header(Cursor records) {
        records.expect("\26\3");
        records.u8();
        int high = records.u8();
        records.check(high <= MAX_RECORD_BYTES >> 8);
        int length = high << 8 | records.u8();
        records.check(length > 0 && length <= MAX_RECORD_BYTES);
        return length;
    }

    private int total() {
        return HEADER_BYTES
                + (message.length() < HEADER_BYTES
                        ? 0
                        : message.charAt(1) << 16 | message.charAt(2) << 8 | message.charAt(3));
    }

    private void checkEarly(Consumer<Cursor> check) {
        if (message.length() <= EARLY_BYTES) {
            try {
                check.accept(Cursor.of(message));
            } catch (NeedMore e) {
                // It may yet be one.
            }
        }
    }
}
