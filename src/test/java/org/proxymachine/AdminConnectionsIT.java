package org.proxymachine;

import static java.nio.charset.StandardCharsets.ISO_8859_1;
import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.SocketAddress;
import java.net.StandardProtocolFamily;
import java.net.StandardSocketOptions;
import java.net.UnixDomainSocketAddress;
import java.nio.ByteBuffer;
import java.nio.channels.SocketChannel;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.TimeUnit;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** Clients of the admin endpoint that ask little, or never take what they asked for. */
class AdminConnectionsIT {
    private static final int MANY = 200;
    private static final long PROMPT_MILLIS = 1_000;
    private static final String END = " HTTP/1.1\r\nHost: localhost\r\n\r\n";

    @TempDir
    Path directory;

    private final List<SocketChannel> clients = new ArrayList<>();
    private Path socket = Path.of("");

    @BeforeEach
    void setUp() {
        socket = directory.resolve("admin.sock");
    }

    @AfterEach
    void tearDown() throws IOException {
        for (SocketChannel each : clients) {
            each.close();
        }
    }

    private Path script() throws IOException {
        return Files.writeString(
                directory.resolve("router.groovy"), "proxy { data -> data == '.' ? [close: 'served'] : null }");
    }

    private Program daemon() throws IOException {
        return Program.daemon(Map.of(), options());
    }

    private String[] options(String... more) throws IOException {
        return Stream.concat(
                        Stream.of(
                                "-c",
                                script().toString(),
                                "-h",
                                "127.0.0.1",
                                "-p",
                                "0",
                                "--admin",
                                "0",
                                "--admin",
                                "unix:" + socket),
                        Stream.of(more))
                .toArray(String[]::new);
    }

    private SocketAddress address(Program daemon, String family) {
        int port = Integer.parseInt(daemon.await("admin endpoint on 127.0.0.1:(\\d+), unix:"));
        return family.equals("unix")
                ? UnixDomainSocketAddress.of(socket)
                : new InetSocketAddress(InetAddress.getLoopbackAddress(), port);
    }

    private void connect(SocketAddress address, int count, String bytes) throws IOException {
        for (int i = 0; i < count; i++) {
            SocketChannel client = SocketChannel.open(address);
            clients.add(client);
            client.write(ByteBuffer.wrap(bytes.getBytes(ISO_8859_1)));
        }
    }

    /** All that is answered, up to the end. */
    private static String receiveAll(SocketChannel client) throws IOException {
        StringBuilder all = new StringBuilder();
        ByteBuffer buffer = ByteBuffer.allocate(4_096);
        while (client.read(buffer) >= 0) {
            all.append(ISO_8859_1.decode(buffer.flip()));
            buffer.clear();
        }
        return all.toString();
    }

    private static void assertHealthy(SocketAddress address) throws Exception {
        assertPrompt(address, "200 ", "ok");
    }

    private static void assertPrompt(SocketAddress address, String status, String word) throws Exception {
        long begin = System.nanoTime();
        try (SocketChannel prober = SocketChannel.open(address)) {
            prober.write(ByteBuffer.wrap("GET /healthz HTTP/1.0\r\n\r\n".getBytes(ISO_8859_1)));
            String answer = CompletableFuture.supplyAsync(() -> {
                        try {
                            return receiveAll(prober);
                        } catch (IOException e) {
                            return e.toString();
                        }
                    })
                    .get(30, TimeUnit.SECONDS);
            assertThat(answer).startsWith("HTTP/1.1 " + status).contains("\r\n\r\n" + word);
        }
        assertThat(TimeUnit.NANOSECONDS.toMillis(System.nanoTime() - begin)).isLessThan(PROMPT_MILLIS);
    }

