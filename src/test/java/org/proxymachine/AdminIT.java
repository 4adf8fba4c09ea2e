package org.proxymachine;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.InstanceOfAssertFactories.DOUBLE;

import java.io.BufferedReader;
import java.io.IOException;
import java.io.InputStreamReader;
import java.io.UncheckedIOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.IntStream;
import java.util.stream.Stream;
import org.eclipse.jetty.util.ajax.JSON;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.proxymachine.AdminEndpoint.Answer;
import org.proxymachine.AdminEndpoint.Json;
import org.proxymachine.session.CloseReason;

/** What can be asked of a running daemon and done to it, by curl, promtool and its own commands. */
class AdminIT {
    private static final String SCRIPT = """
            proxy { data ->
                if (data == 'hello') return [noop: true, reply: 'who?', data: '']
                if (data == 'stick') {
                    while (new File('GATE').exists()) sleep(5)
                    return [close: 'free']
                }
                if (data == 'fail') throw new RuntimeException('oops')
                if (data == 'bye') return [close: 'so long', tag: 'left']
                if (data == 'later') return java.util.concurrent.CompletableFuture.supplyAsync { [close: 'at last'] }
                if (data == 'dead') return [remote: 'DEAD', retries: 0]
                data == 'alice' ? [remote: 'LIVE', tag: data, data: data + '!'] : null
            }
            proxy_connect_error { remote -> [remote: 'LIVE', tag: 'second choice'] }
            """;

    @TempDir
    Path directory;

    private Backend backend;
    private String dead = "";
    private Path script = Path.of("");
    private Path socket = Path.of("");

    @BeforeEach
    void setUp() throws IOException {
        backend = Backend.echo();
        dead = "127.0.0.1:" + Backend.deadPort();
        socket = directory.resolve("admin.sock");
        script = Files.writeString(
                directory.resolve("router.groovy"),
                SCRIPT.replace("GATE", gate().toString()).replace("DEAD", dead).replace("LIVE", backend.address()));
    }

    @AfterEach
    void tearDown() {
        backend.close();
    }

    private Path gate() {
        return directory.resolve("gate");
    }

    private Program daemon(String... more) throws IOException {
        String[] all = {
            "-c", script.toString(), "-h", "127.0.0.1", "-p", "0", "--admin", "0", "--admin", "unix:" + socket
        };
        return Program.daemon(
                Map.of(), Stream.concat(Arrays.stream(all), Arrays.stream(more)).toArray(String[]::new));
    }

    private static AdminEndpoint tcp(Program daemon) {
        return AdminEndpoint.tcp(Integer.parseInt(daemon.await("admin endpoint on 127.0.0.1:(\\d+), unix:")));
    }

    private static Connection connect(Program daemon) throws IOException {
        return new Connection(new InetSocketAddress(InetAddress.getLoopbackAddress(), daemon.port()));
    }

    private static List<String> said(Json session) {
        return session.objects("answers").stream()
                .map(each -> each.get("bytes") + " " + each.get("call") + " " + each.get("decision"))
                .toList();
    }

    private static List<String> events(Json session) {
        return session.objects("events").stream()
                .map(each -> String.valueOf(each.get("event")))
                .toList();
    }

