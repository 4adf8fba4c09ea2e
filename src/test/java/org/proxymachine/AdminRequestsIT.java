package org.proxymachine;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.ServerSocket;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.proxymachine.AdminEndpoint.Answer;

/** What load balancers, scrapers and reverse proxies ask the admin endpoint, over TCP and over its unix socket. */
class AdminRequestsIT {
    @TempDir
    Path directory;

    private Path socket = Path.of("");
    private Program daemon;
    private AdminEndpoint admin;

    @BeforeEach
    void setUp() throws IOException {
        socket = directory.resolve("admin.sock");
        Path script = Files.writeString(
                directory.resolve("router.groovy"), "proxy { data -> data == '.' ? [close: 'served'] : null }");
        daemon = Program.daemon(
                Map.of(),
                "-c",
                script.toString(),
                "-h",
                "127.0.0.1",
                "-p",
                "0",
                "--admin",
                "0",
                "--admin",
                "unix:" + socket);
        admin = AdminEndpoint.tcp(Integer.parseInt(daemon.await("admin endpoint on 127.0.0.1:(\\d+), unix:")));
    }

    @AfterEach
    void tearDown() throws IOException {
        daemon.close();
    }

    private String askTcp(String request) throws IOException {
        try (Connection client =
                new Connection(new InetSocketAddress(InetAddress.getLoopbackAddress(), admin.port()))) {
            return summary(client.send(request).receiveAll());
        }
    }

    private String askUnix(String request) throws IOException {
        try (UnixClient client = new UnixClient(socket)) {
            return summary(client.send(request).receiveAll());
        }
    }

    /** The status, and the last line of what is answered. */
    private static String summary(String answer) {
        List<String> lines = answer.lines().toList();
        return lines.get(0).substring("HTTP/1.1 ".length(), "HTTP/1.1 200".length()) + " "
                + lines.get(lines.size() - 1);
    }

    @Test
    void shouldTakeOverItsUnixSocketWhatItTakesOverTcp() throws IOException {
        String end = "\r\nConnection: close\r\n\r\n";
        Map<String, String> asked = Map.ofEntries(
                Map.entry("GET /healthz HTTP/1.0\r\n\r\n", "200 ok"),
                Map.entry("HEAD /healthz HTTP/1.0\r\n\r\n", "200 "),
                Map.entry("OPTIONS /healthz HTTP/1.0\r\n\r\n", "200 ok"),
                Map.entry("OPTIONS /readyz HTTP/1.0\r\n\r\n", "200 ok"),
                Map.entry("OPTIONS / HTTP/1.0\r\n\r\n", "200 GET, HEAD, OPTIONS"),
                Map.entry("OPTIONS * HTTP/1.1\r\nHost: localhost" + end, "200 GET, HEAD, OPTIONS"),
                Map.entry("OPTIONS /drain HTTP/1.0\r\n\r\n", "200 POST, OPTIONS"),
                Map.entry("GET /healthz HTTP/1.1\r\nHost:" + end, "200 ok"),
                Map.entry("GET /healthz HTTP/1.1\r\nHost: " + end, "200 ok"),
                Map.entry("GET /healthz HTTP/1.0\r\nHost:\r\n\r\n", "200 ok"),
                Map.entry("GET /healthz HTTP/1.1" + end, "400 {\"error\":\"Bad Request\"}"),
                Map.entry("GET /healthz HTTP/1.1\r\nHost: a\r\nHost: b" + end, "400 {\"error\":\"Bad Request\"}"),
                Map.entry("GET /healthz HTTP/1.1\r\nHost: a b" + end, "400 {\"error\":\"Bad Request\"}"),
                Map.entry("GET http://localhost/healthz HTTP/1.1\r\nHost: localhost" + end, "200 ok"),
                Map.entry("GET http://127.0.0.1:1/healthz HTTP/1.0\r\n\r\n", "200 ok"),
                Map.entry("GET /healthz/ HTTP/1.1\r\nHost: [::1]:80" + end, "200 ok"),
                Map.entry("GET /readyz/ HTTP/1.1\r\nHost: LOCALHOST." + end, "200 ok"),
                Map.entry("GET //readyz HTTP/1.1\r\nHost: ::1" + end, "200 ok"),
                Map.entry("PUT /healthz HTTP/1.0\r\n\r\n", "405 {\"error\":\"expected GET, HEAD, was PUT\"}"),
                Map.entry("PRI * HTTP/2.0\r\n\r\nSM\r\n\r\n", "426 {\"error\":\"Upgrade Required\"}"));
        for (Map.Entry<String, String> each : asked.entrySet()) {
            assertThat(askTcp(each.getKey())).as(each.getKey()).isEqualTo(each.getValue());
            assertThat(askUnix(each.getKey())).as("unix: " + each.getKey()).isEqualTo(each.getValue());
        }
    }