    @ParameterizedTest
    @ValueSource(strings = {"tcp", "unix"})
    void shouldAnswerHealthzBesideTwoHundredIdleAndHalfSentRequests(String family) throws Exception {
        List<String> kinds = List.of(
                "",
                "G",
                "GET /status HT",
                "GET /status HTTP/1.1\r\nHost: localhost\r\nX: ",
                "GET /healthz" + END,
                "POST /reload HTTP/1.1\r\nHost: localhost\r\nContent-Length: 1000\r\n\r\n{",
                "POST /reload HTTP/1.1\r\nHost: localhost\r\nTransfer-Encoding: chunked\r\n\r\n400\r\n{");
        try (Program daemon = daemon()) {
            SocketAddress address = address(daemon, family);
            for (String kind : kinds) {
                connect(address, MANY, kind);
                assertHealthy(address);
            }
            // Bounded still: the oldest have made way.
            assertThat(daemon.openFiles()).isLessThan(256 + 100);
            assertThat(daemon.output()).doesNotContain("ERROR", "Exception", "jetty");
        }
    }

    /** A byte now and then is no request. */
    @Test
    void shouldGiveAHeadThatComesByteByByteFiveSeconds() throws Exception {
        try (Program daemon = daemon()) {
            SocketAddress address = address(daemon, "tcp");
            connect(address, 1, "GET /healthz HTTP/1.1\r\n");
            SocketChannel slow = clients.get(0);
            slow.configureBlocking(false);
            long begin = System.nanoTime();
            ByteBuffer answer = ByteBuffer.allocate(1_000);
            daemon.await(() -> {
                try {
                    slow.write(ByteBuffer.wrap("x".getBytes(ISO_8859_1)));
                    return slow.read(answer) < 0;
                } catch (IOException e) {
                    return true;
                }
            });
            assertThat(TimeUnit.NANOSECONDS.toMillis(System.nanoTime() - begin)).isBetween(4_000L, 15_000L);
        }
    }

    @Test
    void shouldAnswerAClientThatEndsItsSideAfterItsRequestAndCloseOneThatEndsItWithin() throws Exception {
        try (Program daemon = daemon()) {
            for (String family : List.of("tcp", "unix")) {
                SocketAddress address = address(daemon, family);
                connect(address, 1, "GET /readyz" + END);
                SocketChannel whole = clients.get(clients.size() - 1);
                whole.shutdownOutput();
                assertThat(receiveAll(whole)).contains("200 OK").endsWith("ok\n");
                connect(address, 1, "GET /readyz HT");
                SocketChannel half = clients.get(clients.size() - 1);
                half.shutdownOutput();
                assertThat(receiveAll(half)).doesNotContain("200 OK");
            }
        }
    }

    /** What is owed to those who do not read is bounded, and holds no thread. */
    @ParameterizedTest
    @ValueSource(strings = {"tcp", "unix"})
    void shouldNeitherWaitNorFillTheHeapForThoseWhoDoNotTakeTheirAnswers(String family) throws Exception {
        try (Program daemon = Program.daemon(Map.of("JAVA_OPTS", "-Xmx64m"), options("--max-connections", "3000"))) {
            InetSocketAddress proxy = new InetSocketAddress(InetAddress.getLoopbackAddress(), daemon.port());
            connect(proxy, 1_500, "x");
            SocketAddress address = address(daemon, family);
            assertHealthy(address);
            for (int i = 0; i < 2 * MANY; i++) {
                SocketChannel client =
                        family.equals("unix") ? SocketChannel.open(StandardProtocolFamily.UNIX) : SocketChannel.open();
                client.setOption(StandardSocketOptions.SO_RCVBUF, 4_096);
                client.connect(address);
                clients.add(client);
                client.write(ByteBuffer.wrap(("GET /sessions?limit=100000" + END).getBytes(ISO_8859_1)));
                if (i % 20 == 0) {
                    assertHealthy(address);
                }
            }
            assertHealthy(address);
            assertThat(daemon.isAlive()).isTrue();
            assertThat(daemon.output()).doesNotContain("ERROR", "OutOfMemory", "internal");
        }
    }

