package org.proxymachine;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** PROXY headers to and from nginx and HAProxy. */
class ProxyProtocolIT {
    @TempDir
    Path directory;

    private Program nginx(String servers) throws IOException {
        String text = """
                load_module /usr/lib/nginx/modules/ngx_stream_module.so;
                daemon off;
                pid DIR/nginx.pid;
                error_log stderr notice;
                events {}
                SERVERS
                """;
        Path file = Files.writeString(
                directory.resolve("nginx.conf"),
                text.replace("SERVERS", servers).replace("DIR", directory.toString()));
        Program nginx = new Program(
                Map.of(), directory, "nginx", "-e", "stderr", "-p", directory.toString(), "-c", file.toString());
        nginx.await("start worker process \\d+");
        return nginx;
    }

    private Program haproxy(String sections) throws IOException {
        String text = """
                defaults
                  timeout connect 10s
                  timeout client 10s
                  timeout server 10s
                """;
        Path file = Files.writeString(directory.resolve("haproxy.cfg"), text + sections);
        // It says nothing once it listens: curl tries again until then.
        return new Program(Map.of(), directory, "haproxy", "-db", "-f", file.toString());
    }

    private Program daemon(String script, String... more) throws IOException {
        Path file = Files.writeString(directory.resolve("router.groovy"), script);
        String[] arguments = {"-c", file.toString(), "-h", "127.0.0.1", "-p", "0"};
        String[] all = java.util.stream.Stream.concat(java.util.Arrays.stream(arguments), java.util.Arrays.stream(more))
                .toArray(String[]::new);
        return Program.daemon(Map.of(), all);
    }

    /** Returns the page, a space, and the port that curl itself had. */
    private String curl(int port, String path) throws IOException {
        return Program.run(
                directory,
                "curl",
                "-s",
                "--retry",
                "20",
                "--retry-delay",
                "1",
                "--retry-connrefused",
                "-w",
                " %{local_port}",
                "http://127.0.0.1:" + port + path);
    }

    private void assertTellsWhoAsked(int port, String path) throws IOException {
        assertThat(curl(port, path)).matches("127\\.0\\.0\\.1:(\\d+) \\1");
    }

    @Test
    void nginxAndHaproxyLearnWhoAsks() throws IOException {
        int nginxPort = Backend.deadPort();
        int haproxyPort = Backend.deadPort();
        String script = """
                proxy { data ->
                    def request = http(data)
                    if (!request) return [close: true]
                    def (receiver, version) = request.path.tokenize('/')
                    [remote: receiver == 'nginx' ? '127.0.0.1:%d' : '127.0.0.1:%d', proxy_protocol: version as int]
                }
                """.formatted(nginxPort, haproxyPort);
        String http = """
                http {
                  access_log off;
                  client_body_temp_path DIR/body;
                  proxy_temp_path DIR/proxy;
                  fastcgi_temp_path DIR/fastcgi;
                  uwsgi_temp_path DIR/uwsgi;
                  scgi_temp_path DIR/scgi;
                  server {
                    listen 127.0.0.1:%d proxy_protocol;
                    location / {
                      default_type text/plain;
                      return 200 "$proxy_protocol_addr:$proxy_protocol_port";
                    }
                  }
                }""".formatted(nginxPort);
        String frontend = """
                frontend web
                  mode http
                  bind 127.0.0.1:%d accept-proxy
                  http-request return status 200 content-type text/plain lf-string "%%[src]:%%[src_port]"
                """.formatted(haproxyPort);
        try (Program nginx = nginx(http);
                Program haproxy = haproxy(frontend);
                Program daemon = daemon(script)) {
            for (String path : new String[] {"/nginx/1", "/nginx/2", "/haproxy/1", "/haproxy/2"}) {
                assertTellsWhoAsked(daemon.port(), path);
            }
            assertThat(nginx.isAlive() && haproxy.isAlive()).isTrue();
        }
    }

