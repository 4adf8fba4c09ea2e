package org.proxymachine;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.net.Socket;
import java.util.stream.IntStream;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.proxymachine.session.CloseReason;
import org.proxymachine.session.SessionReport;

/** Every row of the contract's table of decisions. */
class DecisionsTest {

    @Test
    void shouldReplayBufferedBytesThenSpliceBothWays() throws IOException {
        try (Backend backend = Backend.named("a");
                Proxy proxy = Proxy.running(
                        "proxy { data -> data.size() < 5 ? null : [remote: '%s'] }".formatted(backend.address()));
                Connection client = proxy.connect()) {
            client.send("he").send("llo");
            assertThat(client.receive(7)).isEqualTo("a<hello");
            client.send(" world").finish();
            assertThat(client.receiveAll()).isEqualTo(" world>");
            SessionReport report = proxy.report();
            assertThat(report.reason()).isEqualTo(CloseReason.DONE);
            assertThat(report.bytesUp()).isEqualTo(11);
            assertThat(report.bytesDown()).isEqualTo(14);
            assertThat(report.backend()).hasToString(backend.address());
            assertThat(report.connectAttempts()).isEqualTo(1);
            assertThat(report.routeNanos()).isBetween(0L, report.totalNanos());
            assertThat(report.connectNanos()).isBetween(0L, report.totalNanos());
        }
    }

    @Test
    void shouldReportTheLastTagOfASession() throws IOException {
        String script = """
                proxy { data -> data == 'c' ? [close: 'x', tag: "said ${data}"] : [remote: '127.0.0.1:%d', retries: 0, tag: 'é'] }
                proxy_connect_error { remote, conn -> conn.session.again ? [close: true] : {
                    conn.session.again = true
                    [remote: '127.0.0.1:%d', retries: 0] }() }""";
        int dead = Backend.deadPort();
        try (Proxy proxy = Proxy.running(script.formatted(dead, dead))) {
            assertThat(proxy.exchange("c")).isEqualTo("x");
            assertThat(proxy.report().tag()).isEqualTo("said c");
            assertThat(proxy.exchange("r")).isEmpty();
            assertThat(proxy.report().tag()).isEqualTo("é");
        }
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            quoteCharacter = '~',
            value = {
                "3L",
                "6 / 2",
                "3.0",
                "3d",
                "3f",
                "3G",
                "3 as byte",
                "3 as short",
                "30e-1",
                "new java.util.concurrent.atomic.AtomicInteger(3)"
            })
    void shouldTakeNumbersByValueWhateverTheirType(String three) throws IOException {
        String remote = "127.0.0.1:" + Backend.deadPort();
        try (Proxy proxy = Proxy.running("proxy { data -> [remote: '%s', retries: %s, retry_delay: %s / 1000] }"
                .formatted(remote, three, three.startsWith("new") ? "3" : "(" + three + ")"))) {
            assertThat(proxy.exchange("x")).isEmpty();
            assertThat(proxy.report().connectAttempts()).isEqualTo(4);
        }
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            quoteCharacter = '~',
            value = {
                "[(\"${'remote'}\"): to, (\"da${'ta'}\"): 'd', (new StringBuilder('reply')): 'r']",
                "[remote: \"${to}\", data: \"${'d'}\", reply: \"${'r'}\"]",
                "[remote: [\"${to}\"], data: new StringBuilder('d'), reply: new StringBuffer('r')]",
                "[remote: new StringBuilder(to), data: java.nio.CharBuffer.wrap('d'), reply: 'r' as byte[]]",
                "[remote: [to, to] as String[], data: 'd', reply: 'r', tag: new StringBuilder('t')]",
                "[remote: to, data: 'd', reply: 'r', tag: null, retries: null, connect_timeout: null]",
                "[remote: to, data: 'd', reply: 'r'].asImmutable()",
                "new TreeMap([remote: to, data: 'd', reply: 'r'])",
                "[remote: to, data: 'd', reply: 'r'].withDefault { 'x' }",
                "[remote: to, data: 'd', reply: 'r', idle_timeout: '1h', connect_timeout: '500ms', inactivity_timeout: \"${5}m\"]",
            })
    void shouldTakeKeysAndTextByTheirCharacters(String answer) throws IOException {
        try (Backend backend = Backend.named("a");
                Proxy proxy =
                        Proxy.running("proxy { data -> def to = '%s'; %s }".formatted(backend.address(), answer))) {
            assertThat(proxy.exchange("x")).isEqualTo("ra<d>");
        }
    }