    @Test
    void shouldSayWhyAConnectionWentWhereItDid() throws IOException {
        try (Program daemon = daemon();
                Connection client = connect(daemon);
                Connection other = connect(daemon)) {
            AdminEndpoint admin = tcp(daemon);
            assertThat(client.send("hello").receive(4)).isEqualTo("who?");
            assertThat(client.send("alice").receive(6)).isEqualTo("alice!");
            Json session = admin.json("/sessions/1");
            assertThat(said(session))
                    .containsExactly(
                            "5 received wait data of 0 bytes reply of 4 bytes",
                            "10 received remote " + backend.address() + " tag \"alice\" data of 6 bytes");
            assertThat(events(session)).containsExactly("connecting", "connected to " + backend.address());
            assertThat(session.get("tag")).isEqualTo("alice");
            assertThat(session.get("state")).isEqualTo("splicing");
            assertThat(session.get("reason")).isNull();
            assertThat(session.object("times").get("connect")).isInstanceOf(Double.class);

            assertThat(other.send("dead").receive(4)).isEqualTo("dead");
            session = AdminEndpoint.unix(socket).json("/sessions/2");
            assertThat(said(session))
                    .containsExactly(
                            "4 received remote " + dead + " retries 0",
                            "4 connect-error remote " + backend.address() + " tag \"second choice\"");
            assertThat(events(session).get(1)).startsWith(dead + " failed: ").containsIgnoringCase("refused");
            assertThat(session.get("backend")).isEqualTo(backend.address());

            client.leave();
            Answer ended = admin.await("/sessions/1", each -> each.json().get("reason") != null);
            assertThat(ended.json().get("reason")).isEqualTo("done");
            assertThat(ended.json().get("bytes_up")).isEqualTo(10L);
            assertThat(ended.json().get("bytes_down")).isEqualTo(10L);
            Json all = admin.await(
                            "/sessions?backend=" + backend.address(),
                            each -> Long.valueOf(1).equals(each.json().get("live")))
                    .json();
            assertThat(all.objects("sessions"))
                    .singleElement()
                    .satisfies(each -> assertThat(each.get("id")).isEqualTo(2L));
            assertThat(all.objects("ended"))
                    .singleElement()
                    .satisfies(each -> assertThat(each.get("tag")).isEqualTo("alice"));
            assertThat(admin.json("/sessions?state=preread").objects("sessions"))
                    .isEmpty();
            assertThat(admin.json("/sessions?client=10.9.8.7").objects("sessions"))
                    .isEmpty();
            for (String each : List.of("limit=x", "limit=-5", "state=bogus")) {
                assertThat(admin.get("/sessions?" + each).status()).isEqualTo(400);
            }

            assertThat(connect(daemon).send("fail").receiveAll()).isEmpty();
            assertThat(said(admin.await("/sessions/3", each -> each.json().get("reason") != null)
                            .json()))
                    .singleElement()
                    .asString()
                    .startsWith("4 received failed: ")
                    .contains("oops");
            assertThat(connect(daemon).send("later").receiveAll()).isEqualTo("at last");
            assertThat(said(admin.await("/sessions/4", each -> each.json().get("reason") != null)
                            .json()))
                    .containsExactly("5 received later, from a future", "5 received close reply of 7 bytes");
            Answer unknown = admin.get("/sessions/5");
            assertThat(unknown.status()).isEqualTo(404);
            assertThat(unknown.json().get("error"))
                    .isEqualTo("no session 5: neither live, nor one of those that are remembered");
        }
    }

    @Test
    void shouldCountForPrometheus() throws IOException {
        try (Program daemon = daemon("--max-connections-per-ip", "2", "--max-connections-per-backend", "1");
                Connection first = connect(daemon);
                Connection second = connect(daemon)) {
            AdminEndpoint admin = tcp(daemon);
            assertThat(first.send("alice").receive(6)).isEqualTo("alice!");
            // Who waits for a place at the backend is counted as nothing yet.
            second.send("alice");
            try (Connection third = connect(daemon)) {
                assertThat(third.receiveAll()).isEmpty();
            }
            String metrics = admin.await(
                            "/metrics",
                            each -> each.text().contains("{reason=\"ip-limit\"} 1.0")
                                    && each.text().contains("proxymachine_script_seconds_count{call=\"received\"} 2"))
                    .text();
            for (CloseReason each : CloseReason.values()) {
                assertThat(metrics).contains("proxymachine_sessions_closed_total{reason=\"" + each.word() + "\"} ");
            }
            assertThat(metrics)
                    .contains(
                            "proxymachine_sessions 2.0",
                            "proxymachine_sessions_opened_total 3.0",
                            "proxymachine_backend_sessions{backend=\"" + backend.address() + "\"} 1.0",
                            "proxymachine_received_bytes_total{from=\"client\"} 10.0",
                            "proxymachine_received_bytes_total{from=\"backend\"} 6.0",
                            "proxymachine_sent_bytes_total{to=\"backend\"} 6.0",
                            "proxymachine_draining 0.0",
                            "jvm_threads_current");
            first.leave();
            assertThat(second.receive(6)).isEqualTo("alice!");
            second.leave();
            // One after the other, and so not of one moment.
            metrics = admin.await(
                            "/metrics",
                            each -> Stream.of("route", "connect", "first_byte", "session")
                                    .allMatch(time -> each.text()
                                            .contains("proxymachine_" + time + "_seconds_count{backend=\""
                                                    + backend.address() + "\"} 2")))
                    .text();
            assertThat(metrics).contains("{reason=\"done\"} 2.0");
            Pattern measured = Pattern.compile("proxymachine_loop_lag_seconds_count [1-9]");
            admin.await("/metrics", each -> measured.matcher(each.text()).find());
            Path file = Files.writeString(directory.resolve("metrics"), metrics);
            assertThat(Program.run(directory, "bash", "-c", "promtool check metrics < " + file))
                    .isEmpty();
            assertThat(admin.with("-H", "Accept: application/openmetrics-text; version=1.0.0")
                            .get("/metrics")
                            .text())
                    .endsWith("# EOF\n");
        }
    }

