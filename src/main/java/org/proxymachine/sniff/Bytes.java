package org.proxymachine.sniff;

import java.nio.charset.StandardCharsets;

/** The bytes that have come so far, as whoever has them keeps them. */
interface Bytes {
    int length();

    /** Returns the byte at this place; more than 255 for a char that is none. */
    int at(int index);

    /** Returns those bytes as a binary string. */
    String binary(int from, int to);

    /** Chars that are a byte each. */
    record OfChars(CharSequence chars) implements Bytes {
        @Override
        public int length() {
            return chars.length();
        }

        @Override
        public int at(int index) {
            return chars.charAt(index);
        }

        @Override
        public String binary(int from, int to) {
            return chars.subSequence(from, to).toString();
        }
    }

    /** The first bytes of an array. */
    @SuppressWarnings("ArrayRecordComponent") // It lives as long as one call.
    record OfArray(byte[] array, int length) implements Bytes {
        @Override
        public int at(int index) {
            return array[index] & 0xff;
        }

        @Override
        public String binary(int from, int to) {
            return new String(array, from, to - from, StandardCharsets.ISO_8859_1);
        }
    }
}
