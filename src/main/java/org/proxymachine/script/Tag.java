package org.proxymachine.script;

import groovy.lang.GString;
import org.jspecify.annotations.Nullable;

/** What a decision has the logs say of a session. Bounded and printable, as it may well hold what a client sent. */
final class Tag {
    /** The longest, in chars. */
    static final int MAX_CHARS = 128;

    private Tag() {}

    /**
     * Returns the tag, or null for none.
     *
     * @throws IllegalArgumentException in one line, for another type, another length, or a char that is not printable
     */
    static @Nullable String of(@Nullable Object value) {
        if (value == null) {
            return null;
        }
        if (!(value instanceof String || value instanceof GString)) {
            throw wrong(DecisionMapper.kind(value));
        }
        String tag = value.toString();
        if (tag.isEmpty() || tag.length() > MAX_CHARS) {
            throw wrong(tag.length() + " chars");
        }
        for (int i = 0; i < tag.length(); i += Character.charCount(tag.codePointAt(i))) {
            if (!isPrintable(tag.codePointAt(i))) {
                throw wrong("U+%04X at position %d".formatted(tag.codePointAt(i), i));
            }
        }
        return tag;
    }

    // No marks that are not seen or that turn the direction of text, no half of a pair, nothing whose look is unknown.
    private static boolean isPrintable(int codePoint) {
        return switch (Character.getType(codePoint)) {
            case Character.CONTROL,
                    Character.FORMAT,
                    Character.SURROGATE,
                    Character.PRIVATE_USE,
                    Character.UNASSIGNED,
                    Character.LINE_SEPARATOR,
                    Character.PARAGRAPH_SEPARATOR -> false;
            default -> true;
        };
    }

    private static IllegalArgumentException wrong(String found) {
        return new IllegalArgumentException(
                "tag must be a String of 1 to " + MAX_CHARS + " printable chars, was " + found);
    }
}