    private static String example(String name) throws IOException {
        return Files.readString(Path.of("config-examples", name));
    }

    @Test
    void shouldHaveWhatTheExamplesForMonitoringAskFor() throws IOException {
        Path here = Path.of("").toAbsolutePath();
        Program.run(here, "promtool", "check", "config", "config-examples/prometheus.yml");
        Program.run(
                here,
                "promtool",
                "test",
                "rules",
                "src/test/resources/org/proxymachine/admin/prometheus-alerts-test.yml");

        String dashboard = example("grafana-dashboard.json");
        List<String> questions = new ArrayList<>();
        expressions(new JSON().fromJSON(dashboard), questions);
        assertThat(questions).hasSizeGreaterThan(20);
        StringBuilder rules = new StringBuilder("groups:\n  - name: dashboard\n    rules:\n");
        for (String each : questions) {
            String question =
                    each.replaceAll("\\$__(rate_interval|interval|range)", "1m").replaceAll("\\$\\{?\\w+}?", "x");
            rules.append("      - {record: x, expr: ")
                    .append(new JSON().toJSON(question))
                    .append("}\n");
        }
        Program.run(
                here,
                "promtool",
                "check",
                "rules",
                Files.writeString(directory.resolve("rules.yml"), rules).toString());

        try (Program daemon = daemon();
                Connection client = connect(daemon)) {
            assertThat(client.send("alice").receive(6)).isEqualTo("alice!");
            String metrics = tcp(daemon).get("/metrics").text();
            Matcher name = Pattern.compile("\\b(proxymachine|jvm|process)_\\w+(?=[{\\[ )]|$)")
                    .matcher(example("prometheus-alerts.yml") + String.join("\n", questions));
            while (name.find()) {
                assertThat(metrics).contains("\n" + name.group());
            }
        }
    }

    private static void expressions(@Nullable Object json, List<String> found) {
        if (json instanceof Map<?, ?> object) {
            object.forEach((key, value) -> {
                if ("expr".equals(key) && value != null) {
                    found.add(value.toString());
                } else {
                    expressions(value, found);
                }
            });
        } else if (json instanceof Object[] array) {
            for (Object each : array) {
                expressions(each, found);
            }
        }
    }

    @Test
    void shouldAnswerWhileTheLoopIsStuck() throws IOException {
        Files.createFile(gate());
        try (Program daemon = daemon();
                Connection stuck = connect(daemon)) {
            AdminEndpoint admin = tcp(daemon);
            assertThat(admin.get("/healthz").text()).isEqualTo("ok\n");
            assertThat(admin.get("/readyz").text()).isEqualTo("ok\n");
            stuck.send("stick");
            Answer health = admin.await("/healthz", each -> each.status() == 503);
            assertThat(health.text()).isEqualTo("stuck\n");
            assertThat(admin.get("/readyz")).isEqualTo(new Answer(503, "stuck\n"));
            Json status = admin.json("/status");
            assertThat(status.get("state")).isEqualTo("stuck");
            assertThat(status.object("loop").get("stuck")).asInstanceOf(DOUBLE).isGreaterThan(1);
            assertThat(String.valueOf(status.object("loop").get("at"))).matches("router.groovy:\\d+, client 127.*");
            assertThat(command("status"))
                    .containsPattern("loop         stuck for \\S+ s at router.groovy:\\d+, client 127");
            assertThat(admin.json("/sessions/1").get("state")).isEqualTo("preread");
            Answer close = AdminEndpoint.unix(socket).ask("DELETE", "/sessions/1");
            assertThat(close.status()).isEqualTo(504);
            Files.delete(gate());
            admin.await("/healthz", each -> each.status() == 200);
            assertThat(admin.json("/status").object("loop").get("at")).isNull();
            assertThat(stuck.receiveAll()).isEqualTo("free");
        }
    }

