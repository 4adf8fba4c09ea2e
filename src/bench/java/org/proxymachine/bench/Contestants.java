package org.proxymachine.bench;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import org.proxymachine.bench.Contestant.Destinations;
import org.proxymachine.bench.Contestant.Launch;

/** The proxies that are compared, each told to make the same decision from the same bytes, none writing a log. */
final class Contestants {
    static final String OURS = "proxymachine";
    static final String HAPROXY = "haproxy";
    static final String HAPROXY_LUA = "haproxy-lua";
    static final String NGINX_NJS = "nginx-njs";

    private final Path home;

    Contestants(Path home) {
        this.home = home;
    }

    List<Contestant> all(List<String> javas) throws IOException, InterruptedException {
        List<Contestant> all = new ArrayList<>();
        all.add(proxymachine(OURS, System.getProperty("java.home")));
        for (String java : javas) {
            all.add(proxymachine(OURS + "-java" + feature(java), java));
        }
        String haproxy = firstLine(Shell.run("haproxy", "-v"));
        all.add(new Contestant(HAPROXY, haproxy, this::haproxy));
        all.add(new Contestant(HAPROXY_LUA, haproxy, this::haproxyLua));
        all.add(new Contestant(NGINX_NJS, firstLine(Shell.run("nginx", "-v")), this::nginx));
        return all;
    }

    private Contestant proxymachine(String name, String java) throws IOException, InterruptedException {
        String version = firstLine(Shell.run(java + "/bin/java", "-version"));
        return new Contestant(name, version, (directory, port, to) -> proxymachine(directory, port, to, java));
    }

    private static String feature(String java) throws IOException {
        return Files.readString(Path.of(java, "release")).replaceAll("(?s).*JAVA_VERSION=\"(\\d+).*", "$1");
    }

    private static String firstLine(String text) {
        return text.lines()
                .findFirst()
                .orElse("")
                .replaceAll(" - https?://.*", "")
                .strip();
    }

    private Launch proxymachine(Path directory, int port, Destinations to, String java) throws IOException {
        Path script = write(directory, "router.groovy", "router.groovy", to, port);
        Map<String, String> environment = new HashMap<>();
        environment.put("JAVA_HOME", java);
        environment.put("XDG_CACHE_HOME", directory.resolve("cache").toString());
        return new Launch(
                List.of(
                        home.resolve("bin/proxymachine").toString(),
                        "-c",
                        script.toString(),
                        "-h",
                        "127.0.0.1",
                        "-p",
                        String.valueOf(port),
                        "-q"),
                environment);
    }

    private Launch haproxy(Path directory, int port, Destinations to) throws IOException {
        Path file = write(directory, "haproxy.cfg", "haproxy.cfg", to, port);
        return new Launch(List.of("haproxy", "-db", "-q", "-f", file.toString()), Map.of());
    }

    private Launch haproxyLua(Path directory, int port, Destinations to) throws IOException {
        write(directory, "route.lua", "route.lua", to, port);
        Path file = write(directory, "haproxy-lua.cfg", "haproxy-lua.cfg", to, port);
        return new Launch(List.of("haproxy", "-db", "-q", "-f", file.toString()), Map.of());
    }

    private Launch nginx(Path directory, int port, Destinations to) throws IOException {
        write(directory, "route.js", "route.js", to, port);
        return nginx(directory, write(directory, "nginx.conf", "nginx.conf", to, port));
    }

    static Launch nginx(Path directory, Path file) {
        return new Launch(
                List.of("nginx", "-e", "stderr", "-p", directory.toString(), "-c", file.toString()), Map.of());
    }

    /** Copies a template from beside these classes, with its names in {@code @} filled in. */
    static Path write(Path directory, String template, String name, Destinations to, int port) throws IOException {
        try (var in = Contestants.class.getResourceAsStream(template)) {
            if (in == null) {
                throw new IOException("no template " + template);
            }
            String text = new String(in.readAllBytes(), java.nio.charset.StandardCharsets.UTF_8)
                    .replace("@port@", String.valueOf(port))
                    .replace("@http@", String.valueOf(to.http()))
                    .replace("@idle@", String.valueOf(to.idle()))
                    .replace("@bulk@", String.valueOf(to.bulk()))
                    .replace("@directory@", directory.toString());
            return Files.writeString(directory.resolve(name), text);
        }
    }
}
