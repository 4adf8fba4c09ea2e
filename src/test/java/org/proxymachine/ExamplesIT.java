package org.proxymachine;

import static org.assertj.core.api.Assertions.assertThat;

import com.sun.net.httpserver.HttpServer;
import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.Socket;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Map;
import java.util.Random;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Each example, used by the program that its comment names. */
class ExamplesIT {
    @TempDir
    Path directory;

    private static Program example(String name, Map<String, String> environment) throws IOException {
        return Program.daemon(environment, "-c", "config-examples/" + name + ".groovy", "-h", "127.0.0.1", "-p", "0");
    }

    private static String[] curlCommand(String... arguments) {
        return Stream.concat(Stream.of("curl", "-sS", "--max-time", "30"), Stream.of(arguments))
                .toArray(String[]::new);
    }

    private String curl(String... arguments) throws IOException {
        return Program.run(directory, curlCommand(arguments));
    }

    /** A web server that answers each request with its name and the path. */
    private static HttpServer web(String name) throws IOException {
        HttpServer server = HttpServer.create(new InetSocketAddress(InetAddress.getLoopbackAddress(), 0), 0);
        server.createContext("/", exchange -> {
            byte[] page = (name + " " + exchange.getRequestURI()).getBytes(StandardCharsets.US_ASCII);
            exchange.sendResponseHeaders(200, page.length);
            exchange.getResponseBody().write(page);
            exchange.close();
        });
        server.start();
        return server;
    }

    private static String address(HttpServer server) {
        return "127.0.0.1:" + server.getAddress().getPort();
    }

    @Test
    void demo() throws IOException {
        try (Program daemon = example("demo", Map.of())) {
            String url = "http://127.0.0.1:" + daemon.port();
            assertThat(curl(url + "/alice/x"))
                    .matches("Hello from alice's server, on port \\d+. You asked for /alice/x\n");
            assertThat(curl(url + "/bob/")).startsWith("Hello from bob's server");
            assertThat(curl("-w", "%{http_code}", url + "/"))
                    .contains("curl localhost:5432/alice/")
                    .endsWith("404");
            daemon.signal("HUP");
            daemon.await("reloaded");
            assertThat(curl(url + "/alice/")).startsWith("Hello from alice's server");
        }
    }

    @Test
    void httpHost() throws IOException {
        HttpServer one = web("one");
        HttpServer two = web("two");
        try (Program daemon = example("http-host", Map.of("ONE", address(one), "TWO", address(two)))) {
            String url = "http://127.0.0.1:" + daemon.port() + "/page";
            assertThat(curl("-H", "Host: one.example", url)).isEqualTo("one /page");
            assertThat(curl("-H", "Host: TWO.example:80", url)).isEqualTo("two /page");
            assertThat(curl("-H", "Host: three.example", url)).contains("No such host: three.example");
        } finally {
            one.stop(0);
            two.stop(0);
        }
    }

    @Test
    void socks() throws IOException {
        HttpServer web = web("web");
        String url = "http://127.0.0.1:" + web.getAddress().getPort() + "/page";
        String named = "http://localhost:" + web.getAddress().getPort() + "/page";
        int dead = Backend.deadPort();
        try (Program four = example("socks4", Map.of());
                Program five = example("socks5", Map.of())) {
            String proxy4 = "127.0.0.1:" + four.port();
            String proxy5 = "127.0.0.1:" + five.port();
            assertThat(curl("--socks4", proxy4, url)).isEqualTo("web /page");
            assertThat(curl("--socks5", proxy5, url)).isEqualTo("web /page");
            assertThat(curl("--socks5-hostname", proxy5, named)).isEqualTo("web /page");
            assertThat(failing("--socks4", proxy4, "http://127.0.0.1:" + dead)).contains("rejected or failed");
            assertThat(failing("--socks5", proxy5, "http://127.0.0.1:" + dead)).contains("(5)");
        } finally {
            web.stop(0);
        }
    }

