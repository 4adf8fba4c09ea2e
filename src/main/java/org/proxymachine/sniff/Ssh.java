package org.proxymachine.sniff;

import org.jspecify.annotations.Nullable;

/**
 * The identification line that an SSH client sends first (RFC 4253, section 4.2). Its end may be a line feed alone, as old
 * clients have it. Other lines before it are for servers alone to send.
 *
 * <p>Text is UTF-8; a byte that is none is a lone surrogate U+DC80 to U+DCFF.
 *
 * @param protocol such as {@code 2.0}
 * @param software such as {@code OpenSSH_9.2p1}; may be empty, against the RFC
 * @param comments what follows the software after a space, or an empty string
 * @param length bytes of the line, its end included; at most 255 by the RFC
 */
public record Ssh(String protocol, String software, String comments, int length) {

    /**
     * Reads an identification line.
     *
     * @param data a binary string of all that has come so far
     * @return null if this is not SSH
     * @throws NeedMore while it may yet be
     */
    public static @Nullable Ssh parse(String data) {
        return Cursor.parse(data, Ssh::read);
    }

    private static Ssh read(Cursor cursor) {
        cursor.expect("SSH-");
        int start = cursor.position();
        // Byte by byte, so that a line of something else is told by its first odd one.
        cursor.past('-', Ssh::isVersion);
        cursor.check(cursor.position() > start + 1);
        cursor.past('\n');
        Cursor whole = cursor.from(start);
        String protocol = whole.until('-', Ssh::isVersion);
        String line = Text.of(whole.until('\n'));
        line = line.endsWith("\r") ? line.substring(0, line.length() - 1) : line;
        int space = line.indexOf(' ');
        String software = space < 0 ? line : line.substring(0, space);
        return new Ssh(protocol, software, space < 0 ? "" : line.substring(space + 1), cursor.position());
    }

    private static boolean isVersion(int c) {
        return Ascii.isDigit(c) || c == '.';
    }
}
