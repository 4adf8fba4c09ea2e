package org.proxymachine;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Map;
import java.util.stream.Stream;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** What git's own clients ask of git's own daemon, in each version of the protocol, by way of a script that reads it. */
class GitClientsIT {
    private static final String SCRIPT = """
            proxy { data ->
                def request = git(data)
                if (!request) return [close: refuse('git', 'bad request')]
                log.info("asks: ${request.service} ${request.path} ${request.user} ${request.host} ${request.version}")
                [remote: '127.0.0.1:PORT']
            }""";

    @TempDir
    Path directory;

    @ParameterizedTest
    @CsvSource({"0, localhost", "1, 127.0.0.1", "2, localhost", "2, ::1", "0, ::1"})
    void clonesFetchesPushesAndLists(int version, String host) throws IOException {
        int port = Backend.deadPort();
        Path served = Files.createDirectories(directory.resolve("served/alice"));
        git(directory, version, "init", "-q", "-b", "main", "served/alice/repo");
        commit(served.resolve("repo"), version, "first");
        Path script =
                Files.writeString(directory.resolve("router.groovy"), SCRIPT.replace("PORT", String.valueOf(port)));
        String bound = host.contains(":") ? "::1" : "127.0.0.1";
        if (host.contains(":")) {
            Ipv6.assume();
        }
        try (Program server = server(port);
                Program daemon = Program.daemon(Map.of(), "-c", script.toString(), "-h", bound, "-p", "0")) {
            server.await("Ready to rumble");
            String name = host.contains(":") ? "[" + host + "]" : host;
            String url = "git://" + name + ":" + daemon.port() + "/alice/repo";
            String asks = " /alice/repo alice " + host + " ";

            git(directory, version, "clone", "-q", url, "clone");
            Path clone = directory.resolve("clone");
            assertThat(subject(clone, version, "HEAD")).isEqualTo("first\n");
            assertThat(git(clone, version, "ls-remote", "origin")).contains("refs/heads/main");
            commit(served.resolve("repo"), version, "second");
            git(clone, version, "fetch", "-q", "origin");
            assertThat(subject(clone, version, "origin/main")).isEqualTo("second\n");
            commit(clone, version, "third");
            git(clone, version, "push", "-q", "origin", "HEAD:refs/heads/pushed");
            assertThat(subject(served.resolve("repo"), version, "pushed")).isEqualTo("third\n");
            git(directory, version, "archive", "--remote=" + url, "-o", "archive.tar", "main");
            assertThat(Program.run(directory, "tar", "tf", "archive.tar")).contains("first\n");

            daemon.await("asks: git-upload-pack" + asks + version);
            daemon.await("asks: git-receive-pack" + asks + "[0" + version + "]");
            daemon.await("asks: git-upload-archive" + asks);
        }
    }

    private Program server(int port) throws IOException {
        return new Program(
                Map.of("GIT_CONFIG_COUNT", "1", "GIT_CONFIG_KEY_0", "safe.directory", "GIT_CONFIG_VALUE_0", "*"),
                directory,
                ("git daemon --verbose --reuseaddr --export-all --enable=receive-pack --enable=upload-archive"
                                + " --listen=127.0.0.1 --port=" + port + " --base-path=" + directory.resolve("served"))
                        .split(" "));
    }

    private static String subject(Path repository, int version, String revision) throws IOException {
        return git(repository, version, "log", "--format=%s", "-1", revision);
    }

    private static void commit(Path repository, int version, String subject) throws IOException {
        Files.writeString(repository.resolve(subject), subject);
        git(repository, version, "add", ".");
        git(repository, version, "-c", "user.name=test", "-c", "user.email=test@localhost", "commit", "-qm", subject);
    }

    private static String git(Path where, int version, String... arguments) throws IOException {
        return Program.run(
                where,
                Stream.concat(Stream.of("git", "-c", "protocol.version=" + version), Stream.of(arguments))
                        .toArray(String[]::new));
    }
}