    @Test
    void shouldCloseByEveryKindOfTextAndByTruth() throws IOException {
        try (Proxy proxy = Proxy.running("""
                proxy { data ->
                    switch (data) {
                        case 'b': return [close: new StringBuilder('bye')]
                        case 't': return [close: 'true']
                        case 'n': return [close: 1 as Boolean]
                        default: return [(new StringBuilder('noop')): Boolean.valueOf('true'), reply: "${data}"]
                    }
                }""")) {
            assertThat(proxy.exchange("b")).isEqualTo("bye");
            assertThat(proxy.exchange("t")).isEqualTo("true");
            assertThat(proxy.exchange("n")).isEmpty();
            assertThat(proxy.exchange("?")).isEqualTo("?");
        }
    }

    @Test
    void shouldEscapeAndCutATagAndNeverFailOfIt() throws IOException {
        try (Proxy proxy = Proxy.running("proxy { data -> [close: true, tag: data.drop(1)] }")) {
            assertThat(tag(proxy, "-a\nb\u0085c\u00e9\u00ad")).isEqualTo("a\\x0ab\\x85cé\\xad");
            assertThat(tag(proxy, "-")).isNull();
            assertThat(tag(proxy, "-" + "x".repeat(128))).isEqualTo("x".repeat(128));
            assertThat(tag(proxy, "-" + "x".repeat(129))).isEqualTo("x".repeat(127) + "…");
            assertThat(tag(proxy, "-" + "x".repeat(125) + "\n" + "x".repeat(60_000)))
                    .isEqualTo("x".repeat(125) + "…");
        }
        try (Proxy proxy = Proxy.running(
                "proxy { data -> [close: true, tag: 'a\\u202eb\\ud800-\\ud83d\\ude00\\udb80\\udc00'] }")) {
            assertThat(tag(proxy, "x")).isEqualTo("a\\u202eb\\ud800-😀\\udb80\\udc00");
        }
    }

    private static @Nullable String tag(Proxy proxy, String data) throws IOException {
        assertThat(proxy.exchange(data)).isEmpty();
        SessionReport report = proxy.report();
        assertThat(report.reason()).isEqualTo(CloseReason.SCRIPT_CLOSE);
        return report.tag();
    }

    @Test
    void shouldSendDataInPlaceOfWhatWasBuffered() throws IOException {
        try (Backend backend = Backend.named("a");
                Proxy proxy =
                        Proxy.running("proxy { data -> [remote: '%s', data: 'other'] }".formatted(backend.address()))) {
            assertThat(proxy.exchange("hello")).isEqualTo("a<other>");
        }
    }

    @Test
    void shouldSendReplyToTheClientBeforeAnythingTheBackendSays() throws IOException {
        try (Backend backend = Backend.named("a");
                Proxy proxy = Proxy.running("proxy { data -> [remote: '%s', data: 'other', reply: \"${1 + 1}!\"] }"
                        .formatted(backend.address()))) {
            assertThat(proxy.exchange("hello")).isEqualTo("2!a<other>");
        }
    }

    @Test
    void shouldTakeBytesAsByteArrayToo() throws IOException {
        try (Proxy proxy = Proxy.running("proxy { data -> [close: [0, 200, 255] as byte[]] }")) {
            assertThat(proxy.exchange("x")).isEqualTo("\u0000\u00c8\u00ff");
        }
    }

    @Test
    void shouldWaitForMoreOnNullAndOnNoop() throws IOException {
        try (Proxy proxy = Proxy.running("""
                proxy { data ->
                    if (data.size() == 1) return null
                    if (data.size() == 2) return [noop: true]
                    [close: data]
                }""");
                Connection client = proxy.connect()) {
            client.send("a").send("b").send("c");
            assertThat(client.receiveAll()).isEqualTo("abc");
            client.leave();
            proxy.assertClosedBecause(CloseReason.SCRIPT_CLOSE);
        }
    }