    private String failing(String... arguments) throws IOException {
        try (Program curl = new Program(Map.of(), directory, curlCommand(arguments))) {
            assertThat(curl.exitCode()).isEqualTo(97);
            return curl.output();
        }
    }

    @Test
    void sshHttp() throws IOException {
        HttpServer web = web("web");
        try (Backend sshServer = new Backend(ExamplesIT::greetAsSsh);
                Program daemon = example("ssh-http", Map.of("SSH", sshServer.address(), "WEB", address(web)))) {
            assertThat(curl("http://127.0.0.1:" + daemon.port() + "/page")).isEqualTo("web /page");
            try (Program ssh = ssh(daemon.port())) {
                assertThat(ssh.exitCode()).isEqualTo(255);
                assertThat(ssh.output()).contains("remote software version Test_1");
            }
            // A client that waits for its server.
            assertThat(Program.run(
                            directory, "bash", "-c", "exec 3<>/dev/tcp/127.0.0.1/" + daemon.port() + "; head -1 <&3"))
                    .isEqualTo("SSH-2.0-Test_1\r\n");
        } finally {
            web.stop(0);
        }
    }

    /** A server that says what it is before it hears anything, and no more than that. */
    private static void greetAsSsh(Socket client) throws IOException {
        try (client) {
            client.getOutputStream().write("SSH-2.0-Test_1\r\n".getBytes(StandardCharsets.US_ASCII));
            client.shutdownOutput();
            client.getInputStream().readAllBytes();
        }
    }

    private Program ssh(int port) throws IOException {
        return new Program(
                Map.of(),
                directory,
                "ssh",
                "-vF/dev/null",
                "-oBatchMode=yes",
                "-oStrictHostKeyChecking=no",
                "-oUserKnownHostsFile=/dev/null",
                "-p" + port,
                "127.0.0.1");
    }

    @Test
    void transparent() throws IOException {
        HttpServer web = web("web");
        try (Program daemon = example("transparent", Map.of("REMOTE", address(web)))) {
            assertThat(curl("http://127.0.0.1:" + daemon.port() + "/page")).isEqualTo("web /page");
        } finally {
            web.stop(0);
        }
    }

    @Test
    void failover() throws IOException {
        HttpServer web = web("web");
        String dead = "127.0.0.1:" + Backend.deadPort();
        try (Program some = example("failover", Map.of("SERVERS", dead + "," + address(web)));
                Program none = example("failover", Map.of("SERVERS", dead))) {
            assertThat(curl("http://127.0.0.1:" + some.port() + "/page")).isEqualTo("web /page");
            assertThat(curl("-w", "%{http_code}", "http://127.0.0.1:" + none.port() + "/page"))
                    .isEqualTo("503: no server is up\n503");
        } finally {
            web.stop(0);
        }
    }

    @Test
    void lookup() throws IOException {
        HttpServer web = web("web");
        Path table = Files.writeString(directory.resolve("tenants"), "alice " + address(web) + "\n");
        try (Program daemon = example("lookup", Map.of("TENANTS", table.toString()))) {
            String url = "http://127.0.0.1:" + daemon.port();
            assertThat(curl(url + "/alice/")).isEqualTo("web /alice/");
            assertThat(curl("-w", "%{http_code}", url + "/bob/")).isEqualTo("404");
        } finally {
            web.stop(0);
        }
    }

