package org.proxymachine;

import static org.assertj.core.api.Assertions.assertThat;

import com.sun.net.httpserver.HttpServer;
import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Comparator;
import java.util.List;
import java.util.Map;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** The examples that route by a protocol, between its real clients and its real servers. */
class ProtocolsIT {
    @TempDir
    Path directory;

    private static Program example(String name, Map<String, String> environment) throws IOException {
        return Program.daemon(environment, "-c", "config-examples/" + name + ".groovy", "-h", "127.0.0.1", "-p", "0");
    }

    private static String local(int port) {
        return "127.0.0.1:" + port;
    }

    /** What a client printed that exits as it likes. */
    private String printed(String... command) throws IOException {
        try (Program client = new Program(Map.of(), directory, command)) {
            client.exitCode();
            return client.output();
        }
    }

    // --- TLS ---

    private Program tlsServer(String name, int port, String more) throws IOException {
        String key = directory.resolve(name + ".key").toString();
        String certificate = directory.resolve(name + ".pem").toString();
        Program.run(
                directory,
                ("openssl req -x509 -newkey ec -pkeyopt ec_paramgen_curve:P-256 -nodes -days 2 -keyout " + key
                                + " -out " + certificate + " -subj /CN=" + name)
                        .split(" "));
        Program server = new Program(
                Map.of(),
                directory,
                ("openssl s_server -www -accept " + local(port) + " -cert " + certificate + " -key " + key + more)
                        .split(" "));
        server.await("ACCEPT");
        return server;
    }

    private String handshake(int port, String... more) throws IOException {
        List<String> command = new ArrayList<>(List.of("openssl", "s_client", "-connect", local(port)));
        command.addAll(Arrays.asList(more));
        return printed(command.toArray(String[]::new));
    }

    @Test
    void tlsByServerNameAndByProtocol() throws IOException {
        int one = Backend.deadPort();
        int two = Backend.deadPort();
        int acme = Backend.deadPort();
        try (Program first = tlsServer("one.example", one, "");
                Program second = tlsServer("two.example", two, "");
                Program third = tlsServer("acme.example", acme, " -alpn acme-tls/1");
                Program daemon = example("tls", Map.of("ONE", local(one), "TWO", local(two), "ACME", local(acme)))) {
            assertThat(List.of(first.isAlive(), second.isAlive(), third.isAlive()))
                    .doesNotContain(false);
            int port = daemon.port();
            assertThat(handshake(port, "-servername", "one.example")).contains("subject=CN = one.example");
            assertThat(handshake(port, "-servername", "TWO.example")).contains("subject=CN = two.example");
            assertThat(handshake(port, "-servername", "two.example", "-alpn", "acme-tls/1"))
                    .contains("subject=CN = acme.example", "ALPN protocol: acme-tls/1");
            assertThat(handshake(port, "-servername", "three.example")).contains("unrecognized name");
            assertThat(handshake(port, "-noservername")).contains("unrecognized name");
            String url = "https://two.example/";
            assertThat(printed("curl", "-sSk", "--connect-to", "two.example:443:" + local(port), url))
                    .contains("s_server", two + "");
        }
    }

    // --- PostgreSQL ---

    /** As a user who is not root, since PostgreSQL refuses to run as root. */
    private static String[] unprivileged(String command) {
        boolean root = System.getProperty("user.name", "").equals("root");
        String[] words = command.split(" ");
        return root
                ? Stream.concat(
                                Stream.of("setpriv", "--reuid=postgres", "--regid=postgres", "--clear-groups"),
                                Arrays.stream(words))
                        .toArray(String[]::new)
                : words;
    }

    private static Path postgresPrograms() throws IOException {
        try (Stream<Path> versions = Files.list(Path.of("/usr/lib/postgresql"))) {
            return versions.max(Comparator.naturalOrder()).orElseThrow().resolve("bin");
        }
    }

