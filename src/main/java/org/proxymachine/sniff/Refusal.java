package org.proxymachine.sniff;

import static java.nio.charset.StandardCharsets.ISO_8859_1;
import static java.nio.charset.StandardCharsets.UTF_8;

import java.util.Locale;
import org.jspecify.annotations.Nullable;

/**
 * What a server of some protocol would answer to a client that it turns away: bytes to send before the close. The codes
 * shown are those that stand where the kind names none.
 *
 * <ul>
 *   <li>{@code http-503}, 400 to 599: a response with a page that shows the message (RFC 9112, RFC 9110)
 *   <li>{@code postgres-57P03}, any SQLSTATE: an ErrorResponse (PostgreSQL's manual, 55.7 and 55.8)
 *   <li>{@code git}: an error line (gitprotocol-pack(5))
 *   <li>{@code redis-ERR}, any word in capitals: a simple error (redis.io, RESP protocol)
 *   <li>{@code socks4-91}, to 93: a reply without the message (SOCKS: A protocol for TCP proxy across firewalls)
 *   <li>{@code socks5-1}, to 8: a reply without the message (RFC 1928, section 6); {@code socks5-greeting}: no method is
 *       acceptable (section 3); {@code socks5-login}: the password is wrong (RFC 1929, section 2)
 *   <li>{@code tls-112} (unrecognized_name), 0 to 255: a fatal alert without the message (RFC 8446, section 6)
 *   <li>{@code mqtt-3}, 1 to 5: a CONNACK without the message (MQTT 3.1.1, section 3.2)
 *   <li>{@code mqtt5-136}, 128 to 255: a CONNACK with the message as its reason (MQTT 5.0, section 3.2)
 * </ul>
 */
public final class Refusal {
    private static final String KINDS =
            "http, postgres, git, redis, socks4, socks5, socks5-greeting, socks5-login, tls, mqtt, mqtt5";

    private static final char REPLACEMENT = 0xfffd;

    /** Old gits have room for a line of less than 1000 bytes, its frame of nine included; small MQTT clients for less. */
    private static final int MAX_LINE_BYTES = 990;

    private Refusal() {}

    /**
     * Returns the answer as a binary string.
     *
     * @param kind as above, with or without a code
     * @param message text for the user, sent as UTF-8; its control characters and ends of lines become spaces, and a byte
     *     that a parser found to be no UTF-8 becomes U+FFFD
     * @throws IllegalArgumentException if there is no such kind or code
     */
    public static String of(String kind, String message) {
        String line = oneLine(message);
        return switch (kind) {
            case "git" -> git(line);
            case "socks5-greeting" -> "\5\u00ff";
            case "socks5-login" -> "\1\1";
            default -> coded(kind, line);
        };
    }

    private static String coded(String kind, String line) {
        int dash = kind.indexOf('-');
        String protocol = dash < 0 ? kind : kind.substring(0, dash);
        String code = dash < 0 ? null : kind.substring(dash + 1);
        return switch (protocol) {
            case "http" -> http(number(protocol, code, 503, 400, 599), line);
            case "postgres" ->
                postgres(word(protocol, code, "57P03", "[0-9A-Za-z]{5}", "five letters and digits"), line);
            case "redis" -> redis(word(protocol, code, "ERR", "[A-Z]+", "a word in capitals"), line);
            case "socks4" -> "\0" + octet(protocol, code, 91, 91, 93) + "\0".repeat(6);
            case "socks5" -> "\5" + octet(protocol, code, 1, 1, 8) + "\0\1" + "\0".repeat(6);
            case "tls" -> "\25\3\3\0\2\2" + octet(protocol, code, 112, 0, 255);
            case "mqtt" -> "\40\2\0" + octet(protocol, code, 3, 1, 5);
            case "mqtt5" -> mqtt5(octet(protocol, code, 136, 128, 255), line);
            default -> throw unknown("kind must be one of " + KINDS + " with an optional -CODE", kind);
        };
    }

    private static String http(int code, String line) {
        String status = code + " " + reason(code);
        String page = bytes("""
                <!DOCTYPE html>
                <html>
                <head>
                <meta charset="utf-8">
                <meta name="viewport" content="width=device-width, initial-scale=1">
                <title>STATUS</title>
                <style>body { font: 1.1em/1.5 sans-serif; max-width: 36em; margin: 15vh auto; padding: 0 1em }</style>
                </head>
                <body>
                <h1>STATUS</h1>
                <p>MESSAGE</p>
                </body>
                </html>
                """.replace("STATUS", status).replace("MESSAGE", escaped(line)));
        return "HTTP/1.1 " + status + "\r\nContent-Type: text/html; charset=utf-8\r\nContent-Length: " + page.length()
                + "\r\nConnection: close\r\nCache-Control: no-store\r\n\r\n" + page;
    }

