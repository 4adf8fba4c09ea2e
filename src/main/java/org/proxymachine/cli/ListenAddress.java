package org.proxymachine.cli;

import java.net.BindException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.SocketAddress;
import java.net.UnixDomainSocketAddress;
import java.net.UnknownHostException;
import java.nio.file.InvalidPathException;
import java.nio.file.Path;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.proxymachine.address.Addresses;
import org.proxymachine.address.LiteralAddress;

/**
 * Where to listen, as the command line says it; a name in it is not looked up yet.
 *
 * @param host a name or literal address (without brackets), or {@code unix:/path}
 * @param port from 0 to 65535; 0 for a unix socket
 */
record ListenAddress(String host, int port) {
    private static final Pattern FORM =
            Pattern.compile("(?:\\[([^\\[\\]\\s]*:[^\\[\\]\\s]*)]|([^:\\[\\]\\s]+)):(\\d{1,5})");
    /** What the path of a unix socket follows. */
    static final String UNIX = "unix:";

    /** @throws IllegalArgumentException with one line that says what was expected and what was found */
    ListenAddress {
        if (port < 0 || port > 65_535) {
            throw new IllegalArgumentException("expected a port from 0 to 65535, was " + port);
        }
        if (host.startsWith(UNIX)) {
            checkPath(host.substring(UNIX.length()));
        }
    }

    private static void checkPath(String path) {
        try {
            if (Path.of(path).isAbsolute()) {
                return;
            }
        } catch (InvalidPathException e) {
            // Chars that the system's encoding does not have, most likely.
        }
        throw new IllegalArgumentException("expected unix: and an absolute path, was \"" + UNIX + path + "\"");
    }

    /**
     * Reads {@code host:port}, {@code [v6]:port} or {@code unix:/path}.
     *
     * @throws IllegalArgumentException with one line that says what was expected and what was found
     */
    static ListenAddress parse(String text) {
        if (text.startsWith(UNIX)) {
            return new ListenAddress(text, 0);
        }
        Matcher form = FORM.matcher(text);
        if (!form.matches()) {
            throw new IllegalArgumentException("expected host:port, [v6]:port or unix:/path, was \"" + text + "\"");
        }
        return new ListenAddress(
                form.group(1) != null ? form.group(1) : form.group(2), Integer.parseInt(form.group(3)));
    }

    /**
     * Looks its name up.
     *
     * @throws BindException if there is no such name, with one line that says so
     */
    SocketAddress resolve() throws BindException {
        if (host.startsWith(UNIX)) {
            return UnixDomainSocketAddress.of(host.substring(UNIX.length()));
        }
        try {
            InetAddress literal = LiteralAddress.parse(host);
            if (literal == null && LiteralAddress.isAmbiguous(host)) {
                throw new BindException(
                        "cannot listen on " + this + ": expected a name or four decimal numbers without leading zeros");
            }
            return new InetSocketAddress(literal != null ? literal : InetAddress.getByName(host), port);
        } catch (UnknownHostException e) {
            String why = LiteralAddress.hasZone(host)
                    ? String.valueOf(e.getMessage())
                    : "unknown host, expected a name or address of this machine";
            throw (BindException) new BindException("cannot listen on " + this + ": " + why).initCause(e);
        }
    }

    @Override
    public String toString() {
        if (host.startsWith(UNIX)) {
            return host;
        }
        return Addresses.hostAndPort(host, port);
    }
}
