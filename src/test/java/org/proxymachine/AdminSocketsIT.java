package org.proxymachine;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.stream.Stream;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** The files of the admin endpoint, its socket and its token, and what others make of them meanwhile. */
class AdminSocketsIT {
    private static final String TOKEN = "0123456789abcdef0123456789abcdef";

    @TempDir
    Path directory;

    private Path place = Path.of("");
    private Path socket = Path.of("");

    @BeforeEach
    void setUp() throws IOException {
        place = Files.createDirectory(directory.resolve("run"));
        socket = place.resolve("admin.sock");
    }

    private Program daemon(String... more) throws IOException {
        Path script = Files.writeString(directory.resolve("router.groovy"), "proxy { data -> [close: 'served'] }");
        return Program.daemon(
                Map.of(),
                Stream.concat(Stream.of("-c", script.toString(), "-h", "127.0.0.1", "-p", "0"), Stream.of(more))
                        .toArray(String[]::new));
    }

    private Program withSocket(String... more) throws IOException {
        return daemon(Stream.concat(Stream.of("--admin", "unix:" + socket), Stream.of(more))
                .toArray(String[]::new));
    }

    private static void assertEndsWell(Program daemon) throws IOException {
        daemon.signal("TERM");
        assertThat(daemon.exitCode()).as(daemon.output()).isZero();
        assertThat(daemon.output()).doesNotContain("ERROR", "Exception");
    }

    private long answeringPid() throws IOException {
        return ((Number) Objects.requireNonNull(
                        AdminEndpoint.unix(socket).json("/status").get("pid")))
                .longValue();
    }

    @Test
    void shouldEndWellWhereItsSocketsDirectoryIsGone() throws IOException {
        try (Program daemon = withSocket()) {
            daemon.await("admin endpoint on unix:");
            Files.delete(socket);
            Files.delete(place);
            assertEndsWell(daemon);
        }
    }

    @Test
    void shouldLeaveAloneWhatTookThePlaceOfItsSocket() throws IOException {
        try (Program daemon = withSocket()) {
            daemon.await("admin endpoint on unix:");
            Files.delete(socket);
            Files.writeString(socket, "somebody's");
            assertEndsWell(daemon);
            assertThat(socket).hasContent("somebody's");
        }
    }

    @Test
    void shouldRefuseASocketThatAnotherDaemonListensOnAndLeaveItToIt() throws IOException {
        try (Program first = withSocket()) {
            first.await("admin endpoint on unix:");
            try (Program second = withSocket()) {
                assertThat(second.exitCode()).isEqualTo(1);
                assertThat(second.output())
                        .isEqualTo("proxymachine: --admin: cannot listen on unix:" + socket
                                + ": Address already in use\n");
            }
            assertThat(answeringPid()).isEqualTo(first.pid());
            assertEndsWell(first);
            assertThat(socket).doesNotExist();
        }
    }

    @Test
    void shouldKeepTheSocketOfADaemonThatCameAfterTheFileWasRemoved() throws IOException {
        try (Program first = withSocket()) {
            first.await("admin endpoint on unix:");
            Files.delete(socket);
            try (Program second = withSocket()) {
                second.await("admin endpoint on unix:");
                assertEndsWell(first);
                assertThat(answeringPid()).isEqualTo(second.pid());
                assertEndsWell(second);
                assertThat(socket).doesNotExist();
            }
        }
    }

    @Test
    void shouldTakeOverTheSocketOfTheDaemonThatItFollows() throws IOException {
        try (Program first = withSocket("--reuse-port")) {
            first.await("admin endpoint on unix:");
            try (Program second = withSocket("--reuse-port")) {
                second.await("unix:" + socket + " is in use; the admin endpoint takes it once it is free");
                assertEndsWell(first);
                second.await("admin endpoint on unix:");
                assertThat(answeringPid()).isEqualTo(second.pid());
            }
        }
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            value = {
                "TOKEN\\n        |",
                "TOKEN\\r\\n     |",
                "\\ufeffTOKEN\\n | ",
                "TOKEN           | ",
                "''              | : expected a token of 16",
                "\\n             | : expected a token of 16",
                "TOKEN\\nTOKEN\\n| : expected a token of 16",
                "\\ud800TOKEN    | : expected a token of 16",
            })
    void shouldTakeATokenFileAsEditorsWriteItOrSayInOneLineWhatIsWrong(String content, String problem)
            throws IOException {
        String text = content.replace("TOKEN", TOKEN)
                .replace("\\n", "\n")
                .replace("\\r", "\r")
                .replace("\\ufeff", "\ufeff");
        Path file = Files.write(directory.resolve("token"), text.getBytes(StandardCharsets.UTF_8));
        Files.setPosixFilePermissions(file, PosixFilePermissions.fromString("rw-------"));
        try (Program daemon = daemon("--admin", "0", "--admin-token-file", file.toString())) {
            if (problem == null) {
                int port = Integer.parseInt(daemon.await("admin endpoint on 127.0.0.1:(\\d+)"));
                AdminEndpoint admin = AdminEndpoint.tcp(port);
                assertThat(admin.ask("POST", "/reload").status()).isEqualTo(401);
                assertThat(admin.with("-H", "Authorization: Bearer " + TOKEN)
                                .ask("POST", "/reload")
                                .status())
                        .isEqualTo(200);
            } else {
                assertThat(daemon.exitCode()).isEqualTo(1);
                assertThat(daemon.output().lines().toList())
                        .hasSize(1)
                        .first()
                        .asString()
                        .startsWith("proxymachine: --admin-token-file: " + file + problem);
            }
        }
    }

    @Test
    void shouldSayInOneLineThatATokenFileCannotBeRead() throws IOException {
        for (Map.Entry<Path, String> each : List.of(
                Map.entry(directory.resolve("none"), "no such file " + directory.resolve("none")),
                Map.entry(directory, directory + ": Is a directory"))) {
            try (Program daemon =
                    daemon("--admin", "0", "--admin-token-file", each.getKey().toString())) {
                assertThat(daemon.exitCode()).isEqualTo(1);
                assertThat(daemon.output()).isEqualTo("proxymachine: --admin-token-file: " + each.getValue() + "\n");
            }
        }
    }
}
