package org.proxymachine.script;

import java.nio.ByteOrder;
import java.util.Locale;
import java.util.stream.Collectors;

/**
 * One directive of {@link Unpack}, with all that the text around it says.
 *
 * @param type the letter
 * @param sizeBytes of one value, for integers and floats of a fixed size; else 0
 * @param order of those bytes
 * @param count what was asked for, which may be far more than there is, or {@link #ALL}
 * @param source the whole text the directive stands in
 * @param index where in that text, from 0
 */
record UnpackDirective(char type, int sizeBytes, ByteOrder order, long count, String source, int index) {
    /** The count of {@code *}: as many as the bytes hold. */
    static final long ALL = -1;

    private static final int SHOWN_MAX = 80;

    /** The error that {@code what} went wrong here, in one line: {@code unpack: what at 2 in 'Cy'}. */
    IllegalArgumentException error(String what) {
        return error(what, source, index);
    }

    /** As {@link #error(String)}, while the directive is still being read; a person counts {@code index} from 1. */
    static IllegalArgumentException error(String what, String source, int index) {
        String shown = source.length() <= SHOWN_MAX ? source : source.substring(0, SHOWN_MAX) + "…";
        return new IllegalArgumentException(
                String.format(Locale.ROOT, "unpack: %s at %d in '%s'", printable(what), index + 1, printable(shown)));
    }

    /** Directives may run over several lines and hold any char; their error may not. */
    private static String printable(String text) {
        return text.chars()
                .mapToObj(c -> Character.isISOControl(c) || Character.isSurrogate((char) c)
                        ? String.format(Locale.ROOT, "\\u%04x", c)
                        : String.valueOf((char) c))
                .collect(Collectors.joining());
    }
}