    @Test
    void gitClonesAndPushesByUser() throws Exception {
        int alice = Backend.deadPort();
        int bob = Backend.deadPort();
        Path aliceRepo = repository("alice", 200 << 20);
        Path bobRepo = repository("bob", 1_000);
        try (Program aliceServer = gitDaemon("alice", alice);
                Program bobServer = gitDaemon("bob", bob);
                Program daemon = example("git", Map.of("ALICE", "127.0.0.1:" + alice, "BOB", "127.0.0.1:" + bob))) {
            aliceServer.await("Ready to rumble");
            bobServer.await("Ready to rumble");
            String url = "git://127.0.0.1:" + daemon.port();
            Program.run(directory, "git", "clone", "-q", url + "/alice/repo", "a");
            Program.run(directory, "git", "clone", "-q", url + "/bob/repo", "b");
            assertThat(Files.mismatch(directory.resolve("a/content"), aliceRepo.resolve("content")))
                    .isEqualTo(-1);
            assertThat(Files.mismatch(directory.resolve("b/content"), bobRepo.resolve("content")))
                    .isEqualTo(-1);

            Path clone = directory.resolve("b");
            Files.writeString(clone.resolve("pushed"), "by way of the proxy");
            commit(clone, "pushed");
            Program.run(clone, "git", "push", "-q", "origin", "HEAD:refs/heads/pushed");
            assertThat(Program.run(bobRepo, "git", "log", "--format=%s", "-1", "pushed"))
                    .isEqualTo("pushed\n");

            try (Program refused = new Program(Map.of(), directory, "git", "clone", "-q", url + "/carol/repo", "c")) {
                assertThat(refused.exitCode()).isEqualTo(128);
                assertThat(refused.output()).contains("remote error: no such user");
            }
            try (Connection stranger =
                    new Connection(new InetSocketAddress(InetAddress.getLoopbackAddress(), daemon.port()))) {
                assertThat(stranger.send("0000").receiveAll()).isEqualTo("0014ERR bad request\n");
            }
        }
    }

    @Test
    void gitCloneFinishesWhileTheDaemonReloadsAndDrains() throws Exception {
        int alice = Backend.deadPort();
        Path repo = repository("alice", 100 << 20);
        try (Program server = gitDaemon("alice", alice);
                Program daemon = example("git", Map.of("ALICE", "127.0.0.1:" + alice))) {
            server.await("Ready to rumble");
            int port = daemon.port();
            try (Program clone = new Program(
                    Map.of("GIT_PROGRESS_DELAY", "0"),
                    directory,
                    "git",
                    "clone",
                    "--progress",
                    "git://127.0.0.1:" + port + "/alice/repo",
                    "a")) {
                clone.await("(?s)Receiving objects|remote: ");
                daemon.signal("HUP");
                daemon.await("reloaded");
                daemon.signal("QUIT");
                assertThat(clone.exitCode()).isZero();
                assertThat(daemon.exitCode()).isZero();
                assertThat(daemon.output()).doesNotContain("Full thread dump").contains("reason=done");
                assertThat(Files.mismatch(directory.resolve("a/content"), repo.resolve("content")))
                        .isEqualTo(-1);
            }
        }
    }

    private Path repository(String user, int bytes) throws IOException {
        Path repo = directory.resolve("srv-" + user).resolve(user).resolve("repo");
        Files.createDirectories(repo);
        Program.run(repo, "git", "init", "-q", "-b", "main");
        byte[] content = new byte[bytes];
        new Random(bytes).nextBytes(content);
        Files.write(repo.resolve("content"), content);
        // Random bytes: looking for deltas and compressing would take the test's time for nothing.
        Program.run(repo, "git", "config", "core.compression", "0");
        Program.run(repo, "git", "config", "core.bigFileThreshold", "1m");
        commit(repo, "content");
        return repo;
    }

    private static void commit(Path repo, String subject) throws IOException {
        Program.run(repo, "git", "add", ".");
        Program.run(repo, "git", "-c", "user.name=test", "-c", "user.email=test@localhost", "commit", "-qm", subject);
    }

    private Program gitDaemon(String user, int port) throws IOException {
        return new Program(
                Map.of("GIT_CONFIG_COUNT", "1", "GIT_CONFIG_KEY_0", "safe.directory", "GIT_CONFIG_VALUE_0", "*"),
                directory,
                "git",
                "daemon",
                "--verbose",
                "--reuseaddr",
                "--export-all",
                "--enable=receive-pack",
                "--base-path=" + directory.resolve("srv-" + user),
                "--listen=127.0.0.1",
                "--port=" + port);
    }
}