    @Test
    void shouldDrainAndReloadAndClose() throws IOException {
        Path log = directory.resolve("access.log");
        try (Program daemon = daemon("--access-log", log.toString());
                Connection first = connect(daemon);
                Connection second = connect(daemon);
                Connection third = connect(daemon)) {
            AdminEndpoint admin = tcp(daemon);
            AdminEndpoint change = AdminEndpoint.unix(socket);
            for (Connection each : List.of(first, second, third)) {
                assertThat(each.send("alice").receive(6)).isEqualTo("alice!");
            }
            assertThat(change.ask("DELETE", "/sessions/1")).isEqualTo(new Answer(200, "{\"closed\":1}\n"));
            assertThat(first.receiveAll()).isEmpty();
            assertThat(change.ask("DELETE", "/sessions/1").status()).isEqualTo(404);
            assertThat(change.ask("DELETE", "/sessions?backend=" + dead))
                    .isEqualTo(new Answer(200, "{\"closed\":0}\n"));
            assertThat(change.ask("DELETE", "/sessions").status()).isEqualTo(400);
            assertThat(change.ask("DELETE", "/sessions?backend=" + backend.address() + "&client=192.0.2.1"))
                    .isEqualTo(new Answer(
                            400, "{\"error\":\"expected ?backend=host:port alone, was backend, client\"}\n"));
            // Not an empty answer, which says that there is nobody.
            for (String nonsense : List.of("backend=nobody", "backend=127.0.0.1:x", "client=192.0.2.1/24")) {
                Answer refused = change.ask(nonsense.startsWith("backend") ? "DELETE" : "GET", "/sessions?" + nonsense);
                assertThat(refused.status()).as(nonsense).isEqualTo(400);
                assertThat(refused.text())
                        .startsWith("{\"error\":\"" + nonsense.substring(0, nonsense.indexOf('=')) + ": ")
                        .endsWith("\n")
                        .hasLineCount(1);
                assertThat(admin.ask("GET", "/sessions?" + nonsense).status()).isEqualTo(400);
            }
            assertThat(admin.json("/sessions").get("live")).isEqualTo(2L);
            assertThat(change.ask("DELETE", "/sessions?backend=" + backend.address()))
                    .isEqualTo(new Answer(200, "{\"closed\":2}\n"));
            assertThat(second.receiveAll() + third.receiveAll()).isEmpty();

            Files.writeString(script, "proxy { data -> [close: 'new'] ");
            Answer broken = change.ask("POST", "/reload");
            assertThat(broken.status()).isEqualTo(422);
            assertThat(broken.json().get("error")).asString().contains("router.groovy:1");
            assertThat(admin.json("/status").object("reload").get("problem"))
                    .isEqualTo(broken.json().get("error"));
            Files.writeString(script, "proxy { data -> data == 'x' ? [close: 'new'] : null }");
            assertThat(change.ask("POST", "/reload").json().get("reloaded")).isEqualTo(true);
            assertThat(connect(daemon).send("x").receiveAll()).isEqualTo("new");

            try (Connection last = connect(daemon)) {
                admin.await(
                        "/sessions", each -> Long.valueOf(1).equals(each.json().get("live")));
                assertThat(change.ask("POST", "/drain").status()).isEqualTo(202);
                admin.await("/readyz", each -> each.equals(new Answer(503, "draining\n")));
                assertThat(admin.get("/healthz").status()).isEqualTo(200);
                assertThat(last.send("x").receiveAll()).isEqualTo("new");
            }
            assertThat(daemon.exitCode()).isZero();
            assertThat(socket).doesNotExist();
            assertThat(Files.readString(log)).contains(" id=1 ", " reason=admin-close ");
        }
    }

