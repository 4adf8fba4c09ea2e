package org.proxymachine.script;

import groovy.lang.GString;
import java.nio.charset.StandardCharsets;

/** Bytes as scripts know them: a String in which each char is one byte, from 0 to 255. */
final class BinaryString {
    private BinaryString() {}

    static String of(byte[] bytes) {
        return of(bytes, bytes.length);
    }

    static String of(byte[] bytes, int length) {
        return new String(bytes, 0, length, StandardCharsets.ISO_8859_1);
    }

    /**
     * Returns the bytes of a String, GString or byte array.
     *
     * @param key named in the error
     * @throws IllegalArgumentException for another type, or a char above 255, with its position
     */
    static byte[] bytes(Object value, String key) {
        if (value instanceof byte[] bytes) {
            return bytes.clone();
        }
        if (!(value instanceof String || value instanceof GString)) {
            throw new IllegalArgumentException(key + " must be a String of chars 0 to 255, a GString or a byte[], was "
                    + DecisionMapper.kind(value));
        }
        String text = value.toString();
        for (int i = 0; i < text.length(); i++) {
            if (text.charAt(i) > 0xff) {
                throw new IllegalArgumentException("%s must hold chars 0 to 255 only, was U+%04X at position %d"
                        .formatted(key, (int) text.charAt(i), i));
            }
        }
        return text.getBytes(StandardCharsets.ISO_8859_1);
    }
}
