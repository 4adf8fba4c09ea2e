package org.proxymachine.observe;

import ch.qos.logback.classic.pattern.ThrowableProxyConverter;
import ch.qos.logback.classic.spi.ILoggingEvent;
import ch.qos.logback.classic.spi.IThrowableProxy;
import java.util.Locale;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;

/**
 * {@code %line} in a pattern: the message with its control characters escaped and cut to {@value #MAX_CHARS} chars, so that
 * nothing a client or script says can begin a line of its own, and a stack trace, if there is one, indented under it.
 */
public final class LineConverter extends ThrowableProxyConverter {
    /** In UTF-8 this is less than the 48 KiB after which systemd-journald begins another line (LineMax= in journald.conf(5)). */
    static final int MAX_CHARS = 8_192;

    private static final String INDENT = "    ";

    @Override
    public String convert(ILoggingEvent event) {
        String message = escape(cut(String.valueOf(event.getFormattedMessage())));
        IThrowableProxy throwable = event.getThrowableProxy();
        return cut(message) + (throwable == null ? "" : stack(throwableProxyToString(throwable)));
    }

    // Its messages may hold anything, too.
    private static String stack(String trace) {
        return trace.lines()
                .map(line -> "\n" + INDENT + cut(escape(tabsAsSpaces(line))))
                .collect(Collectors.joining());
    }

    private static String tabsAsSpaces(String line) {
        return line.replace("\t", INDENT);
    }

    private static String cut(String text) {
        if (text.length() <= MAX_CHARS) {
            return text;
        }
        int end = MAX_CHARS - 1;
        return text.substring(0, Character.isHighSurrogate(text.charAt(end - 1)) ? end - 1 : end) + '…';
    }

    /** Returns it with what cannot be seen, or ends a line, or turns the direction of text, escaped. */
    public static String escape(@Nullable String text) {
        if (text == null) {
            return "null";
        }
        for (int i = 0; i < text.length(); i++) {
            char c = text.charAt(i);
            if (c < ' ' || (c >= 0x7f && isUnseen(text.codePointAt(i)))) {
                return escapeFrom(text, i);
            }
        }
        return text;
    }

    private static String escapeFrom(String text, int first) {
        StringBuilder escaped = new StringBuilder(text.length() + 16).append(text, 0, first);
        for (int i = first; i < text.length(); i += Character.charCount(text.codePointAt(i))) {
            int c = text.codePointAt(i);
            switch (c) {
                case '\n' -> escaped.append("\\n");
                case '\r' -> escaped.append("\\r");
                case '\t' -> escaped.append("\\t");
                default -> append(escaped, c);
            }
        }
        return escaped.toString();
    }

    private static void append(StringBuilder escaped, int c) {
        if (!isUnseen(c)) {
            escaped.appendCodePoint(c);
            return;
        }
        for (char each : Character.toChars(c)) {
            escaped.append(String.format(Locale.ROOT, c <= 0xff ? "\\x%02x" : "\\u%04x", (int) each));
        }
    }

    // U+0085 and U+2028 end lines for some readers. Half a surrogate pair, as for a byte that is no UTF-8, would be
    // written as a question mark.
    private static boolean isUnseen(int c) {
        return switch (Character.getType(c)) {
            case Character.CONTROL,
                    Character.FORMAT,
                    Character.SURROGATE,
                    Character.LINE_SEPARATOR,
                    Character.PARAGRAPH_SEPARATOR -> true;
            default -> false;
        };
    }
}
