package org.proxymachine;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.Comparator;
import java.util.List;
import java.util.Map;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;

/** What PostgreSQL's own clients ask of its own server, by way of a script that reads their first packet. */
class PostgresClientsIT {
    private static final String SCRIPT = """
            proxy { data ->
                def start = postgres(data)
                if (!start) return [close: true]
                if (start.kind in ['ssl', 'gssenc']) return [noop: true, reply: 'N', data: data.drop(start.length)]
                log.info("first: ${start.kind} ${start.user == 'jürgen'} ${start.database == 'jürgen'} ${start.protocol} "
                    + start.parameters.subMap(['options', 'application_name', 'replication']).values())
                if (start.kind == 'cancel') return [remote: '127.0.0.1:PORT']
                if (start.database == 'nowhere') return [close: refuse('postgres-3D000', "${start.user} has none")]
                [remote: start.user == 'jürgen' ? '127.0.0.1:PORT' : '127.0.0.1:1']
            }""";

    private static Path directory;
    private static Path programs;
    private static Program server;
    private static Program daemon;

    @BeforeAll
    static void start() throws IOException {
        // PostgreSQL's server refuses to be root, and another user has to reach its directory.
        directory = Files.createTempDirectory("pg");
        Files.setPosixFilePermissions(directory, PosixFilePermissions.fromString("rwxrwxrwx"));
        try (Stream<Path> versions = Files.list(Path.of("/usr/lib/postgresql"))) {
            programs = versions.max(Comparator.naturalOrder()).orElseThrow().resolve("bin");
        }
        int port = Backend.deadPort();
        unprivileged("initdb --auth=trust --no-sync --no-locale --encoding=UTF8 --username=me --pgdata=" + data());
        server = new Program(
                Map.of(),
                directory,
                asServer("postgres -D " + data() + " -p " + port + " -c listen_addresses=127.0.0.1 -c fsync=off"
                        + " -c wal_level=replica -c log_statement=all -c unix_socket_directories=" + directory));
        Path script = Files.writeString(directory.resolve("router.groovy"), SCRIPT.replace("PORT", port + ""));
        daemon = Program.daemon(Map.of(), "-c", script.toString(), "-h", "127.0.0.1", "-p", "0");
        // Names that are not ASCII come from files, as what a JVM makes of them in a command depends on the locale.
        Files.writeString(directory.resolve("services"), """
                [direct]
                host=127.0.0.1
                port=%1$d
                user=jürgen
                [proxied]
                host=127.0.0.1
                port=%2$d
                user=jürgen
                sslmode=prefer
                gssencmode=prefer
                [nowhere]
                host=127.0.0.1
                port=%2$d
                user=jürgen
                dbname=nowhere
                """.formatted(port, daemon.port()));
        Path setup = Files.writeString(
                directory.resolve("setup.sql"),
                "create role \"jürgen\" superuser login replication;\ncreate database \"jürgen\";\n");
        server.await("ready to accept connections");
        run("psql -q -h 127.0.0.1 -p " + port + " -U me -d postgres -f " + setup);
    }

    @AfterAll
    static void stop() throws IOException {
        daemon.close();
        server.signal("INT");
        server.exitCode();
        server.close();
        Program.run(Path.of("").toAbsolutePath(), "rm", "-rf", directory.toString());
    }

    @Test
    void psqlLogsInWithANameThatIsNotAscii() throws IOException {
        assertThat(query("proxied", "select current_user = current_database(), length(current_user)"))
                .isEqualTo("t|6\n");
        daemon.await("first: startup true true 3.0 \\[psql]");
    }

    @Test
    void psqlIsToldInItsOwnCharactersWhyItIsRefused() throws IOException {
        try (Program psql = client("psql service=nowhere -c", "select 1")) {
            assertThat(psql.exitCode()).isEqualTo(2);
            assertThat(utf8(psql)).contains("FATAL:  jürgen has none");
        }
    }