    @Test
    void shouldAnswerHealthzBesideTwoHundredChangesOfEachKindThatWaitForAStuckLoop() throws Exception {
        Path script = Files.writeString(
                directory.resolve("stuck.groovy"),
                "proxy { data -> if (data == 'stick') Thread.sleep(8000); data == '.' ? [close: 'served'] : null }");
        try (Program daemon = Program.daemon(
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
                "unix:" + socket)) {
            SocketAddress probed = address(daemon, "tcp");
            SocketAddress changed = address(daemon, "unix");
            InetSocketAddress proxy = new InetSocketAddress(InetAddress.getLoopbackAddress(), daemon.port());
            connect(proxy, 1, "stick");
            daemon.await("stuck for ");
            for (String change : List.of("DELETE /sessions/77", "DELETE /sessions?backend=a:1", "POST /reload")) {
                connect(changed, MANY, change + END);
                assertPrompt(probed, "503 ", "stuck");
                assertPrompt(changed, "503 ", "stuck");
            }
            connect(changed, MANY, "POST /drain" + END);
            assertPrompt(probed, "503 ", "stuck");
            assertThat(daemon.isAlive()).isTrue();
            assertThat(daemon.output()).doesNotContain("ERROR", "Exception");
        }
    }

    @Test
    void shouldServeTwoHundredScrapesAtATime() throws Exception {
        ExecutorService scrapers = Executors.newFixedThreadPool(MANY);
        try (Program daemon = daemon()) {
            SocketAddress address = address(daemon, "tcp");
            List<CompletableFuture<String>> answers = new ArrayList<>();
            for (int i = 0; i < MANY; i++) {
                answers.add(CompletableFuture.supplyAsync(
                        () -> {
                            try (SocketChannel scraper = SocketChannel.open(address)) {
                                scraper.write(ByteBuffer.wrap("GET /metrics HTTP/1.0\r\n\r\n".getBytes(ISO_8859_1)));
                                return receiveAll(scraper);
                            } catch (IOException e) {
                                return e.toString();
                            }
                        },
                        scrapers));
            }
            assertHealthy(address);
            for (CompletableFuture<String> each : answers) {
                assertThat(each.get(60, TimeUnit.SECONDS))
                        .startsWith("HTTP/1.1 200 ")
                        .contains("proxymachine_sessions ");
            }
        } finally {
            scrapers.shutdownNow();
        }
    }

    @ParameterizedTest
    @ValueSource(strings = {"tcp", "unix"})
    void shouldNeitherSpinNorStayDeafWhenOutOfDescriptors(String family) throws Exception {
        String[] options = options("--max-connections", "1000");
        try (Program daemon = Program.daemonWithOpenFiles(250, options)) {
            SocketAddress address = address(daemon, family);
            assertHealthy(address);
            InetSocketAddress proxy = new InetSocketAddress(InetAddress.getLoopbackAddress(), daemon.port());
            connect(proxy, 300, "x");
            daemon.await("cannot accept: Too many open files");
            // It waits in the queue of the kernel.
            SocketChannel prober = SocketChannel.open(address);
            clients.add(prober);
            prober.write(ByteBuffer.wrap("GET /healthz HTTP/1.0\r\n\r\n".getBytes(ISO_8859_1)));
            daemon.await("admin endpoint cannot accept: Too many open files");
            long begin = daemon.cpuMillis();
            daemon.cpuMillisOfMainThread(2_000);
            assertThat(daemon.cpuMillis() - begin).isLessThan(400);
            for (SocketChannel each : clients) {
                if (each != prober) {
                    each.close();
                }
            }
            assertThat(receiveAll(prober)).endsWith("ok\n");
            assertHealthy(address);
            assertThat(daemon.output().split("admin endpoint cannot accept", -1))
                    .hasSize(2);
        }
    }
}
