package org.proxymachine.sniff;

import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;

/**
 * The request of a git client, {@code git://} (gitprotocol-pack(5), "Git Transport"): one pkt-line
 * (gitprotocol-common(5)), read as git's daemon.c does. It may end with its path, with or without a line feed, as the
 * oldest clients had it; without the NUL that ends it; and with a host in any case.
 *
 * <p>Text is UTF-8; a byte that is none is a lone surrogate U+DC80 to U+DCFF.
 *
 * @param service {@code git-upload-pack}, {@code git-receive-pack} or {@code git-upload-archive}
 * @param path as sent, but for a line feed at its end
 * @param user the path's first part if there is a second one, as for {@code /alice/repo}; a tilde before it, which asks
 *     for that user's home, is left out
 * @param host the host the client meant to reach: in lower case, without port, brackets and the dot at its end; null if it
 *     does not say, or if it can be no host
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

    /** A service and a space. */
    private static final int MIN_BYTES = LENGTH_BYTES + 16;

    private static final Pattern USER = Pattern.compile("/*+~?+([^/]++)/++[^/]");
    private static final Pattern VERSION = Pattern.compile("version=([0-9]{1,9})");
    private static final String HOST = "host=";

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
        String[] words = Text.of(line.rest()).split("\0", -1);
        String path = words[0].endsWith("\n") ? words[0].substring(0, words[0].length() - 1) : words[0];
        Authority host = host(words);
        return new Git(
                service.substring(0, service.length() - 1),
                path,
                user(path),
                host == null ? null : host.host(),
                host == null ? null : host.port(),
                version(words),
                length);
    }

    private static int length(Cursor cursor) {
        int length = 0;
        for (int i = 0; i < LENGTH_BYTES; i++) {
            int digit = Character.digit(cursor.u8(), 16);
            cursor.check(digit >= 0);
            length = length << 4 | digit;
        }
        cursor.check(length >= MIN_BYTES);
        return length;
    }

    /** The host is the first word behind the path, or none: see parse_host_arg. */
    private static @Nullable Authority host(String[] words) {
        boolean said = words.length > 1 && words[1].regionMatches(true, 0, HOST, 0, HOST.length());
        return said ? Authority.of(words[1].substring(HOST.length())) : null;
    }

    /** Behind the host and an empty word: see parse_extra_args. */
    private static int version(String[] words) {
        int version = 0;
        for (int i = 2; i < words.length; i++) {
            Matcher parameter = VERSION.matcher(words[i]);
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
