package org.proxymachine.script;

import java.util.Locale;
import org.jspecify.annotations.Nullable;

/** What a decision has the logs say of a session. Bounded and printable, as it may well hold what a client sent. */
final class Tag {
    /** The longest, in chars; what is longer ends with {@code …}. */
    static final int MAX_CHARS = 128;

    private Tag() {}

    /**
     * Returns the tag, or null for none: what is not printable as a hexadecimal escape, and no more of it than
     * there is room for.
     *
     * @throws WrongAnswerException in one line, for another type
     */
    static @Nullable String of(@Nullable Object value) {
        if (value == null) {
            return null;
        }
        if (!(value instanceof CharSequence chars)) {
            throw new WrongAnswerException("tag must be text, was " + TypeName.of(value));
        }
        String text = chars.toString();
        return text.isEmpty() ? null : printable(text);
    }

    private static String printable(String text) {
        StringBuilder tag = new StringBuilder();
        int cut = 0;
        for (int i = 0; i < text.length(); i += Character.charCount(text.codePointAt(i))) {
            append(tag, text.codePointAt(i));
            if (tag.length() > MAX_CHARS) {
                tag.setLength(cut);
                return tag.append('…').toString();
            }
            // The last end of a whole char or escape that leaves room for the ellipsis.
            cut = tag.length() < MAX_CHARS ? tag.length() : cut;
        }
        return tag.toString();
    }

    private static void append(StringBuilder tag, int codePoint) {
        if (isPrintable(codePoint)) {
            tag.appendCodePoint(codePoint);
        } else if (codePoint <= 0xff) {
            tag.append(String.format(Locale.ROOT, "\\x%02x", codePoint));
        } else {
            for (char each : Character.toChars(codePoint)) {
                tag.append(String.format(Locale.ROOT, "\\u%04x", (int) each));
            }
        }
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
}
