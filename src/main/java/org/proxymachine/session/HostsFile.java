package org.proxymachine.session;

import java.io.IOException;
import java.net.Inet6Address;
import java.net.InetAddress;
import java.net.UnknownHostException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.BasicFileAttributes;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.HashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.StringTokenizer;
import org.jspecify.annotations.Nullable;
import org.proxymachine.address.LiteralAddress;

/** The names of a hosts file (hosts(5)), read again when the file has changed. Belongs to one thread. */
final class HostsFile {
    private final Path path;
    private Map<String, List<InetAddress>> names = Map.of();
    private @Nullable List<Object> version;

    HostsFile(Path path) {
        this.path = path;
    }

    static HostsFile ofSystem() {
        return new HostsFile(Path.of("/etc/hosts"));
    }

    /** Returns the addresses of a name, in lower case; of none an empty list, and likewise if there is no such file. */
    List<InetAddress> addresses(String name) {
        try {
            BasicFileAttributes now = Files.readAttributes(path, BasicFileAttributes.class);
            List<Object> found = List.of(now.lastModifiedTime(), now.size(), String.valueOf(now.fileKey()));
            if (!found.equals(version)) {
                names = read();
                version = found;
            }
        } catch (IOException e) {
            names = Map.of();
            version = null;
        }
        return names.getOrDefault(name, List.of());
    }

    private Map<String, List<InetAddress>> read() throws IOException {
        Map<String, List<InetAddress>> all = new HashMap<>();
        // Its names are ASCII, and its comments whatever people write.
        for (String line : Files.readAllLines(path, StandardCharsets.ISO_8859_1)) {
            int comment = line.indexOf('#');
            StringTokenizer words = new StringTokenizer(comment < 0 ? line : line.substring(0, comment));
            InetAddress address = words.hasMoreTokens() ? address(words.nextToken()) : null;
            while (address != null && words.hasMoreTokens()) {
                all.computeIfAbsent(words.nextToken().toLowerCase(Locale.ROOT), any -> new ArrayList<>())
                        .add(address);
            }
        }
        all.replaceAll((name, addresses) -> inOrder(addresses));
        return all;
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
