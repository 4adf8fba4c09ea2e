package org.proxymachine.sniff;

import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;

/**
 * The request of a git client, {@code git://} (gitprotocol-pack(5), "Git Transport"): one pkt-line
 * (gitprotocol-common(5)). It may end with its path, with or without a line feed, as the oldest clients had it.
 *
 * @param service {@code git-upload-pack}, {@code git-receive-pack} or {@code git-upload-archive}
 * @param path as sent
 * @param user the path's first part if there is a second one, as for {@code /alice/repo}; a tilde before it, which asks
 *     for that user's home, is left out
 * @param host the host the client meant to reach: in lower case, without port and brackets; null if it does not say
 * @param port the port as given there, else null
 * @param version the version of the protocol that the client asks for (gitprotocol-v2(5)), 0 if it does not say
 * @param length bytes of the request
 */
public record Git(
        String service,
        String path,
        @Nullable String user,
        @Nullable String host,
        @Nullable Integer port,
        int version,
        int length) {
    private static final int LENGTH_BYTES = 4;

    /** A service, a space and a path of one byte. */
    private static final int MIN_BYTES = LENGTH_BYTES + 17;

    /** git's own limit (gitprotocol-common(5)): what a server would take is not refused on the way to it. */
    private static final int MAX_BYTES = 65_520;

    private static final Pattern USER = Pattern.compile("/*+~?+([^/]++)/++[^/]");
    private static final Pattern VERSION = Pattern.compile("version=([0-9]{1,3})");

    /**
     * Reads a request.
     *
     * @param data a binary string of all that has come so far
     * @return null if this is not git
     * @throws NeedMore while it may yet be
     */
    public static @Nullable Git parse(String data) {
        return Cursor.parse(data, Git::read);
    }

    private static Git read(Cursor cursor) {
        int length = length(cursor);
        Cursor line = cursor.slice(length - LENGTH_BYTES);
        String service = line.oneOf("git-upload-pack ", "git-receive-pack ", "git-upload-archive ");
        String path = path(line);
        Authority host = host(line);
        int version = version(line);
        return new Git(
                service.substring(0, service.length() - 1),
                path,
                user(path),
                host == null ? null : host.host(),
                host == null ? null : host.port(),
                version,
                length);
    }

    private static int length(Cursor cursor) {
        int length = 0;
        for (int i = 0; i < LENGTH_BYTES; i++) {
            int digit = Character.digit(cursor.u8(), 16);
            cursor.check(digit >= 0);
            length = length << 4 | digit;
        }
        cursor.check(length >= MIN_BYTES && length <= MAX_BYTES);
        return length;
    }

    private static String path(Cursor line) {
        int start = line.position();
        while (!line.atEnd() && line.peek() != 0) {
            line.u8();
        }
        String path = line.since(start);
        path = path.endsWith("\n") ? path.substring(0, path.length() - 1) : path;
        line.check(!path.isEmpty());
        return path;
    }

    private static @Nullable Authority host(Cursor line) {
        if (line.atEnd()) {
            return null;
        }
        line.expect("\0");
        if (line.atEnd() || line.peek() == 0) {
            return null;
        }
        line.expect("host=");
        Authority host = line.peek() == 0 ? null : Authority.read(line, c -> c == 0);
        line.expect("\0");
        return host;
    }

    private static int version(Cursor line) {
        if (line.atEnd()) {
            return 0;
        }
        line.expect("\0");
        int version = 0;
        while (!line.atEnd()) {
            Matcher parameter = VERSION.matcher(line.until(0, MAX_BYTES, c -> true));
            if (parameter.matches()) {
                version = Math.max(version, Integer.parseInt(parameter.group(1)));
            }
        }
        return version;
    }

    private static @Nullable String user(String path) {
        Matcher matcher = USER.matcher(path);
        return matcher.lookingAt() ? matcher.group(1) : null;
    }
}
