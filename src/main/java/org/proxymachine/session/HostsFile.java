package org.proxymachine.session;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.Inet6Address;
import java.net.InetAddress;
import java.net.UnknownHostException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.nio.file.attribute.BasicFileAttributes;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.HashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.StringTokenizer;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;
import org.proxymachine.address.LiteralAddress;

/** The names of a hosts file (hosts(5)), read again when the file has changed. Belongs to one thread. */
final class HostsFile implements HostsThread.Source {
    /** More is no hosts file; the largest block lists have some megabytes. */
    static final long MAX_BYTES = 16 << 20;

    private final Path path;
    private Map<String, List<InetAddress>> names = Map.of();
    private @Nullable List<Object> version;

    HostsFile(Path path) {
        this.path = path;
    }

    static HostsFile ofSystem() {
        return new HostsFile(Path.of("/etc/hosts"));
    }

    /**
     * Returns the addresses of a name, in any spelling; of none an empty list, and likewise if there
     * is no such file.
     *
     * @throws IOException in one line, if it cannot be read
     */
    @Override
    public List<InetAddress> addresses(String host) throws IOException {
        BasicFileAttributes now;
        try {
            now = Files.readAttributes(path, BasicFileAttributes.class);
        } catch (NoSuchFileException e) {
            return List.of();
        }
        List<Object> found = List.of(now.lastModifiedTime(), now.size(), String.valueOf(now.fileKey()));
        if (!found.equals(version)) {
            names = Map.of();
            version = null;
            check(now);
            names = read();
            version = found;
        }
        return names.getOrDefault(name(host), List.of());
    }

    private void check(BasicFileAttributes now) throws IOException {
        // To open a FIFO waits for its writer.
        if (!now.isRegularFile()) {
            throw new IOException(path + ": must be a regular file");
        }
        if (now.size() > MAX_BYTES) {
            throw new IOException(path + ": must have at most " + MAX_BYTES + " bytes, was " + now.size());
        }
    }

    private Map<String, List<InetAddress>> read() throws IOException {
        Map<String, List<InetAddress>> all = new HashMap<>();
        // Its names are ASCII, and its comments whatever people write.
        try (Stream<String> lines = Files.lines(path, StandardCharsets.ISO_8859_1)) {
            lines.forEach(line -> read(line, all));
        } catch (UncheckedIOException e) {
            throw e.getCause();
        }
        all.replaceAll((name, addresses) -> inOrder(addresses));
        return all;
    }

    private static void read(String line, Map<String, List<InetAddress>> all) {
        int comment = line.indexOf('#');
        StringTokenizer words = new StringTokenizer(comment < 0 ? line : line.substring(0, comment));
        InetAddress address = words.hasMoreTokens() ? address(words.nextToken()) : null;
        while (address != null && words.hasMoreTokens()) {
            all.computeIfAbsent(name(words.nextToken()), any -> new ArrayList<>(1))
                    .add(address);
        }
    }

    // Names know no case (RFC 4343), and a final dot only says that it is whole.
    private static String name(String host) {
        String name = host.toLowerCase(Locale.ROOT);
        return name.length() > 1 && name.endsWith(".") ? name.substring(0, name.length() - 1) : name;
    }

    private static @Nullable InetAddress address(String text) {
        try {
            return LiteralAddress.parse(text);
        } catch (UnknownHostException e) {
            return null;
        }
    }

    /** As the JDK orders the addresses of a name: its property says which family comes first, by default IPv4. */
    private static List<InetAddress> inOrder(List<InetAddress> addresses) {
        String first = System.getProperty("java.net.preferIPv6Addresses", "false");
        if (first.equals("system")) {
            return List.copyOf(addresses);
        }
        boolean v6First = first.equals("true");
        return addresses.stream()
                .distinct()
                .sorted(Comparator.comparing(address -> address instanceof Inet6Address != v6First))
                .toList();
    }
}