    private static String escaped(String line) {
        return line.replace("&", "&amp;")
                .replace("<", "&lt;")
                .replace(">", "&gt;")
                .replace("\"", "&quot;")
                .replace("'", "&#39;");
    }

    /** RFC 9110, section 15, RFC 6585 and RFC 7725. */
    private static String reason(int code) {
        return switch (code) {
            case 400 -> "Bad Request";
            case 401 -> "Unauthorized";
            case 402 -> "Payment Required";
            case 403 -> "Forbidden";
            case 404 -> "Not Found";
            case 405 -> "Method Not Allowed";
            case 406 -> "Not Acceptable";
            case 407 -> "Proxy Authentication Required";
            case 408 -> "Request Timeout";
            case 409 -> "Conflict";
            case 410 -> "Gone";
            case 411 -> "Length Required";
            case 413 -> "Content Too Large";
            case 414 -> "URI Too Long";
            case 421 -> "Misdirected Request";
            case 426 -> "Upgrade Required";
            case 429 -> "Too Many Requests";
            case 431 -> "Request Header Fields Too Large";
            case 451 -> "Unavailable For Legal Reasons";
            case 500 -> "Internal Server Error";
            case 501 -> "Not Implemented";
            case 502 -> "Bad Gateway";
            case 503 -> "Service Unavailable";
            case 504 -> "Gateway Timeout";
            case 505 -> "HTTP Version Not Supported";
            case 511 -> "Network Authentication Required";
            default -> code < 500 ? "Client Error" : "Server Error";
        };
    }

    private static String postgres(String code, String line) {
        String fields = "SFATAL\0VFATAL\0C" + code + "\0M" + bytes(line) + "\0\0";
        int length = 4 + fields.length();
        return "E" + u16(length >> 16) + u16(length) + fields;
    }

    private static String git(String line) {
        String packet = "ERR " + cut(bytes(line)) + "\n";
        return String.format(Locale.ROOT, "%04x", 4 + packet.length()) + packet;
    }

    private static String redis(String code, String line) {
        return "-" + code + " " + bytes(line) + "\r\n";
    }

    private static String mqtt5(char code, String line) {
        String reason = cut(bytes(line));
        String properties = reason.isEmpty() ? "" : "\37" + u16(reason.length()) + reason;
        String rest = "\0" + code + varInt(properties.length()) + properties;
        return "\40" + varInt(rest.length()) + rest;
    }

    private static String varInt(int value) {
        return value < 0x80 ? "" + (char) value : "" + (char) ((value & 0x7f) | 0x80) + (char) (value >> 7);
    }

    private static String u16(int value) {
        return "" + (char) (value >> 8 & 0xff) + (char) (value & 0xff);
    }

    private static char octet(String protocol, @Nullable String code, int fallback, int min, int max) {
        return (char) number(protocol, code, fallback, min, max);
    }

    private static int number(String protocol, @Nullable String code, int fallback, int min, int max) {
        if (code == null) {
            return fallback;
        }
        int number = code.matches("[0-9]{1,3}") ? Integer.parseInt(code) : -1;
        if (number < min || number > max) {
            throw unknown(protocol + "-CODE must have a code of " + min + " to " + max, protocol + "-" + code);
        }
        return number;
    }

    private static String word(
            String protocol, @Nullable String code, String fallback, String pattern, String expected) {
        if (code == null) {
            return fallback;
        }
        if (!code.matches(pattern)) {
            throw unknown(protocol + "-CODE must have a code of " + expected, protocol + "-" + code);
        }
        return code;
    }

    private static IllegalArgumentException unknown(String expected, String found) {
        return new IllegalArgumentException(expected + ", was \"" + oneLine(found) + '"');
    }

    private static String oneLine(String text) {
        return text.codePoints()
                .map(c -> endsLine(c) ? ' ' : isNoText(c) ? REPLACEMENT : c)
                .collect(StringBuilder::new, StringBuilder::appendCodePoint, StringBuilder::append)
                .toString();
    }

    /** A byte that was no UTF-8, see {@link Text}: clients that are strict about UTF-8 would not show the line at all. */
    private static boolean isNoText(int c) {
        return c >= Character.MIN_SURROGATE && c <= Character.MAX_SURROGATE;
    }

    private static boolean endsLine(int c) {
        return Character.isISOControl(c) || c == '\u2028' || c == '\u2029';
    }

    /** Returns the text in UTF-8, as a binary string. */
    private static String bytes(String text) {
        return new String(text.getBytes(UTF_8), ISO_8859_1);
    }

    /** Cuts UTF-8 before a character. */
    private static String cut(String bytes) {
        int end = Math.min(bytes.length(), MAX_LINE_BYTES);
        while (end < bytes.length() && (bytes.charAt(end) & 0xc0) == 0x80) {
            end--;
        }
        return bytes.substring(0, end);
    }
}