    @Test
    void shouldHoldADialogueBeforeRouting() throws IOException {
        try (Backend backend = Backend.named("a");
                Proxy proxy = Proxy.running("""
                proxy { data, conn ->
                    if (!conn.session.name) {
                        if (!data.endsWith('\\n')) return null
                        conn.session.name = data.trim()
                        return [noop: true, reply: "hello ${conn.session.name}, password? ", data: '']
                    }
                    data == 'secret' ? [remote: '%s', data: "user=${conn.session.name}"] : null
                }""".formatted(backend.address()));
                Connection client = proxy.connect()) {
            client.send("bob\n");
            assertThat(client.receive(21)).isEqualTo("hello bob, password? ");
            client.send("secret").finish();
            assertThat(client.receiveAll()).isEqualTo("a<user=bob>");
        }
    }

    @Test
    void shouldReplaceTheBufferOnNoopWithData() throws IOException {
        try (Proxy proxy = Proxy.running("""
                proxy { data -> data.endsWith('!') ? [close: data] : [noop: true, data: "(${data})"] }""");
                Connection client = proxy.connect()) {
            client.send("a");
            proxy.await(() -> true);
            client.send("!");
            // TCP may join the two: then the script never sees "a" alone.
            assertThat(client.receiveAll()).isIn("(a)!", "a!");
        }
    }

    @Test
    void shouldCloseWithAndWithoutBytes() throws IOException {
        try (Proxy proxy = Proxy.running("proxy { data -> data == 'a' ? [close: true] : [close: 'bye'] }")) {
            assertThat(proxy.exchange("a")).isEmpty();
            proxy.assertClosedBecause(CloseReason.SCRIPT_CLOSE);
            assertThat(proxy.exchange("b")).isEqualTo("bye");
            proxy.assertClosedBecause(CloseReason.SCRIPT_CLOSE);
        }
    }

    @Test
    void shouldDeliverALargeLastWordToASlowReader() throws IOException {
        try (Proxy proxy = Proxy.running("proxy { data -> [close: 'x' * 5_000_000] }");
                Connection client = proxy.connect()) {
            client.send("unread request").send("and more of it");
            assertThat(client.receive(5_000_000)).hasSize(5_000_000).matches("x+");
            assertThat(client.receiveAll()).isEmpty();
        }
    }

    @Test
    void shouldRouteAtAcceptBeforeTheClientSpeaks() throws IOException {
        try (Backend backend = Backend.named("first");
                Proxy proxy = Proxy.running("""
                proxy_accept { conn -> [remote: '%s', reply: "${conn.id}:"] }
                proxy { data -> [close: true] }""".formatted(backend.address()));
                Connection client = proxy.connect()) {
            assertThat(client.receive(8)).isEqualTo("1:first<");
        }
    }

    @Test
    void shouldGreetAtAcceptAndWait() throws IOException {
        try (Proxy proxy = Proxy.running("""
                proxy_accept { conn -> [noop: true, reply: '220 hi '] }
                proxy { data -> [close: data.reverse()] }""");
                Connection client = proxy.connect()) {
            assertThat(client.receive(7)).isEqualTo("220 hi ");
            assertThat(client.send("ab").receiveAll()).isEqualTo("ba");
        }
    }

    @Test
    void shouldTellTheScriptWhoTheClientIs() throws IOException {
        try (Proxy proxy = Proxy.running("""
                proxy { data, conn ->
                    [close: "${conn.id} ${conn.peer} ${conn.peer.host} ${conn.peer.port} ${conn.local.host} ${conn.local.port}"]
                }""");
                Connection client = proxy.connect()) {
            Socket socket = client.socket();
            assertThat(client.send("x").receiveAll())
                    .isEqualTo("1 127.0.0.1:%1$d 127.0.0.1 %1$d 127.0.0.1 %2$d"
                            .formatted(socket.getLocalPort(), proxy.address().getPort()));
        }
    }

    @Test
    void shouldShowTheScriptEveryByteValueAsOneChar() throws IOException {
        String all = IntStream.range(0, 256)
                .collect(StringBuilder::new, (s, i) -> s.append((char) i), StringBuilder::append)
                .toString();
        try (Proxy proxy = Proxy.running("""
                proxy { data ->
                    if (data.size() < 256) return null
                    assert data[0] == '\\0' && data[255] == '\\u00ff' && data[65..67] == 'ABC'
                    assert data.startsWith('\\0\\1') && data.indexOf('\\u0080') == 128
                    [close: data]
                }""")) {
            assertThat(proxy.exchange(all)).isEqualTo(all);
        }
    }

