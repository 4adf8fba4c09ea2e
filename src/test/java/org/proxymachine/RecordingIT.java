package org.proxymachine;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.List;
import java.util.Map;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** What was recorded of real clients tells what another script would change. */
class RecordingIT {
    @TempDir
    Path directory;

    private Path script(String name, String alice, String redaction) throws IOException {
        return Files.writeString(directory.resolve(name), """
                def servers = [alice: '%s', bob: 'unix:/nowhere']
                proxy { data ->
                    if (data == 'hello\\n') return [noop: true, reply: 'name? ', data: '']
                    def name = data.readLines()[0]
                    if (!data.contains('\\n')) return null
                    servers[name] ? [remote: servers[name], retries: 0] : [close: 'who? ']
                }
                %s
                """.formatted(alice, redaction));
    }

    private String say(int port, String... lines) throws IOException {
        try (Connection client = new Connection(new InetSocketAddress(InetAddress.getLoopbackAddress(), port))) {
            for (String line : lines) {
                client.send(line);
                if (line.equals("hello\n")) {
                    assertThat(client.receive(6)).isEqualTo("name? ");
                }
            }
            return client.finish().receiveAll();
        }
    }

    private Program test(Path script, Path cases) throws IOException {
        return Program.daemon(Map.of(), "test", "--no-splits", "-c", script.toString(), cases.toString());
    }

    @Test
    void recordedConnectionsShowWhatANewScriptWouldChange() throws IOException {
        Path cases = directory.resolve("recorded");
        try (Backend backend = Backend.named("a")) {
            Path script = script("router.groovy", backend.address(), "proxy_record { it.replace('secret', '******') }");
            try (Program daemon = Program.daemon(
                    Map.of(),
                    "-c",
                    script.toString(),
                    "-h",
                    "127.0.0.1",
                    "-p",
                    "0",
                    "--record",
                    cases.toString(),
                    "--record-last",
                    "4")) {
                int port = daemon.port();
                say(port, "too old\n");
                assertThat(say(port, "hello\n", "alice\nsecret\n")).isEqualTo("a<alice\nsecret\n>");
                assertThat(say(port, "bob\n")).isEmpty();
                assertThat(say(port, "carol\n")).isEqualTo("who? ");
                assertThat(say(port, "not a whole line")).isEmpty();
                daemon.signal("TERM");
                daemon.exitCode();
            }
            assertThat(modes(cases)).isEqualTo("rw-------");
            assertThat(content(cases))
                    .contains(
                            "send: \"hello\\n\"\nanswer: wait reply \"name? \"\nsend: \"alice\\n******\\n\"\nexpect: /")
                    .contains("answer: wait\n")
                    .doesNotContain("too old", "secret");
            try (Program same = test(script, cases);
                    Program other = test(script("new.groovy", "10.0.0.9:1", ""), cases)) {
                assertThat(same.exitCode()).as(same.output()).isZero();
                assertThat(same.output()).contains("4 cases, all as expected");
                assertThat(other.exitCode()).isEqualTo(1);
                assertThat(other.output())
                        .contains(
                                "was       remote 10.0.0.9:1 retries 0 data \"alice\\n******\\n\"",
                                "1 of 4 cases not as expected");
            }
        }
    }

    /** A file system of its own, of 128 KiB, at the place of the recordings. */
    private Program daemonOnASmallDisk(Path cases) throws IOException {
        Path script = Files.writeString(directory.resolve("small.groovy"), "proxy { data -> [close: 'seen'] }");
        Files.createDirectory(cases);
        return Program.daemonWithin(
                List.of(
                        "unshare",
                        "-rm",
                        "bash",
                        "-c",
                        "mount -t tmpfs -o size=128k tmpfs '" + cases + "' && exec \"$0\" \"$@\""),
                Map.of(),
                "-q",
                "-c",
                script.toString(),
                "-h",
                "127.0.0.1",
                "-p",
                "0",
                "--record",
                cases.toString());
    }

    @Test
    void aFullDiskIsLeftWithoutUnfinishedFilesAndOneLineSaysSo() throws IOException {
        Path cases = directory.resolve("recorded");
        try (Program daemon = daemonOnASmallDisk(cases)) {
            int port = daemon.port();
            // As the daemon sees it.
            Path seen = Path.of("/proc", String.valueOf(daemon.pid()), "root")
                    .resolve(cases.toString().substring(1));
            for (int i = 0; i < 400; i++) {
                assertThat(say(port, "x".repeat(1_000))).isEqualTo("seen");
            }
            daemon.await("connections are not recorded: " + cases + ": No space left on device");
            for (Path each : files(seen)) {
                Files.deleteIfExists(each);
            }
            say(port, "again");
            daemon.await("connections are recorded again; \\d+ were not");
            // One from before may have been the first that found room.
            daemon.await(() -> content(seen).contains("send: \"again\""));
            assertThat(files(seen))
                    .isNotEmpty()
                    .allMatch(each -> each.toString().endsWith(".case"));
            assertThat(content(seen)).contains("answer: close \"seen\"").contains("send: \"again\"");
            assertThat(daemon.output().split("connections are not recorded", -1))
                    .hasSize(2);
        }
    }

    private static List<Path> files(Path cases) throws IOException {
        try (Stream<Path> files = Files.list(cases)) {
            return files.toList();
        }
    }

    private static String content(Path cases) throws IOException {
        StringBuilder all = new StringBuilder();
        try (Stream<Path> files = Files.list(cases)) {
            for (Path each : files.sorted().toList()) {
                all.append(Files.readString(each)).append('\n');
            }
        }
        return all.toString();
    }

    private static String modes(Path cases) throws IOException {
        try (Stream<Path> files = Files.list(cases)) {
            StringBuilder modes = new StringBuilder();
            for (Path each : files.toList()) {
                String mode = PosixFilePermissions.toString(Files.getPosixFilePermissions(each));
                if (modes.indexOf(mode) < 0) {
                    modes.append(mode);
                }
            }
            return modes.toString();
        }
    }
}