    @Test
    void shouldChangeNothingForThoseWhoMayNot() throws IOException {
        Path token = Files.writeString(directory.resolve("token"), "0123456789abcdef0123456789abcdef\n");
        Files.setPosixFilePermissions(token, PosixFilePermissions.fromString("rw-------"));
        try (Program open = daemon()) {
            Answer answer = tcp(open).ask("POST", "/drain");
            assertThat(answer.status()).isEqualTo(403);
            assertThat(answer.json().get("error"))
                    .isEqualTo("changes need the unix socket, or a token: see --admin-token-file");
        }
        try (Program daemon = daemon("--admin-token-file", token.toString())) {
            AdminEndpoint admin = tcp(daemon);
            for (String each : List.of(
                    "Authorization:",
                    "Authorization: Bearer",
                    "Authorization: Bearer 0123456789abcdef0123456789abcdeF",
                    "Authorization: Basic 0123456789abcdef0123456789abcdef")) {
                assertThat(admin.with("-H", each).ask("POST", "/drain").status())
                        .isEqualTo(401);
                assertThat(admin.with("-H", each).ask("DELETE", "/sessions/1").status())
                        .isEqualTo(401);
            }
            AdminEndpoint bearer = admin.with("-H", "Authorization: Bearer 0123456789abcdef0123456789abcdef");
            assertThat(bearer.ask("POST", "/reload").status()).isEqualTo(200);
            assertThat(bearer.ask("GET", "/drain").status()).isEqualTo(405);
            assertThat(bearer.ask("POST", "/status").status()).isEqualTo(405);
            assertThat(admin.get("/nothing").status()).isEqualTo(404);
            assertThat(admin.get("/status.txt").status()).isEqualTo(404);
            assertThat(admin.get("/..%2f..%2fetc/passwd").status()).isIn(400, 404);

            // What a page of the web can have a browser send to this machine.
            AdminEndpoint rebound = admin.with("-H", "Host: evil.example");
            assertThat(rebound.get("/sessions").status()).isEqualTo(421);
            assertThat(admin.with("-H", "Host: localhost:9090").get("/sessions").status())
                    .isEqualTo(200);
            assertThat(Files.getPosixFilePermissions(socket)).isEqualTo(PosixFilePermissions.fromString("rw-rw----"));
        }
    }

    @Test
    void shouldOutliveThoseWhoSendHalfOfEverything() throws IOException {
        List<Connection> halves = new ArrayList<>();
        try (Program daemon = daemon()) {
            AdminEndpoint admin = tcp(daemon);
            int port = Integer.parseInt(daemon.await("admin endpoint on 127.0.0.1:(\\d+)"));
            InetSocketAddress address = new InetSocketAddress(InetAddress.getLoopbackAddress(), port);
            for (int i = 0; i < 40; i++) {
                halves.add(new Connection(address).send("GET /status HT"));
            }
            assertThat(new Connection(address).send("\0\1\2garbage\r\n\r\n").receiveAll())
                    .startsWith("HTTP/1.1 400");
            assertThat(new Connection(address)
                            .send("GET /" + "x".repeat(20_000) + " HTTP/1.1\r\n\r\n")
                            .receiveAll())
                    .startsWith("HTTP/1.1 414");
            assertThat(admin.get("/healthz").status()).isEqualTo(200);
            for (int i = 0; i < 60; i++) {
                halves.add(new Connection(address));
            }
            AdminEndpoint.unix(socket).await("/metrics", each -> each.status() == 200);
            assertThat(daemon.openFiles()).isLessThan(256 + 80);
            assertThat(connect(daemon).send("bye").receiveAll()).isEqualTo("so long");
            for (Connection each : halves) {
                each.leave();
            }
            assertThat(admin.awaitAny("/healthz").status()).isEqualTo(200);
            assertThat(daemon.output()).doesNotContain("ERROR", "Exception", "jetty");
        }
    }