    @Test
    void postgresByDatabaseAfterTheQuestionAboutSsl() throws IOException {
        Path data = Files.createTempDirectory(
                "pg", PosixFilePermissions.asFileAttribute(PosixFilePermissions.fromString("rwxrwxrwx")));
        Files.setPosixFilePermissions(data, PosixFilePermissions.fromString("rwxrwxrwx"));
        int port = Backend.deadPort();
        Path programs = postgresPrograms();
        try {
            Program.run(
                    data,
                    unprivileged(programs + "/initdb --auth=trust --no-sync --username=me --pgdata=" + data + "/data"));
            try (Program server = new Program(
                            Map.of(),
                            data,
                            unprivileged(programs + "/postgres -D " + data + "/data -p " + port
                                    + " -c listen_addresses=127.0.0.1 -c fsync=off -c unix_socket_directories="
                                    + data));
                    Program daemon =
                            example("postgres", Map.of("ORDERS", local(port), "STOCK", local(Backend.deadPort())))) {
                server.await("ready to accept connections");
                Program.run(data, ("createdb -h 127.0.0.1 -p " + port + " -U me orders").split(" "));
                assertThat(psql(daemon.port(), "orders")).isEqualTo("orders\n");
                assertThat(psql(daemon.port(), "nowhere")).contains("FATAL:  database \"nowhere\" does not exist here");
                assertThat(psql(daemon.port(), "stock")).contains("FATAL:  the database is down, try again later");
            }
        } finally {
            Program.run(directory, "rm", "-rf", data.toString());
        }
    }

    private String psql(int port, String database) throws IOException {
        String where = "host=127.0.0.1 port=" + port + " user=me sslmode=prefer dbname=" + database;
        return printed("psql", where, "-Atc", "select current_database()");
    }

    // --- Redis ---

    @Test
    void redisByUser() throws IOException {
        int port = Backend.deadPort();
        String user = "--user alice on >secret ~* +@all";
        try (Program server = new Program(
                        Map.of(),
                        directory,
                        Stream.concat(
                                        Stream.of("redis-server", "--port", port + "", "--bind", "127.0.0.1"),
                                        Stream.concat(Stream.of("--save", ""), Arrays.stream(user.split(" "))))
                                .toArray(String[]::new));
                Program daemon = example("redis", Map.of("ALICE", local(port)))) {
            server.await("Ready to accept connections");
            int proxy = daemon.port();
            assertThat(redis(proxy, "alice", "set", "key", "by way of the proxy"))
                    .isEqualTo("OK\n");
            assertThat(redis(port, "alice", "get", "key")).isEqualTo("by way of the proxy\n");
            assertThat(redis(proxy, "carol", "get", "key")).contains("WRONGPASS no such user");
            assertThat(printed("redis-cli", "-p", proxy + "", "ping")).contains("NOAUTH Authentication required.");
        }
    }

    // Its last command has an empty line before it, which is the first that comes where there is no other.
    @ParameterizedTest
    @ValueSource(ints = {0, 1, 20_000})
    void redisCliSendsWhatItHasThroughAPipe(int commands) throws IOException {
        int port = Backend.deadPort();
        Path said = directory.resolve("commands");
        String[] lines = new String[commands];
        Arrays.setAll(lines, i -> "SET key:" + i + " h\u00e9llo\r\n");
        Files.writeString(said, String.join("", lines));
        Path script = Files.writeString(
                directory.resolve("router.groovy"),
                "proxy { redis(it) ? [remote: '" + local(port) + "'] : [close: true] }");
        try (Program server = new Program(
                        Map.of(),
                        directory,
                        ("redis-server --bind 127.0.0.1 --appendonly no --dir " + directory + " --port " + port)
                                .split(" "));
                Program daemon = Program.daemon(Map.of(), "-c", script.toString(), "-h", "127.0.0.1", "-p", "0")) {
            server.await("Ready to accept connections");
            String pipe = "redis-cli -h 127.0.0.1 --pipe-timeout 20 --pipe -p " + daemon.port() + " < " + said;
            assertThat(Program.run(directory, "sh", "-c", pipe)).contains("errors: 0, replies: " + commands + "\n");
            assertThat(Program.run(directory, "redis-cli", "-p", port + "", "dbsize"))
                    .isEqualTo(commands + "\n");
        }
    }

