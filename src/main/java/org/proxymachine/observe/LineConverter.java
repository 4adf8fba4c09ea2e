package org.proxymachine.observe;

import ch.qos.logback.classic.pattern.ThrowableProxyConverter;
import ch.qos.logback.classic.spi.ILoggingEvent;
import ch.qos.logback.classic.spi.IThrowableProxy;
import org.jspecify.annotations.Nullable;

/**
 * {@code %line} in a pattern: the message with its control characters escaped, so that nothing a client or script says
 * can begin a line of its own, and a stack trace, if there is one, indented under it.
 */
public final class LineConverter extends ThrowableProxyConverter {

    @Override
    public String convert(ILoggingEvent event) {
        String message = escape(event.getFormattedMessage());
        IThrowableProxy throwable = event.getThrowableProxy();
        return throwable == null
                ? message
                : message + "\n" + throwableProxyToString(throwable).indent(4).stripTrailing();
    }

    /** Returns it with control characters, and all that ends a line, escaped. */
    public static String escape(@Nullable String text) {
        if (text == null) {
            return "null";
        }
        for (int i = 0; i < text.length(); i++) {
            if (isControl(text.charAt(i))) {
                return escapeFrom(text, i);
            }
        }
        return text;
    }

    private static String escapeFrom(String text, int first) {
        StringBuilder escaped = new StringBuilder(text.length() + 16).append(text, 0, first);
        for (int i = first; i < text.length(); i++) {
            char c = text.charAt(i);
            switch (c) {
                case '\n' -> escaped.append("\\n");
                case '\r' -> escaped.append("\\r");
                case '\t' -> escaped.append("\\t");
                default -> {
                    if (isControl(c)) {
                        escaped.append(String.format(c <= 0xff ? "\\x%02x" : "\\u%04x", (int) c));
                    } else {
                        escaped.append(c);
                    }
                }
            }
        }
        return escaped.toString();
    }

    // Also U+0085, U+2028, U+2029 and the marks that turn the direction of text, which some viewers obey.
    private static boolean isControl(char c) {
        return c < 0x20
                || (c >= 0x7f && c <= 0x9f)
                || c == 0x2028
                || c == 0x2029
                || (c >= 0x202a && c <= 0x202e)
                || (c >= 0x2066 && c <= 0x2069);
    }
}
