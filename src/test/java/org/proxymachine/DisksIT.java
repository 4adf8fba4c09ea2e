package org.proxymachine;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Stream;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/** What becomes of the files that the daemon writes where a disk is full or read-only, or the directory is gone. */
class DisksIT {
    @TempDir
    Path directory;

    private Path script = Path.of("");

    @BeforeEach
    void setUp() throws IOException {
        for (String each : List.of("small", "full", "readonly")) {
            Files.createDirectory(directory.resolve(each));
        }
        script = Files.writeString(directory.resolve("router.groovy"), "proxy { data -> [close: 'seen'] }");
    }

    /** A disk of 16 KiB, one that is full, and one that is read-only, which this process alone has. */
    private List<String> disks() {
        String mounts = "cd '" + directory + "'"
                + " && mount -t tmpfs -o size=16k tmpfs small"
                + " && mount -t tmpfs -o size=4k,mode=0700 tmpfs full && head -c 4096 /dev/zero > full/all"
                + " && mount -t tmpfs -o ro,mode=0700 tmpfs readonly"
                + " && cd \"$OLDPWD\" && exec \"$0\" \"$@\"";
        return List.of("unshare", "-rm", "bash", "-c", mounts);
    }

    private Program daemon(Map<String, String> environment, String... options) throws IOException {
        List<String> all = new ArrayList<>(List.of("-q", "-c", script.toString(), "-h", "127.0.0.1", "-p", "0"));
        all.addAll(List.of(options));
        return Program.daemonWithin(disks(), environment, all.toArray(String[]::new));
    }

    /** A path as the daemon sees it. */
    private static Path seen(Program daemon, Path path) {
        return Path.of("/proc", String.valueOf(daemon.pid()), "root")
                .resolve(path.toString().substring(1));
    }

    private static void say(int port) throws IOException {
        try (Connection client = new Connection(new InetSocketAddress(InetAddress.getLoopbackAddress(), port))) {
            assertThat(client.send("x").receiveAll()).isEqualTo("seen");
        }
    }

    private static List<String> names(Path path) throws IOException {
        try (Stream<Path> files = Files.list(path)) {
            return files.map(each -> each.getFileName().toString()).sorted().toList();
        }
    }

    @Test
    void shouldHaveNoHalfLineInAnAccessLogOnAFullDiskAndGoOnOnceThereIsRoom() throws IOException {
        Path log = directory.resolve("small/access.log");
        int sessions = 200;
        Path admin = directory.resolve("admin.sock");
        try (Program daemon = daemon(Map.of(), "--access-log", log.toString(), "--admin", "unix:" + admin)) {
            int port = daemon.port();
            for (int i = 0; i < sessions; i++) {
                say(port);
            }
            daemon.await("cannot write the access log: No space left on device");
            Path file = seen(daemon, log);
            // Until all are written or dropped: the file is still then.
            daemon.await(() -> assertWholeLines(file) + dropped(admin) == sessions);
            int kept = assertWholeLines(file);
            assertThat(kept).isGreaterThan(20);
            Files.newByteChannel(file, StandardOpenOption.WRITE, StandardOpenOption.TRUNCATE_EXISTING)
                    .close();
            say(port);
            int dropped = Integer.parseInt(daemon.await("(\\d+) lines of the access log were dropped"));
            daemon.await(() -> assertWholeLines(file) + kept + dropped == sessions + 1);
            // A shorter line than the first that did not fit may have found room after it.
            assertThat(daemon.output().split("cannot write the access log", -1)).hasSizeBetween(2, 4);
        }
    }

    private static int dropped(Path admin) throws IOException {
        String metrics = AdminEndpoint.unix(admin).get("/metrics").text();
        Matcher total = Pattern.compile("(?m)^proxymachine_access_log_dropped_total (\\d+)")
                .matcher(metrics);
        assertThat(total.find()).as(metrics).isTrue();
        return Integer.parseInt(total.group(1));
    }

    private static int assertWholeLines(Path file) throws IOException {
        String text = Files.readString(file);
        assertThat(text).matches("(accept_date=\\S+ id=.* retries=0\n)*");
        return (int) text.lines().count();
    }