    private String redis(int port, String user, String... command) throws IOException {
        return printed(Stream.concat(
                        Arrays.stream(("redis-cli -p " + port + " --user " + user + " --pass secret --no-auth-warning")
                                .split(" ")),
                        Arrays.stream(command))
                .toArray(String[]::new));
    }

    // --- MQTT ---

    @Test
    void mqttByUserNameAndClientId() throws IOException {
        int port = Backend.deadPort();
        Path configuration = Files.writeString(
                directory.resolve("mosquitto.conf"),
                "listener " + port + " 127.0.0.1\nallow_anonymous true\npersistence false\n");
        try (Program broker = new Program(Map.of(), directory, "mosquitto", "-v", "-c", configuration.toString());
                Program daemon = example("mqtt", Map.of("ALICE", local(port), "BOB", local(port)))) {
            broker.await("mosquitto version \\S+ running");
            int proxy = daemon.port();
            Program.run(directory, publish(proxy, "-u alice -r -t a/topic -m one"));
            assertThat(retained(port)).isEqualTo("one\n");
            Program.run(directory, publish(proxy, "-V 5 -i bob/sensor -r -t a/topic -m two"));
            assertThat(retained(port)).isEqualTo("two\n");
            assertThat(printed(publish(proxy, "-u carol -t a/topic -m three"))).containsIgnoringCase("not authorised");
            assertThat(printed(publish(proxy, "-V mqttv5 -u carol -t a/topic -m three")))
                    .containsIgnoringCase("not authorized");
        }
    }

    private static String[] publish(int port, String more) {
        return ("mosquitto_pub -h 127.0.0.1 -p " + port + " " + more).split(" ");
    }

    private String retained(int port) throws IOException {
        return Program.run(directory, ("mosquitto_sub -h 127.0.0.1 -p " + port + " -t a/topic -C 1 -W 20").split(" "));
    }

    // --- HTTP and SOCKS ---

    @Test
    void forwardsWhateverCurlSpeaks() throws IOException {
        HttpServer web = HttpServer.create(new InetSocketAddress(InetAddress.getLoopbackAddress(), 0), 0);
        web.createContext("/", exchange -> {
            byte[] page = ("page " + exchange.getRequestURI()).getBytes(StandardCharsets.US_ASCII);
            exchange.sendResponseHeaders(200, page.length);
            exchange.getResponseBody().write(page);
            exchange.close();
        });
        web.start();
        try (Program daemon = example("forward", Map.of())) {
            int port = web.getAddress().getPort();
            String proxy = local(daemon.port());
            String literal = "http://" + local(port) + "/x";
            String named = "http://localhost:" + port + "/x";
            assertThat(curl("-p", "-x", "http://" + proxy, named)).isEqualTo("page /x");
            assertThat(curl("-x", "socks4://" + proxy, literal)).isEqualTo("page /x");
            assertThat(curl("-x", "socks4a://" + proxy, named)).isEqualTo("page /x");
            assertThat(curl("-x", "socks5://" + proxy, literal)).isEqualTo("page /x");
            assertThat(curl("-x", "socks5h://" + proxy, named)).isEqualTo("page /x");
            assertThat(curl("-x", "socks5h://" + proxy, "http://example.org/")).contains("(2)");
            assertThat(curl("-p", "-x", "http://" + proxy, "http://example.org/"))
                    .contains("403");
            int dead = Backend.deadPort();
            assertThat(curl("-p", "-x", "http://" + proxy, "http://" + local(dead)))
                    .contains("502");
            assertThat(curl("-x", "socks5://" + proxy, "http://" + local(dead))).contains("(4)");
        } finally {
            web.stop(0);
        }
    }

    private String curl(String... arguments) throws IOException {
        return printed(Stream.concat(Stream.of("curl", "-sS", "--max-time", "30"), Arrays.stream(arguments))
                .toArray(String[]::new));
    }
}
