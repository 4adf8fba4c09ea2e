package org.proxymachine.sniff;

import org.jspecify.annotations.Nullable;

/**
 * The identification line that an SSH client sends first (RFC 4253, section 4.2).
 *
 * @param protocol such as {@code 2.0}
 * @param software such as {@code OpenSSH_9.2p1}
 * @param comments what follows the software after a space, or an empty string
 * @param length bytes of the line, its end included
 */
public record Ssh(String protocol, String software, String comments, int length) {
    /** RFC 4253: 255 characters, carriage return and line feed included. */
    private static final int MAX_BYTES = 255;

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
        String protocol = version(cursor);
        String line = cursor.until('\n', MAX_BYTES - cursor.position() - 1, Ssh::isAllowed);
        int end = line.indexOf('\r');
        cursor.check(end < 0 || end == line.length() - 1);
        line = end < 0 ? line : line.substring(0, end);
        int space = line.indexOf(' ');
        String software = space < 0 ? line : line.substring(0, space);
        cursor.check(!software.isEmpty());
        return new Ssh(protocol, software, space < 0 ? "" : line.substring(space + 1), cursor.position());
    }

    // Byte by byte, so that a line of something else is told by its first odd one.
    private static String version(Cursor cursor) {
        String version = cursor.until('-', 8, c -> (c >= '0' && c <= '9') || c == '.');
        cursor.check(!version.isEmpty());
        return version;
    }

    private static boolean isAllowed(int c) {
        return (c >= ' ' && c < 0x7f) || c == '\r';
    }
}