    @Test
    void scriptsLearnFromNginxAndHaproxyWhoAsks() throws IOException {
        String script = """
                proxy { data, conn ->
                    if (!http(data)) return [close: true]
                    def page = "${conn.source.host}:${conn.source.port}"
                    [close: "HTTP/1.0 200 OK\\r\\nContent-Length: ${page.size()}\\r\\n\\r\\n${page}"]
                }
                """;
        int nginxPort = Backend.deadPort();
        int first = Backend.deadPort();
        int second = Backend.deadPort();
        try (Program daemon = daemon(script, "--accept-proxy", "127.0.0.0/8")) {
            String stream = """
                    stream {
                      server {
                        listen 127.0.0.1:%d;
                        proxy_protocol on;
                        proxy_pass 127.0.0.1:%d;
                      }
                    }""".formatted(nginxPort, daemon.port());
            String listeners = """
                    listen one
                      mode tcp
                      bind 127.0.0.1:%d
                      server s 127.0.0.1:%d send-proxy
                    listen two
                      mode tcp
                      bind 127.0.0.1:%d
                      server s 127.0.0.1:%d send-proxy-v2
                    """.formatted(first, daemon.port(), second, daemon.port());
            try (Program nginx = nginx(stream);
                    Program haproxy = haproxy(listeners)) {
                for (int port : new int[] {nginxPort, first, second}) {
                    assertTellsWhoAsked(port, "/");
                }
                assertThat(nginx.isAlive() && haproxy.isAlive()).isTrue();
            }
        }
    }

    // nginx writes the client's address as it came, and its own beside it; HAProxy maps its own into IPv6.
    @Test
    void scriptsLearnTheIpv6ClientOfAnNginxOrHaproxyThatWasReachedByIpv4() throws IOException {
        String script = "proxy { data, conn -> [close: \"${conn.source} ${conn.destination} ${data}\"] }";
        int nginxPort = Backend.deadPort();
        int first = Backend.deadPort();
        int second = Backend.deadPort();
        try (Program daemon = daemon(script, "--accept-proxy", "127.0.0.0/8")) {
            String stream = """
                    stream {
                      server {
                        listen 127.0.0.1:%d proxy_protocol;
                        set_real_ip_from 127.0.0.0/8;
                        proxy_protocol on;
                        proxy_pass 127.0.0.1:%d;
                      }
                    }""".formatted(nginxPort, daemon.port());
            String listeners = """
                    listen one
                      mode tcp
                      bind 127.0.0.1:%d
                      tcp-request connection set-src ipv6(2001:db8::1)
                      tcp-request connection set-src-port int(1000)
                      server s 127.0.0.1:%d send-proxy
                    listen two
                      mode tcp
                      bind 127.0.0.1:%d
                      tcp-request connection set-src ipv6(2001:db8::1)
                      tcp-request connection set-src-port int(1000)
                      server s 127.0.0.1:%d send-proxy-v2
                    """.formatted(first, daemon.port(), second, daemon.port());
            try (Program nginx = nginx(stream);
                    Program haproxy = haproxy(listeners)) {
                haproxy.await(() -> listens(first) && listens(second));
                assertThat(said(nginxPort, "PROXY TCP6 2001:db8::1 2001:db8::2 1000 443\r\n!"))
                        .isEqualTo("[2001:db8::1]:1000 127.0.0.1:" + nginxPort + " !");
                assertThat(said(first, "!")).isEqualTo("[2001:db8::1]:1000 127.0.0.1:" + first + " !");
                assertThat(said(second, "!")).isEqualTo("[2001:db8::1]:1000 127.0.0.1:" + second + " !");
                assertThat(nginx.isAlive() && haproxy.isAlive()).isTrue();
            }
        }
    }

    private static boolean listens(int port) {
        try (Connection connection = connection(port)) {
            return connection.socket().isConnected();
        } catch (IOException e) {
            return false;
        }
    }

    private static String said(int port, String bytes) throws IOException {
        try (Connection connection = connection(port)) {
            return connection.send(bytes).receiveAll();
        }
    }

    private static Connection connection(int port) throws IOException {
        return new Connection(new InetSocketAddress(InetAddress.getLoopbackAddress(), port));
    }
}
