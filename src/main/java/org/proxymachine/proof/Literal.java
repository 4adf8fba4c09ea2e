package org.proxymachine.proof;

import java.util.Arrays;
import java.util.HexFormat;
import java.util.Locale;

/**
 * Bytes as people read and write them: {@code "GET /\r\n\x00"}. In quotes; a backslash before r, n, t, a quote or itself;
 * {@code \xHH} for any other byte that is not printable ASCII.
 */
public final class Literal {
    private static final HexFormat HEX = HexFormat.of();

    private Literal() {}

    /** Writes bytes. */
    public static String of(byte[] bytes) {
        StringBuilder text = new StringBuilder(bytes.length + 2).append('"');
        for (byte each : bytes) {
            switch (each) {
                case '\r' -> text.append("\\r");
                case '\n' -> text.append("\\n");
                case '\t' -> text.append("\\t");
                case '"' -> text.append("\\\"");
                case '\\' -> text.append("\\\\");
                default -> {
                    if (each >= ' ' && each < 0x7f) {
                        text.append((char) each);
                    } else {
                        HEX.toHexDigits(text.append("\\x"), each);
                    }
                }
            }
        }
        return text.append('"').toString();
    }

    /**
     * Reads what {@link #of} wrote, or a person.
     *
     * @throws IllegalArgumentException in one line, with the position
     */
    public static byte[] parse(String text) {
        if (text.length() < 2 || text.charAt(0) != '"' || !text.endsWith("\"")) {
            throw new IllegalArgumentException("expected bytes in double quotes, was " + text);
        }
        byte[] bytes = new byte[text.length() - 2];
        int count = 0;
        int end = text.length() - 1;
        for (int i = 1; i < end; ) {
            char c = text.charAt(i++);
            if (c == '\\') {
                if (i == end) {
                    throw escape(text, i);
                }
                bytes[count++] = (byte) escaped(text, i, end);
                i += text.charAt(i) == 'x' ? 3 : 1;
            } else if (c == '"' || c > 0xff) {
                throw new IllegalArgumentException(String.format(
                        Locale.ROOT,
                        "expected \\%s in place of the char at position %d of %s",
                        c == '"' ? "\"" : "xHH",
                        i - 1,
                        text));
            } else {
                bytes[count++] = (byte) c;
            }
        }
        return Arrays.copyOf(bytes, count);
    }

    private static int escaped(String text, int at, int end) {
        return switch (text.charAt(at)) {
            case 'r' -> '\r';
            case 'n' -> '\n';
            case 't' -> '\t';
            case '"' -> '"';
            case '\\' -> '\\';
            case 'x' -> hex(text, at + 1, end);
            default -> throw escape(text, at);
        };
    }

    private static int hex(String text, int at, int end) {
        if (at + 2 > end || !HexFormat.isHexDigit(text.charAt(at)) || !HexFormat.isHexDigit(text.charAt(at + 1))) {
            throw escape(text, at - 1);
        }
        return HexFormat.fromHexDigits(text, at, at + 2);
    }

    private static IllegalArgumentException escape(String text, int at) {
        return new IllegalArgumentException(
                "expected \\r, \\n, \\t, \\\", \\\\ or \\xHH at position " + (at - 1) + " of " + text);
    }
}
