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

/**
 * The proxies that are compared, each told to make the same decision from the same bytes, none writing a log but the one
 * that is measured for that.
 */
final class Contestants {
    static final String OURS = "proxymachine";
    static final String WATCHED = OURS + "-watched";
    static final String HAPROXY = "haproxy";
    static final String HAPROXY_LUA = "haproxy-lua";
    static final String NGINX_NJS = "nginx-njs";

    /** The C program of the least system calls; only where there is a compiler. */
    static final String FLOOR = "floor";

    private final Path home;
    private final Path measured;

    Contestants(Path home) {
        this(home, home);
    }

    /**
     * @param home the checkout that this is
     * @param measured the one whose proxy is measured as ours
     */
    Contestants(Path home, Path measured) {
        this.home = home;
        this.measured = measured;
    }

    /**
     * Returns all of them.
     *
     * @param javas the homes of those on which ours is measured as well
     * @param checkouts those of which ours is measured as well, such as the one before a change
     * @param watched whether ours is measured as well with its access log and metrics
     */
    List<Contestant> all(List<String> javas, List<Path> checkouts, boolean watched)
            throws IOException, InterruptedException {
        List<Contestant> all = new ArrayList<>();
        String here = System.getProperty("java.home");
        all.add(proxymachine(OURS, here, measured, List.of()));
        if (watched) {
            all.add(proxymachine(WATCHED, here, measured, List.of("--access-log", "access.log", "--admin", "0")));
        }
        for (String java : javas) {
            all.add(proxymachine(OURS + "-java" + feature(java), java, measured, List.of()));
        }
        for (Path checkout : checkouts) {
            Path other = checkout.toAbsolutePath().normalize();
            all.add(proxymachine(OURS + "-" + other.getFileName(), here, other, List.of()));
        }
        String haproxy = firstLine(Shell.run("haproxy", "-v"));
        all.add(new Contestant(HAPROXY, haproxy, this::haproxy));
        all.add(new Contestant(HAPROXY_LUA, haproxy, this::haproxyLua));
        all.add(new Contestant(NGINX_NJS, firstLine(Shell.run("nginx", "-v")), this::nginx));
        if (Shell.has("cc")) {
            all.add(new Contestant(
                    FLOOR, "src/bench/c/floor.c by " + firstLine(Shell.run("cc", "--version")), this::floor));
        }
        return all;
    }

    /** Returns ours of this checkout and of another one. */
    List<Contestant> pair(Path checkout) throws IOException, InterruptedException {
        String here = System.getProperty("java.home");
        Path other = checkout.toAbsolutePath().normalize();
        for (Path each : List.of(home, other)) {
            // It builds what it needs, which no round should pay for.
            Shell.run(
                    "env", "JAVA_HOME=" + here, each.resolve("bin/proxymachine").toString(), "--version");
        }
        return List.of(proxymachine("this", here, home, List.of()), proxymachine("other", here, other, List.of()));
    }

    private Launch floor(Path directory, int port, Destinations to) throws IOException {
        Path program = directory.resolve("floor");
        try {
            Shell.run(
                    "cc",
                    "-O2",
                    "-o",
                    program.toString(),
                    home.resolve("src/bench/c/floor.c").toString());
        } catch (InterruptedException e) {
            throw new IOException(e);
        }
        List<String> command = new ArrayList<>(List.of(program.toString()));
        for (int each : new int[] {port, to.http(), to.idle(), to.bulk()}) {
            command.add(String.valueOf(each));
        }
        return new Launch(command, Map.of());
    }

    private static Contestant proxymachine(String name, String java, Path checkout, List<String> options)
            throws IOException, InterruptedException {
        String version = firstLine(Shell.run(java + "/bin/java", "-version"));
        return new Contestant(name, version, (directory, port, to) -> {
            Path script = write(directory, "router.groovy", "router.groovy", to, port);
            Map<String, String> environment = new HashMap<>();
            environment.put("JAVA_HOME", java);
            environment.put("XDG_CACHE_HOME", directory.resolve("cache").toString());
            List<String> command = new ArrayList<>(List.of(
                    checkout.resolve("bin/proxymachine").toString(),
                    "-c",
                    script.toString(),
                    "-h",
                    "127.0.0.1",
                    "-p",
                    String.valueOf(port),
                    "-q"));
            for (String each : options) {
                command.add(each.replace(
                        "access.log", directory.resolve("access.log").toString()));
            }
            return new Launch(command, environment);
        });
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