    /** A browser has no way to a unix socket, so what a page of the web could send is refused over TCP alone. */
    @Test
    void shouldRefuseOverTcpAloneWhatANameThatIsNotItsOwnAsks() throws IOException {
        for (String host : List.of(
                "evil.example",
                "evil.example:80",
                "localhost.evil.example",
                "127.0.0.1.evil.example",
                "127.1",
                "2130706433",
                "0x7f.1",
                "-",
                "*",
                "a_b",
                "x".repeat(300))) {
            for (String start : List.of("GET /healthz", "GET http://" + host + "/healthz")) {
                String request = start + " HTTP/1.1\r\nHost: " + host + "\r\nConnection: close\r\n\r\n";
                assertThat(askTcp(request)).as(request).startsWith("421 ");
                assertThat(askUnix(request)).as(request).isEqualTo("200 ok");
            }
        }
        // What is no host at all is refused by both.
        for (String host :
                List.of("localhost@evil.example", "[::1", "localhost/x", "localhost:99999", "127.0.0.1, x")) {
            String request = "GET /healthz HTTP/1.1\r\nHost: " + host + "\r\nConnection: close\r\n\r\n";
            assertThat(askTcp(request)).as(request).startsWith("400 ");
            assertThat(askUnix(request)).as(request).startsWith("400 ");
        }
    }

    @Test
    void haproxyFindsItUpByHttpchkOverTcpAndOverTheUnixSocket() throws IOException {
        int port = Backend.deadPort();
        Path file = Files.writeString(directory.resolve("haproxy.cfg"), """
                defaults
                  mode http
                  timeout connect 5s
                  timeout client 5s
                  timeout server 5s
                  timeout check 15s
                  default-server check inter 100 rise 1 fall 1
                frontend stats
                  bind 127.0.0.1:PORT
                  stats enable
                  stats uri /
                backend plain
                  option httpchk
                  server tcp 127.0.0.1:ADMIN
                  server unix unix@SOCKET
                backend path
                  option httpchk /readyz
                  server tcp 127.0.0.1:ADMIN
                  server unix unix@SOCKET
                backend get
                  option httpchk GET /readyz
                  server tcp 127.0.0.1:ADMIN
                  server unix unix@SOCKET
                """.replace("PORT", "" + port)
                .replace("ADMIN", "" + admin.port())
                .replace("SOCKET", socket.toString()));
        try (Program haproxy = new Program(Map.of(), directory, "haproxy", "-db", "-f", file.toString())) {
            AdminEndpoint stats = AdminEndpoint.tcp(port);
            stats.awaitAny("/;csv");
            stats.await("/;csv", each -> checks(each, "L7OK") == 6);
            assertThat(haproxy.output()).doesNotContain("DOWN");
            // Each of these hears of the drain but the one that asks for no more than an answer.
            try (Connection client =
                    new Connection(new InetSocketAddress(InetAddress.getLoopbackAddress(), daemon.port()))) {
                assertThat(AdminEndpoint.unix(socket).ask("POST", "/drain").status())
                        .isEqualTo(202);
                stats.await("/;csv", each -> checks(each, "L7STS") == 4);
                assertThat(client.send(".").receiveAll()).isEqualTo("served");
            }
        }
    }

    private static long checks(Answer stats, String outcome) {
        return stats.text()
                .lines()
                .filter(line -> line.matches("\\w+,(tcp|unix),.*") && line.contains("," + outcome + ","))
                .count();
    }

    private static final String PROTOBUF =
            "application/vnd.google.protobuf;proto=io.prometheus.client.MetricFamily;encoding=delimited";