    @Test
    void shouldKeepTheOldAccessLogWhereItsDirectoryIsGone() throws IOException {
        Path gone = Files.createDirectory(directory.resolve("gone"));
        try (Program daemon =
                daemon(Map.of(), "--access-log", gone.resolve("access.log").toString())) {
            int port = daemon.port();
            say(port);
            daemon.await(() -> Files.size(gone.resolve("access.log")) > 0);
            Files.delete(gone.resolve("access.log"));
            Files.delete(gone);
            daemon.signal("HUP");
            daemon.await("the access log is not opened anew: cannot open " + gone + "/access.log: no such directory");
            say(port);
            daemon.signal("TERM");
            assertThat(daemon.exitCode()).isZero();
        }
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            value = {
                "--pid-file   | full/pid          | cannot write %s: No space left on device",
                "--pid-file   | readonly/pid      | cannot write %s: Read-only file system",
                "--pid-file   | none/pid          | cannot write %s: its directory does not exist",
                "--pid-file   | small             | %s: must be a regular file",
                "--access-log | readonly/log      | cannot open %s: Read-only file system",
                "--record     | readonly/cases    | %s: Read-only file system",
                "--record     | readonly          | %s cannot be written to",
                "--admin      | unix:readonly/s   | cannot listen on %s: Read-only file system",
                "--admin      | unix:none/s       | cannot listen on %s: its directory does not exist"
            })
    void shouldSayInOneLineAtTheStartWhatCannotBeWritten(String option, String file, String problem)
            throws IOException {
        String path =
                file.startsWith("unix:") ? "unix:" + directory.resolve(file.substring(5)) : directory + "/" + file;
        try (Program daemon = daemon(Map.of(), option, path)) {
            assertThat(daemon.exitCode()).isEqualTo(1);
            assertThat(daemon.output().lines().filter(line -> !line.contains(" INFO ")))
                    .containsExactly("proxymachine: " + option + ": " + problem.formatted(path));
        }
    }

    @ParameterizedTest
    @ValueSource(strings = {"full", "readonly", "none/at/all"})
    void shouldStartWithoutACacheAndLeaveNothingUnfinished(String cache) throws IOException {
        String path = cache.startsWith("none") ? "readonly/" + cache : cache;
        try (Program daemon =
                daemon(Map.of("XDG_CACHE_HOME", directory.resolve(path).toString()))) {
            say(daemon.port());
            assertThat(names(seen(daemon, directory.resolve("full")))).isSubsetOf("all", "proxymachine");
            if (cache.equals("full")) {
                assertThat(names(seen(daemon, directory.resolve("full/proxymachine"))))
                        .isEmpty();
            }
            assertThat(daemon.output()).doesNotContain("Exception", "ERROR");
        }
    }

    /** As a package has it, whose launcher makes its class-data archive in the cache. */
    @ParameterizedTest
    @ValueSource(strings = {"small", "full", "readonly"})
    void shouldStartWithoutAClassDataArchiveAndLeaveNothingUnfinished(String cache) throws IOException {
        Path home = Files.createDirectories(directory.resolve("home"));
        Files.createDirectory(home.resolve("bin"));
        Files.copy(Path.of("bin/proxymachine"), home.resolve("bin/proxymachine"));
        Files.copy(Path.of("target/proxymachine.jar"), home.resolve("proxymachine.jar"));
        Path lib = Path.of("target/lib").toAbsolutePath();
        if (Files.isDirectory(lib)) {
            Files.createSymbolicLink(home.resolve("lib"), lib);
        }
        List<String> command = new ArrayList<>(disks());
        command.addAll(List.of(
                home.resolve("bin/proxymachine").toString(), "-c", script.toString(), "-h", "127.0.0.1", "-p", "0"));
        Map<String, String> environment = Map.of(
                "JAVA_HOME",
                System.getProperty("java.home"),
                "XDG_CACHE_HOME",
                directory.resolve(cache).toString());
        try (Program daemon = new Program(environment, directory, command.toArray(String[]::new))) {
            say(daemon.port());
            Path made = seen(daemon, directory.resolve(cache).resolve("proxymachine"));
            if (Files.exists(made)) {
                assertThat(names(made)).noneMatch(name -> name.endsWith(".new"));
            }
            assertThat(daemon.output().lines())
                    .noneMatch(line -> line.contains("No space left") || line.contains("Read-only"));
        }
    }
}
