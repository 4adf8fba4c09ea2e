package org.proxymachine.sniff;

import java.util.ArrayList;
import java.util.List;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;

/** Reads an inline command of Redis, as one types it into telnet: words with the quotes of the server's sdssplitargs. */
final class RedisLine {
    /**
     * What begins another protocol: HTTP, at which the server hangs up too; git's; and that of PostgreSQL, whose first NUL
     * another one follows.
     */
    private static final Pattern OTHER = Pattern.compile("POST[ \t\r\n]|HOST:|[0-9A-F]{4}GIT-|\0[^ -~]");

    private static final int OTHER_BYTES = 8;

    private static final Pattern HTTP = Pattern.compile("HTTP/[0-9.]+");

    /** As isspace(3) has it. */
    private static final String SPACE = " \t\n\13\f\r";

    private static final char END = 0;

    private final String line;
    private final List<String> words = new ArrayList<>();
    private boolean odd;
    private int at;

    private RedisLine(String line, boolean ended) {
        // The server reads to a NUL, which ends all its strings.
        this.line = line + END;
        this.odd = !ended;
    }

    /** Reads a line and its end, or as much as the server waits for. */
    static RedisLine read(Cursor cursor) {
        int start = cursor.position();
        checkBegin(cursor.from(start));
        boolean ended = cursor.scan(RedisCommand.MAX_LINE_BYTES, c -> c == '\n');
        String line = cursor.since(start);
        if (ended) {
            cursor.u8();
        }
        RedisLine read = new RedisLine(line, ended);
        read.split();
        // The server lets GET / HTTP/1.1 fail by its number of arguments, and hangs up at "Host:".
        cursor.check(read.words.size() != 3 || !HTTP.matcher(read.words.get(2)).matches());
        return read;
    }

    /** Whether the server passes over it. */
    boolean isEmpty() {
        return words.isEmpty() && !odd;
    }

    /** Returns its words; those before an error, where the server finds one. */
    List<String> words() {
        return words;
    }

    private static void checkBegin(Cursor line) {
        // Other control characters, and bytes beyond ASCII, begin protocols that are not of text.
        int first = line.peek();
        line.check(first == END || Ascii.isBlank(first) || Ascii.isVisible(first));
        String begin = "";
        int next;
        do {
            next = line.u8();
            begin += (char) next;
            line.check(!OTHER.matcher(Ascii.upperCase(begin)).matches());
        } while (begin.length() < OTHER_BYTES && !Ascii.isLineEnd(next));
    }

    private void split() {
        skipSpace();
        while (!odd && line.charAt(at) != END) {
            String word = word();
            if (word == null) {
                odd = true;
            } else {
                words.add(word);
            }
            skipSpace();
        }
    }

    private void skipSpace() {
        while (isSpace(at)) {
            at++;
        }
    }

    /** Reads a word; null if its quotes are not in balance. */
    private @Nullable String word() {
        StringBuilder word = new StringBuilder();
        while (line.charAt(at) != END && " \t\r\n".indexOf(line.charAt(at)) < 0) {
            char c = line.charAt(at++);
            if (c == '"' || c == '\'') {
                return quoted(c, word) ? word.toString() : null;
            }
            word.append(c);
        }
        return word.toString();
    }

    /** Reads what is in quotes. A word ends with them. */
    private boolean quoted(char quote, StringBuilder word) {
        while (line.charAt(at) != quote) {
            if (line.charAt(at) == END) {
                return false;
            }
            char c = line.charAt(at++);
            char next = line.charAt(at);
            if (c == '\\' && quote == '"' && next != END) {
                word.append(escaped());
            } else if (c == '\\' && quote == '\'' && next == '\'') {
                at++;
                word.append('\'');
            } else {
                word.append(c);
            }
        }
        at++;
        return line.charAt(at) == END || isSpace(at);
    }

    private char escaped() {
        char c = line.charAt(at++);
        return switch (c) {
            case 'n' -> '\n';
            case 'r' -> '\r';
            case 't' -> '\t';
            case 'b' -> '\b';
            case 'a' -> '\7';
            case 'x' -> hex();
            default -> c;
        };
    }

    /** Two digits are a byte; without them the backslash alone is gone. */
    private char hex() {
        int high = Character.digit(line.charAt(at), 16);
        int low = high < 0 ? -1 : Character.digit(line.charAt(at + 1), 16);
        if (low < 0) {
            return 'x';
        }
        at += 2;
        return (char) (high << 4 | low);
    }

    private boolean isSpace(int index) {
        return SPACE.indexOf(line.charAt(index)) >= 0;
    }
}