    @Test
    void shouldStayHandyWhateverNamesClientsMakeUp() throws IOException {
        String name = "a".repeat(1_000) + ":80";
        Files.writeString(script, "proxy { data -> data.endsWith('\\n') ? [remote: data.trim(), retries: 0] : null }");
        try (Program daemon = daemon("-q")) {
            AdminEndpoint admin = tcp(daemon);
            for (int i = 0; i < 120; i++) {
                assertThat(connect(daemon).send(i + name + "\n").receiveAll()).isEmpty();
            }
            assertThat(connect(daemon).send("a".repeat(2_000) + ":80\n").receiveAll())
                    .isEmpty();
            Answer metrics = admin.await("/metrics", each -> each.text().contains("{reason=\"script-error\"} 1.0"));
            assertThat(metrics.text())
                    .contains(
                            "{reason=\"unresolved\"} 120.0",
                            "proxymachine_backend_failures_total{backend=\"other\"} 20.0")
                    .hasSizeLessThan(4_000_000);
            assertThat(daemon.output()).contains("of at most 1024 chars, was one of 2003, \"aaa");
            // Who is there after all has a series of its own, in place of one that was made up.
            Connection real = connect(daemon).send(backend.address() + "\n");
            assertThat(real.receive(1)).isEqualTo("1");
            assertThat(admin.get("/metrics").text())
                    .contains("proxymachine_backend_sessions{backend=\"" + backend.address() + "\"} 1.0");
            // Nor does a client get at the endpoint through the proxy.
            for (String own :
                    List.of("unix:" + socket, "unix:" + directory + "/./admin.sock", "0.0.0.0:" + admin.port())) {
                assertThat(connect(daemon).send(own + "\n").receiveAll()).isEmpty();
            }
            admin.await("/metrics", each -> each.text().contains("{reason=\"connect-failed\"} 3.0"));
            assertThat(daemon.output()).contains("it is this daemon's own admin endpoint");
        }
    }

    @Test
    void shouldReloadOneAtATime() throws Exception {
        try (Program daemon = daemon()) {
            AdminEndpoint admin = tcp(daemon);
            AdminEndpoint change = AdminEndpoint.unix(socket);
            Files.createFile(gate());
            Files.writeString(
                    script,
                    "println 'loading'; while (new File('" + gate()
                            + "').exists()) sleep(5)\nproxy { data -> [close: 'new'] }");
            CompletableFuture<Answer> first = CompletableFuture.supplyAsync(() -> {
                try {
                    return change.ask("POST", "/reload");
                } catch (IOException e) {
                    throw new UncheckedIOException(e);
                }
            });
            daemon.await("loading");
            for (int i = 0; i < 20; i++) {
                assertThat(change.ask("POST", "/reload"))
                        .isEqualTo(new Answer(409, "{\"error\":\"a reload is under way\"}\n"));
            }
            assertThat(admin.get("/healthz").status()).isEqualTo(200);
            Files.delete(gate());
            assertThat(first.get(30, TimeUnit.SECONDS).status()).isEqualTo(200);
            assertThat(connect(daemon).send("x").receiveAll()).isEqualTo("new");
        }
    }

    @Test
    void shouldNeverSayLessThanBefore() throws IOException {
        try (Program daemon = daemon("-q")) {
            AdminEndpoint admin = tcp(daemon);
            InetSocketAddress proxy = new InetSocketAddress(InetAddress.getLoopbackAddress(), daemon.port());
            AtomicBoolean enough = new AtomicBoolean();
            List<CompletableFuture<Void>> clients = new ArrayList<>();
            for (int i = 0; i < 3; i++) {
                clients.add(CompletableFuture.runAsync(() -> {
                    while (!enough.get()) {
                        try (Connection client = new Connection(proxy)) {
                            client.send("alice").finish().receiveAll();
                        } catch (IOException e) {
                            throw new UncheckedIOException(e);
                        }
                    }
                }));
            }
            admin.await("/status", each -> each.json().objects("backends").size() == 1);
            List<Long> before = List.of(0L, 0L, 0L, 0L, 0L);
            for (int i = 0; i < 100; i++) {
                Json status = admin.json("/status");
                Json at = status.objects("backends").get(0);
                Json bytes = status.object("bytes");
                List<Long> now = Stream.of(
                                at.get("total"),
                                at.get("bytes_up"),
                                at.get("bytes_down"),
                                bytes.get("from_clients"),
                                bytes.get("to_backends"))
                        .map(each -> (Long) each)
                        .toList();
                for (int j = 0; j < now.size(); j++) {
                    assertThat(now.get(j))
                            .as("%d of %s after %s", j, now, before)
                            .isGreaterThanOrEqualTo(before.get(j));
                }
                before = now;
            }
            enough.set(true);
            clients.forEach(CompletableFuture::join);
            Json status = admin.await(
                            "/status",
                            each -> Long.valueOf(0)
                                            .equals(each.json()
                                                    .object("sessions")
                                                    .get("current"))
                                    && Objects.equals(
                                            each.json().object("sessions").get("total"),
                                            each.json()
                                                    .objects("backends")
                                                    .get(0)
                                                    .get("total")))
                    .json();
            Json at = status.objects("backends").get(0);
            long total = (Long) Objects.requireNonNull(status.object("sessions").get("total"));
            assertThat(status.object("reasons").get("done")).isEqualTo(total);
            assertThat(at.get("bytes_up")).isEqualTo(total * 5);
            assertThat(at.get("bytes_down")).isEqualTo(total * 6);
        }
    }