    @Test
    void shouldTryAListOfRemotesInOrderOnceEach() throws IOException {
        int dead = Backend.deadPort();
        try (Backend backend = Backend.named("b");
                Proxy proxy = Proxy.running(
                        "proxy { data -> [remote: ['127.0.0.1:%d', '%s']] }".formatted(dead, backend.address()))) {
            assertThat(proxy.exchange("x")).isEqualTo("b<x>");
            SessionReport report = proxy.report();
            assertThat(report.connectAttempts()).isEqualTo(2);
            assertThat(report.backend()).hasToString(backend.address());
        }
    }

    @Test
    void shouldReachAUnixSocketAndANameAndAV6Literal() throws Exception {
        java.nio.file.Path path =
                java.nio.file.Files.createTempDirectory("unix").resolve("socket");
        try (java.nio.channels.ServerSocketChannel unix =
                        java.nio.channels.ServerSocketChannel.open(java.net.StandardProtocolFamily.UNIX);
                Proxy proxy = Proxy.running("proxy { data -> [remote: 'unix:%s'] }".formatted(path));
                Connection client = proxy.connect()) {
            unix.bind(java.net.UnixDomainSocketAddress.of(path));
            client.send("hello");
            try (java.nio.channels.SocketChannel accepted = unix.accept()) {
                java.nio.ByteBuffer got = java.nio.ByteBuffer.allocate(5);
                while (got.hasRemaining() && accepted.read(got) >= 0) {
                    // Until all five are there.
                }
                assertThat(new String(got.array(), java.nio.charset.StandardCharsets.US_ASCII))
                        .isEqualTo("hello");
                accepted.write(java.nio.ByteBuffer.wrap(new byte[] {'o', 'k'}));
                assertThat(client.receive(2)).isEqualTo("ok");
            }
        }
        try (Backend backend = Backend.named("n");
                Proxy proxy = Proxy.running("proxy { data -> [remote: 'localhost:%d'] }".formatted(backend.port()))) {
            assertThat(proxy.exchange("x")).isEqualTo("n<x>");
        }
    }

    @Test
    void shouldWaitForAFutureWithoutHoldingUpAnybody() throws IOException {
        try (Backend backend = Backend.named("f");
                Proxy proxy = Proxy.running("""
                import java.util.concurrent.*
                def gate = new CompletableFuture()
                proxy { data ->
                    if (data == 'open') { gate.complete([remote: '%s']); return [close: 'opened'] }
                    if (data == 'plain') return Executors.newSingleThreadExecutor().submit({ gate.get() } as Callable)
                    gate
                }""".formatted(backend.address()));
                Connection stage = proxy.connect();
                Connection plain = proxy.connect()) {
            stage.send("one");
            plain.send("plain");
            assertThat(proxy.exchange("open")).isEqualTo("opened");
            stage.send(" more").finish();
            plain.finish();
            assertThat(stage.receiveAll()).isEqualTo("f<one more>");
            assertThat(plain.receiveAll()).isEqualTo("f<plain>");
        }
    }

    @Test
    void shouldShowTheScriptWhatCameWhileItsAnswerWasPending() throws IOException {
        try (Proxy proxy = Proxy.running("""
                import java.util.concurrent.*
                def gate = new CompletableFuture()
                proxy { data ->
                    if (data == 'open') { gate.complete([noop: true, data: 'seen,']); return [close: true] }
                    data == 'a' ? gate : [close: data]
                }""");
                Connection client = proxy.connect()) {
            client.send("a");
            proxy.await(() -> proxy.server().sessionCount() == 1);
            client.send("b");
            proxy.exchange("open");
            assertThat(client.receiveAll()).isIn("seen,b", "ab");
        }
    }

    @Test
    void shouldRetryEachOfAListAsOftenAsItIsTold() throws IOException {
        String dead = "127.0.0.1:" + Backend.deadPort();
        try (Proxy proxy = Proxy.running(
                "proxy { data -> [remote: ['%1$s', '%1$s'], retries: 2, retry_delay: 0.001] }".formatted(dead))) {
            assertThat(proxy.exchange("x")).isEmpty();
            assertThat(proxy.report().connectAttempts()).isEqualTo(6);
        }
    }
}