    private String type(String accept) throws IOException {
        String headers = admin.with("-H", "Accept: " + accept, "-o", directory + "/body", "-D", "-")
                .get("/metrics")
                .text();
        assertThat(headers).startsWith("HTTP/1.1 200 ");
        return headers.lines()
                .filter(line -> line.startsWith("Content-Type: "))
                .findFirst()
                .orElseThrow()
                .replaceAll("Content-Type: ([^;]*).*", "$1");
    }

    @Test
    void shouldTellMetricsInATextFormatThatTheScraperAccepts() throws IOException {
        String openMetrics = "application/openmetrics-text";
        String text = "text/plain";
        Map<String, String> wanted = Map.ofEntries(
                Map.entry(
                        PROTOBUF + ";q=0.6,application/openmetrics-text;version=1.0.0;q=0.5,"
                                + "text/plain;version=0.0.4;q=0.4,*/*;q=0.2",
                        openMetrics),
                Map.entry(PROTOBUF + ";q=0.6,text/plain;version=0.0.4;q=0.5,application/openmetrics-text;q=0.3", text),
                Map.entry(PROTOBUF + ";q=0.7,*/*;q=0.3", text),
                Map.entry("text/html,application/xhtml+xml,application/xml;q=0.9,*/*;q=0.8", text),
                Map.entry("application/openmetrics-text;version=1.0.0;q=0,*/*", text),
                Map.entry("text/plain;q=0,*/*;q=0.1", openMetrics),
                Map.entry("application/openmetrics-text;version=\"0.0.1\"", openMetrics),
                Map.entry("application/openmetrics-text;version=9.0.0,text/plain;q=0.1", text),
                Map.entry("application/*", openMetrics),
                Map.entry("APPLICATION/OpenMetrics-Text", openMetrics),
                Map.entry("text/plain, application/openmetrics-text", text),
                Map.entry("application/openmetrics-text, text/plain", openMetrics),
                Map.entry("application/openmetrics-text;q=0.4;version=1.0.0,text/plain;q=0.5", text),
                Map.entry(";;q=,,\";", text),
                Map.entry("application/openmetrics-text;q=x", openMetrics));
        for (Map.Entry<String, String> each : wanted.entrySet()) {
            assertThat(type(each.getKey())).as(each.getKey()).isEqualTo(each.getValue());
        }
        assertThat(daemon.output()).doesNotContain("ERROR");
    }

    @Test
    void shouldTellInOneLineWhatThereIsToAScraperThatAcceptsNoneOfIt() throws IOException {
        for (String accept : List.of("image/png", PROTOBUF, "*/*;q=0")) {
            Answer answer = admin.with("-H", "Accept: " + accept).get("/metrics");
            assertThat(answer.status()).as(accept).isEqualTo(406);
            assertThat(answer.text())
                    .isEqualTo("{\"error\":\"Accept: expected text/plain or application/openmetrics-text among what is"
                            + " accepted\"}\n");
        }
        assertThat(admin.with("-H", "Accept: image/png").get("/status").status())
                .isEqualTo(200);
        assertThat(admin.with("-H", "Accept: " + ",".repeat(7_000))
                        .get("/metrics")
                        .status())
                .isEqualTo(200);
        assertThat(admin.with("-H", "Accept: " + "a/b,".repeat(10_000))
                        .get("/metrics")
                        .status())
                .isEqualTo(431);
    }

    @Test
    void prometheusWithNativeHistogramsFindsItUp() throws IOException {
        int port = Backend.deadPort();
        Path file = Files.writeString(
                directory.resolve("prometheus.yml"),
                "scrape_configs: [{job_name: p, scrape_interval: 1s, static_configs: [{targets: ['127.0.0.1:"
                        + admin.port() + "']}]}]\n");
        try (Program prometheus = new Program(
                Map.of(),
                directory,
                "prometheus",
                "--enable-feature=native-histograms",
                "--config.file=" + file,
                "--storage.tsdb.path=" + directory.resolve("tsdb"),
                "--web.listen-address=127.0.0.1:" + port)) {
            prometheus.await("Server is ready to receive web requests");
            AdminEndpoint.tcp(port)
                    .await(
                            "/api/v1/query?query=up",
                            each -> each.text().matches("(?s).*\"value\":\\[[0-9.]+,\"1\"].*"));
            assertThat(AdminEndpoint.tcp(port)
                            .get("/api/v1/query?query=proxymachine_loop_lag_seconds_count")
                            .text())
                    .contains("\"job\":\"p\"");
        }
    }