    @Test
    void optionsAndTheNameOfTheApplicationReachScriptAndServer() throws IOException {
        String said = "service=proxied application_name=orders options='-c work_mem=7MB -c search_path=a,b'";
        try (Program psql = client("psql|-At|-c|show work_mem|-c|show application_name|" + said)) {
            assertThat(psql.exitCode()).as(psql.output()).isZero();
            assertThat(psql.output()).isEqualTo("7MB\norders\n");
        }
        daemon.await("first: startup true true 3.0 \\[-c work_mem=7MB -c search_path=a,b, orders]");
    }

    @Test
    void pgbenchRunsAndPgDumpGetsWhatItGetsDirectly() throws IOException {
        run("pgbench -i -q -s 1 service=proxied");
        assertThat(run("pgbench -n -c 4 -j 2 -C -t 20 service=proxied"))
                .contains("number of transactions actually processed: 80/80");
        assertThat(run("pgbench -n -c 2 -t 20 -M prepared service=proxied")).contains("processed: 40/40");
        assertThat(query("direct", "select count(*) from pgbench_history")).isEqualTo("120\n");
        run("pg_dump -f " + directory.resolve("direct.sql") + " -d service=direct");
        run("pg_dump -f " + directory.resolve("proxied.sql") + " -d service=proxied");
        assertThat(dump("proxied.sql")).hasSizeGreaterThan(100_000).isEqualTo(dump("direct.sql"));
        run("pg_dump -j 2 -Fd -f " + directory.resolve("parallel") + " -d service=proxied");
    }

    @Test
    void pgBasebackupStreamsABackupThatIsWhole() throws IOException {
        Path backup = directory.resolve("backup");
        run("pg_basebackup -X stream -c fast -D " + backup + " -d service=proxied");
        assertThat(run(programs + "/pg_verifybackup " + backup)).contains("backup successfully verified");
        daemon.await("first: startup true false 3.0 \\[pg_basebackup, true]");
        try (Program psql = client("psql|-At|-c|IDENTIFY_SYSTEM|service=proxied replication=database")) {
            assertThat(psql.exitCode()).as(psql.output()).isZero();
        }
        daemon.await("first: startup true true 3.0 \\[psql, database]");
    }

    @Test
    void interruptingPsqlEndsItsStatement() throws IOException {
        try (Program psql = client("psql service=proxied -c", "select pg_sleep(50)")) {
            server.await("statement: select pg_sleep");
            psql.signal("INT");
            assertThat(psql.exitCode()).isEqualTo(1);
            assertThat(psql.output()).contains("canceling statement due to user request");
        }
        daemon.await("first: cancel false false null");
    }

    /** Without the key by which newer releases restrict psql: it is another one each time. */
    private static List<String> dump(String name) throws IOException {
        return Files.readAllLines(directory.resolve(name)).stream()
                .filter(line -> !line.matches("\\\\(un)?restrict .*"))
                .toList();
    }

    private static String query(String service, String sql) throws IOException {
        try (Program psql = client("psql -At service=" + service + " -c", sql)) {
            assertThat(psql.exitCode()).as(psql.output()).isZero();
            return psql.output();
        }
    }

    private static String run(String command) throws IOException {
        try (Program client = client(command)) {
            assertThat(client.exitCode()).as(client.output()).isZero();
            return client.output();
        }
    }

    /** Starts a client: words of a command, at blanks or where there is one at bars, and a last one. */
    private static Program client(String command, String... last) throws IOException {
        String[] words = Stream.concat(Stream.of(command.split(command.contains("|") ? "[|]" : " ")), Stream.of(last))
                .toArray(String[]::new);
        return new Program(
                Map.of(
                        "PGSERVICEFILE", directory.resolve("services").toString(),
                        "PGCLIENTENCODING", "UTF8",
                        "PGCONNECT_TIMEOUT", "20"),
                directory,
                words);
    }

    private static String utf8(Program program) {
        return new String(program.output().getBytes(StandardCharsets.ISO_8859_1), StandardCharsets.UTF_8);
    }

    private static Path data() {
        return directory.resolve("data");
    }

    private static void unprivileged(String command) throws IOException {
        Program.run(directory, asServer(command));
    }

    private static String[] asServer(String command) {
        String as = System.getProperty("user.name", "").equals("root")
                ? "setpriv --reuid=postgres --regid=postgres --clear-groups "
                : "";
        return (as + programs + "/" + command).split(" ");
    }
}
