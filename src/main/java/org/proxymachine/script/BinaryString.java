package org.proxymachine.script;

import java.nio.charset.StandardCharsets;
import java.util.Locale;
import org.jspecify.annotations.Nullable;

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
     * Returns the bytes of a byte array, or of a text of any type.
     *
     * @param key named in the error
     * @throws WrongAnswerException for another type, or a char above 255, with its position
     */
    static byte[] bytes(Object value, String key) {
        if (value instanceof byte[] bytes) {
            return bytes.clone();
        }
        if (!(value instanceof CharSequence chars)) {
            throw new WrongAnswerException(
                    key + " must be text of chars 0 to 255 or a byte[], was " + TypeName.of(value));
        }
        String text = chars.toString();
        String problem = problem(text, key);
        if (problem != null) {
            throw new WrongAnswerException(problem);
        }
        return text.getBytes(StandardCharsets.ISO_8859_1);
    }

    /** Returns null, or which char of a text is no byte. */
    static @Nullable String problem(String text, String key) {
        for (int i = 0; i < text.length(); i++) {
            if (text.charAt(i) > 0xff) {
                return String.format(
                        Locale.ROOT,
                        "%s must hold chars 0 to 255 only, was U+%04X at position %d",
                        key,
                        (int) text.charAt(i),
                        i);
            }
        }
        return null;
    }
}