    @Test
    void shouldTakeTheAddressOfADaemonThatItFollows() throws IOException {
        int port = Backend.deadPort();
        String[] options = {
            "-c",
            script.toString(),
            "-h",
            "127.0.0.1",
            "-p",
            "" + port,
            "--reuse-port",
            "--admin",
            "unix:" + socket,
            "--admin"
        };
        int adminPort = Backend.deadPort();
        AdminEndpoint admin = AdminEndpoint.tcp(adminPort);
        String[] all =
                Stream.concat(Arrays.stream(options), Stream.of("" + adminPort)).toArray(String[]::new);
        try (Program old = Program.daemon(Map.of(), all)) {
            old.await("admin endpoint on unix:\\S+, 127.0.0.1:" + adminPort);
            Object oldPid = admin.json("/status").get("pid");
            try (Connection client = connect(old);
                    Program next = Program.daemon(Map.of(), all)) {
                assertThat(client.send("alice").receive(6)).isEqualTo("alice!");
                next.await("routes by");
                assertThat(next.output())
                        .contains("127.0.0.1:" + adminPort + " is in use", "unix:" + socket + " is in use")
                        .doesNotContain("admin endpoint on");
                assertThat(AdminEndpoint.unix(socket).ask("POST", "/drain").status())
                        .isEqualTo(202);
                assertThat(admin.json("/status").get("pid")).isEqualTo(oldPid);
                client.leave();
                assertThat(old.exitCode()).isZero();
                next.await("admin endpoint on 127.0.0.1:" + adminPort);
                next.await("admin endpoint on unix:");
                assertThat(admin.json("/status").get("pid")).isEqualTo(next.pid());
                assertThat(AdminEndpoint.unix(socket).get("/readyz").status()).isEqualTo(200);
            }
        }
    }

    @Test
    void shouldSayInOneLineWhatKeepsItFromAnswering() throws IOException {
        try (Backend taken = Backend.manual()) {
            assertComplaint(
                    "--admin: cannot listen on 127.0.0.1:" + taken.port() + ": Address already in use",
                    "--admin",
                    "" + taken.port());
        }
        assertComplaint(
                "--admin: cannot listen on unix:/nowhere/s: its directory does not exist",
                "--admin",
                "unix:/nowhere/s");
        Path token = Files.writeString(directory.resolve("short"), "secret");
        Files.setPosixFilePermissions(token, PosixFilePermissions.fromString("rw-------"));
        assertComplaint(
                "--admin-token-file: " + token + ": expected a token of 16 or more letters, digits and ._~+/-, such as"
                        + " openssl rand -hex 32 makes",
                "--admin-token-file",
                token.toString());
        Files.setPosixFilePermissions(token, PosixFilePermissions.fromString("rw-r--r--"));
        assertComplaint(
                "--admin-token-file: " + token + ": others may read or write it; expected a mode such as 0600 or 0640",
                "--admin-token-file",
                token.toString());
    }

    @Test
    void shouldAnswerAtAsManyAddressesAsThereAre() throws IOException {
        String[] more = IntStream.range(0, 10)
                .boxed()
                .flatMap(each -> Stream.of("--admin", "0"))
                .toArray(String[]::new);
        try (Program daemon = daemon(more)) {
            String all = daemon.await("admin endpoint on (.*)");
            Matcher port = Pattern.compile("127.0.0.1:(\\d+)").matcher(all);
            int count = 0;
            while (port.find()) {
                count++;
                assertThat(AdminEndpoint.tcp(Integer.parseInt(port.group(1)))
                                .get("/readyz")
                                .status())
                        .isEqualTo(200);
            }
            assertThat(count).isEqualTo(11);
        }
    }

