package org.proxymachine.sniff;

import java.util.ArrayList;
import java.util.List;

/** Reads an inline command of Redis, as one types it into telnet: words with the quotes of the server's sdssplitargs. */
final class RedisLine {
    private final Cursor line;

    private RedisLine(Cursor line) {
        this.line = line;
    }

    /** Reads the words of a line, and its end. The first is a name, and not the first of an HTTP request. */
    static List<String> read(Cursor line) {
        return new RedisLine(line).words();
    }

    private List<String> words() {
        List<String> words = new ArrayList<>();
        words.add(name());
        while (!Ascii.isLineEnd(line.peek())) {
            if (Ascii.isBlank(line.peek())) {
                line.u8();
            } else {
                line.check(words.size() < Redis.MAX_WORDS);
                words.add(word());
            }
        }
        if (line.u8() == '\r') {
            line.expect("\n");
        }
        // The server lets GET / HTTP/1.1 fail by its number of arguments, and hangs up at "Host:".
        line.check(words.size() != 3 || !words.get(2).matches("HTTP/[0-9.]+"));
        return words;
    }

    private String name() {
        int start = line.position();
        line.check(Ascii.isLetter(line.peek()));
        while (!atWordEnd()) {
            int c = line.u8();
            // No colon, so "Host:", which the server takes for an attack, is none either.
            line.check(Ascii.isLetterOrDigit(c) || c == '.' || c == '-' || c == '_');
        }
        String name = line.since(start);
        // The server hangs up at this one too: it may be a browser that a stranger's page sent here.
        line.check(!name.equalsIgnoreCase("POST"));
        return name;
    }

    private String word() {
        StringBuilder word = new StringBuilder();
        while (!atWordEnd()) {
            int c = printable();
            if (c == '"' || c == '\'') {
                quoted(c, word);
                line.check(atWordEnd());
            } else {
                word.append((char) c);
            }
        }
        return word.toString();
    }

    private void quoted(int quote, StringBuilder word) {
        int c;
        while ((c = printable()) != quote) {
            if (c == '\\' && quote == '"') {
                word.append(escaped());
            } else if (c == '\\' && line.peek() == '\'') {
                word.append((char) line.u8());
            } else {
                word.append((char) c);
            }
        }
    }

    private String escaped() {
        int c = printable();
        return switch (c) {
            case 'n' -> "\n";
            case 'r' -> "\r";
            case 't' -> "\t";
            case 'b' -> "\b";
            case 'a' -> "\7";
            case 'x' -> hex();
            default -> String.valueOf((char) c);
        };
    }

    /** Two digits are a byte; less are what they are, and the backslash alone is gone. */
    private String hex() {
        int high = Character.digit(line.peek(), 16);
        if (high < 0) {
            return "x";
        }
        char first = (char) line.u8();
        int low = Character.digit(line.peek(), 16);
        if (low < 0) {
            return "x" + first;
        }
        line.u8();
        return String.valueOf((char) (high << 4 | low));
    }

    private int printable() {
        int c = line.u8();
        line.check(Ascii.isVisible(c) || Ascii.isBlank(c));
        return c;
    }

    private boolean atWordEnd() {
        return Ascii.isBlank(line.peek()) || Ascii.isLineEnd(line.peek());
    }
}