    @Test
    void shouldCountClientsThatAFullProxyTurnsAwayThoughTheyHaveNoSession() throws IOException {
        try (ServerSocket backend = new ServerSocket(0, 1, InetAddress.getLoopbackAddress())) {
            Path script = Files.writeString(
                    directory.resolve("full.groovy"),
                    "proxy { data -> [remote: '127.0.0.1:" + backend.getLocalPort() + "'] }");
            try (Program full = Program.daemon(
                    Map.of(),
                    "-c",
                    script.toString(),
                    "-h",
                    "127.0.0.1",
                    "-p",
                    "0",
                    "--max-connections",
                    "1",
                    "--route-timeout",
                    "0.5",
                    "--admin",
                    "0")) {
                AdminEndpoint figures =
                        AdminEndpoint.tcp(Integer.parseInt(full.await("admin endpoint on \\S+:(\\d+)")));
                InetSocketAddress address = new InetSocketAddress(InetAddress.getLoopbackAddress(), full.port());
                try (Connection served = new Connection(address)) {
                    served.send("x");
                    figures.await("/metrics", each -> each.text().contains("\nproxymachine_sessions 1.0\n"));
                    assertThat(figures.get("/metrics").text()).contains("\nproxymachine_turned_away_total 0.0\n");
                    for (int i = 0; i < 2; i++) {
                        try (Connection waiting = new Connection(address)) {
                            assertThat(waiting.receiveAll()).isEmpty();
                        }
                    }
                    figures.await("/metrics", each -> each.text().contains("\nproxymachine_turned_away_total 2.0\n"));
                    assertThat(figures.get("/metrics").text()).contains("\nproxymachine_sessions_opened_total 1.0\n");
                    full.await("full with 1 connections, of which none has ended .*1 so far");
                }
            }
        }
    }

    @Test
    void nginxPutsThePageBehindAPrefix() throws IOException {
        int port = Backend.deadPort();
        Path file = Files.writeString(directory.resolve("nginx.conf"), """
                user root;
                daemon off;
                pid DIR/nginx.pid;
                error_log stderr notice;
                events {}
                http {
                  access_log off;
                  client_body_temp_path DIR/1; proxy_temp_path DIR/2; fastcgi_temp_path DIR/3;
                  uwsgi_temp_path DIR/4; scgi_temp_path DIR/5;
                  server {
                    listen 127.0.0.1:PORT;
                    location /pm/ { proxy_pass http://127.0.0.1:ADMIN/; }
                    location /bare { proxy_pass http://unix:SOCKET:/; }
                  }
                }
                """.replace("DIR", directory.toString())
                .replace("PORT", "" + port)
                .replace("ADMIN", "" + admin.port())
                .replace("SOCKET", socket.toString()));
        try (Program nginx = new Program(
                        Map.of(),
                        directory,
                        "nginx",
                        "-e",
                        "stderr",
                        "-p",
                        directory.toString(),
                        "-c",
                        file.toString());
                Connection client =
                        new Connection(new InetSocketAddress(InetAddress.getLoopbackAddress(), daemon.port()))) {
            client.send("x");
            nginx.await("start worker process \\d+");
            try (Browser browser = new Browser(directory)) {
                // With and without a slash at its end, by a proxy that takes both for the same.
                for (String path : List.of("/pm/", "/pm", "/bare/", "/bare", "/pm/status.html", "/pm/status.html/")) {
                    browser.open("http://127.0.0.1:" + port + path);
                    browser.await(() -> browser.text("#state").equals("accepting"));
                    browser.await(
                            () -> browser.texts("#sessions tbody tr[data-id]").size() == 1);
                    Object[] complaints = (Object[]) browser.complaints();
                    // This one was asked for its parts beside it before the page went to the right place.
                    assertThat(complaints).as(path).hasSizeLessThanOrEqualTo(path.equals("/bare") ? 2 : 0);
                }
            }
        }
    }
}