    private void assertComplaint(String complaint, String... options) throws IOException {
        try (Program daemon = daemon(options)) {
            assertThat(daemon.exitCode()).isEqualTo(1);
            assertThat(daemon.output()).contains("proxymachine: " + complaint + "\n");
        }
    }

    // --- The commands ---

    private String command(String... words) throws IOException {
        String[] all = Stream.of(Arrays.stream(words), Stream.of("--admin", "unix:" + socket))
                .flatMap(each -> each)
                .toArray(String[]::new);
        try (Program program = Program.daemon(Map.of(), all)) {
            int code = program.exitCode();
            return (code == 0 ? "" : code + " ") + program.output();
        }
    }

    @Test
    void shouldDoTheSameFromAShell() throws IOException {
        try (Program daemon = daemon()) {
            tcp(daemon);
            try (Connection client = connect(daemon)) {
                assertThat(client.send("hello").receive(4)).isEqualTo("who?");
                assertThat(client.send("alice").receive(6)).isEqualTo("alice!");
                assertThat(connect(daemon).send("bye").receiveAll()).isEqualTo("so long");
                AdminEndpoint.unix(socket)
                        .await("/sessions/2", each -> each.json().get("reason") != null);

                assertThat(command("status"))
                        .containsPattern("proxymachine \\S+ - router, pid " + daemon.pid() + ", accepting, up ")
                        .contains("listens on   127.0.0.1:" + daemon.port() + "\n")
                        .containsPattern("sessions     1 now, 2 at most, of \\d+; 2 so far\n")
                        .containsPattern("ENDED +SESSIONS\nscript-close +1\n")
                        .containsPattern("BACKEND +NOW +SO FAR +FAILED .*\n" + backend.address() + " +1 +1 +0 ");
                assertThat(command("status", "--json"))
                        .startsWith("{\"version\":")
                        .contains("\"state\":\"accepting\"");
                assertThat(command("sessions", "--ended", "--client", "127.0.0.1"))
                        .containsPattern(" 2 +script-close .* left\n")
                        .containsPattern(
                                "ID +STATE .*\n 1 +splicing +127.0.0.1:\\d+ +" + backend.address() + " .* alice\n");
                assertThat(command("sessions", "1"))
                        .startsWith("session 1, splicing, ")
                        .contains("tag     alice\n")
                        .containsPattern(
                                "10 +received .* remote " + backend.address() + " tag \"alice\" data of 6 bytes\n")
                        .containsPattern(" connected to " + backend.address() + "\n");
                assertThat(command("sessions", "9", "--json")).startsWith("1 {\"error\":\"no session 9: ");
                assertThat(command("sessions", "1", "--close")).isEqualTo("1 closed\n");
                // Something that is no admin endpoint.
                try (Backend other = new Backend(stranger -> {
                            try (stranger) {
                                new BufferedReader(new InputStreamReader(stranger.getInputStream(), UTF_8))
                                        .lines()
                                        .takeWhile(line -> !line.isEmpty())
                                        .forEach(line -> {});
                                stranger.getOutputStream()
                                        .write("HTTP/1.1 200 OK\r\nContent-Length: 6\r\n\r\n<html>".getBytes(UTF_8));
                            }
                        });
                        Program lost = Program.daemon(Map.of(), "status", "--admin", other.address())) {
                    assertThat(lost.exitCode()).isEqualTo(1);
                    assertThat(lost.output())
                            .isEqualTo("proxymachine: expected a daemon's answer at " + other.address()
                                    + ", was something else\n");
                }
                assertThat(client.receiveAll()).isEmpty();
            }
            Files.writeString(script, "nonsense");
            assertThat(command("reload")).startsWith("1 proxymachine: ").contains("router.groovy");
            Files.writeString(script, "proxy { data -> [close: true] }");
            assertThat(command("reload")).startsWith("reloaded in ");
            assertThat(command("drain")).isEqualTo("no new clients; it ends with the last session\n");
            assertThat(daemon.exitCode()).isZero();
            assertThat(command("status"))
                    .startsWith("1 proxymachine: no answer from unix:" + socket + ": ")
                    .hasLineCount(1);
        }
    }
}
