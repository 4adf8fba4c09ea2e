package org.proxymachine;

import static org.assertj.core.api.Assertions.assertThat;

import com.sun.management.ThreadMXBean;
import java.io.IOException;
import java.lang.management.ManagementFactory;
import java.net.InetAddress;
import java.time.Duration;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.MethodSource;
import org.junit.jupiter.params.provider.ValueSource;
import org.proxymachine.address.Addresses;
import org.proxymachine.address.Network;
import org.proxymachine.session.CloseReason;
import org.proxymachine.session.Limits;
import org.proxymachine.session.SessionReport;

/** {@code --accept-proxy}: who has to begin with a PROXY header, what comes of it, and what of one that is none. */
class AcceptProxyTest {
    private static final String SIGNATURE = "\r\n\r\n\0\r\nQUIT\n";
    private static final String V1 = "PROXY TCP4 192.0.2.1 192.0.2.2 1000 443\r\n";
    private static final String V2 = SIGNATURE + "!\u0011\0\14\u00c0\0\2\1\u00c0\0\2\2\3\u00e8\1\u00bb";
    private static final String V2_V6 = SIGNATURE + "!!\0\44 \1\r\u00b8" + "\0".repeat(11) + "\1 \1\r\u00b8"
            + "\0".repeat(11) + "\2\3\u00e8\1\u00bb";

    /** Answers a line with whom it was from, and how often proxy_accept was called before; not by the trial call. */
    private static final String WHO = """
            def accepted = 0
            proxy_accept { conn -> if (conn.peer.port) accepted++; conn.session.source = conn.source.toString(); null }
            proxy { data, conn -> data.endsWith('!') ? [close: "${accepted} ${conn.session.source} ${conn.source.host} \
            ${conn.source.port} ${conn.destination} ${conn.peer.host} ${data}"] : null }""";

    private static Proxy.Setup setup(String... networks) {
        Proxy.Setup setup = new Proxy.Setup();
        setup.acceptProxy = List.of(networks).stream().map(Network::parse).toList();
        return setup;
    }

    private static Proxy.Setup trusting(String... networks) {
        Proxy.Setup setup = setup(networks);
        setup.introduction = "PROXY UNKNOWN\r\n";
        return setup;
    }

    private static Proxy running(String script) throws IOException {
        return trusting("127.0.0.0/8", "::1").running(script);
    }

    static List<String> headers() {
        return List.of(V1, V2);
    }

    @ParameterizedTest
    @MethodSource("headers")
    void shouldTakeOffAHeaderThatIsSplitAtAnyByteAndTellWhoTheClientIs(String header) throws IOException {
        try (Proxy proxy = running(WHO)) {
            String all = header + "hello!";
            for (int i = 1; i <= all.length(); i++) {
                try (Connection client = proxy.connect()) {
                    client.send(all.substring(0, i));
                    // Until the first part was read: a turn for the accept, and one for the bytes.
                    proxy.ask(() -> true);
                    proxy.ask(() -> true);
                    client.send(all.substring(i));
                    assertThat(client.receiveAll())
                            .isEqualTo(i + " 192.0.2.1:1000 192.0.2.1 1000 192.0.2.2:443 127.0.0.1 hello!");
                }
                SessionReport report = proxy.report();
                assertThat(report.reason()).isEqualTo(CloseReason.SCRIPT_CLOSE);
                assertThat(report.bytesUp()).isEqualTo(6);
                assertThat(Addresses.format(report.source())).isEqualTo("192.0.2.1:1000");
                assertThat(Addresses.format(report.client())).startsWith("127.0.0.1:");
            }
        }
    }

    @Test
    void shouldTellScriptsWhatElseTheHeaderSays() throws IOException {
        try (Proxy proxy = running("proxy { data, conn -> [close: \"${conn.tlvs[2]} ${conn.tlvs[1]}\"] }");
                Connection client = proxy.connect()) {
            String more = "\2\0\13one.example";
            client.send(SIGNATURE + "\41\21\0" + (char) (12 + more.length()) + "\300\0\2\1\300\0\2\2\3\350\1\273" + more
                    + "!");
            assertThat(client.receiveAll()).isEqualTo("one.example null");
        }
    }

    @Test
    void shouldTakeAHeaderByteByByte() throws IOException {
        try (Proxy proxy = running(WHO);
                Connection client = proxy.connect()) {
            for (char each : (V2_V6 + "!").toCharArray()) {
                client.send(String.valueOf(each));
                proxy.ask(() -> true);
            }
            assertThat(client.receiveAll())
                    .isEqualTo("1 [2001:db8::1]:1000 2001:db8::1 1000 " + "[2001:db8::2]:443 127.0.0.1 !");
        }
    }

    // Each time anew would be half of the header for each chunk: 15 MB.
    @Test
    void shouldGoOnWithAHeaderInManyChunksWhereItStopped() throws IOException {
        String more = "\2\0\13one.example" + "\352" + u16(59_983) + "v".repeat(59_983);
        String header = SIGNATURE + "\41\21" + u16(12 + more.length()) + "\300\0\2\1\300\0\2\2\3\350\1\273" + more;
        try (Proxy proxy = running("proxy { data, conn -> [close: \"${conn.tlvs[2]} ${conn.source}\"] }");
                Connection client = proxy.connect()) {
            client.send(header.substring(0, 16));
            long before = allocatedByTheLoop(proxy);
            for (int i = 16; i < header.length(); i += 120) {
                client.send(header.substring(i, Math.min(header.length(), i + 120)));
                proxy.ask(() -> true);
            }
            assertThat(allocatedByTheLoop(proxy) - before).isLessThan(3L << 20);
            assertThat(client.send("!").receiveAll()).isEqualTo("one.example 192.0.2.1:1000");
        }
    }

    private static String u16(int value) {
        return "" + (char) (value >> 8) + (char) (value & 0xff);
    }

    private static long allocatedByTheLoop(Proxy proxy) {
        ThreadMXBean threads = (ThreadMXBean) ManagementFactory.getThreadMXBean();
        return proxy.ask(threads::getCurrentThreadAllocatedBytes);
    }

    @ParameterizedTest
    @ValueSource(strings = {"PROXY UNKNOWN\r\n", SIGNATURE + " \0\0\0", SIGNATURE + "!\0\0\0"})
    void shouldTakeThePeerForTheClientWhereTheHeaderNamesNone(String header) throws IOException {
        try (Proxy proxy = running(WHO);
                Connection client = proxy.connect()) {
            int from = client.socket().getLocalPort();
            int to = client.socket().getPort();
            assertThat(client.send(header + "!").receiveAll())
                    .isEqualTo("1 127.0.0.1:%1$d 127.0.0.1 %1$d 127.0.0.1:%2$d 127.0.0.1 !".formatted(from, to));
            client.leave();
            SessionReport report = proxy.report();
            assertThat(report.source()).isEqualTo(report.client());
        }
    }

    @ParameterizedTest
    @CsvSource({
        "hello!,                          '\"hello!\", which is none'",
        "PROXY TCP4 192.0.2.1 oops\\r\\n, '\"PROXY TCP4 192.0.2.1 oops\\r\\n\", whose destination address is wrong'",
        "proxy,                           '\"proxy\", which is none'",
        "\\r\\n\\r\\n\\0\\r\\nQUID\\n,       '\"\\r\\n\\r\\n\\x00\\r\\nQUID\\n\", which is none'",
    })
    void shouldCloseAClientThatBeginsWithSomethingElse(String escaped, String found) throws IOException {
        String garbage = escaped.translateEscapes();
        try (Proxy proxy = running(
                        "proxy_accept { log.error('called'); [close: 'called'] }; proxy { [close: 'called'] }");
                Connection client = proxy.connect()) {
            assertThat(client.send(garbage).receiveAll()).isEmpty();
            client.leave();
            SessionReport report = proxy.report();
            assertThat(report.reason()).isEqualTo(CloseReason.PROXY_HEADER);
            assertThat(report.bytesUp()).isEqualTo(garbage.length());
            assertThat(proxy.problem())
                    .isEqualTo("expected a PROXY header, version 1 or 2, as --accept-proxy says of this client, "
                            + "found " + found);
        }
    }

    @Test
    void shouldCloseAClientWhoseHeaderDoesNotEndInTimeOrWithinTheLimitOrAtAll() throws IOException {
        Proxy.Setup setup = trusting("127.0.0.1");
        setup.limits = new Limits(Duration.ofSeconds(30), 20);
        try (Scene scene = new Scene("proxy { [close: 'called'] }", setup)) {
            Peer slow = scene.client().say("PROXY TCP4 ");
            scene.awaitSessions(1);
            scene.pass(Duration.ofMillis(29_999));
            scene.proxy().assertIdle();
            scene.pass(Duration.ofMillis(1));
            slow.expectAnEnd();
            scene.ends(CloseReason.PROXY_HEADER, 11, 0);
            assertThat(scene.proxy().problem()).endsWith(", found 11 bytes within 30.0 s");

            Peer endless = scene.client().say(V1);
            endless.expectAnEnd();
            scene.ends(CloseReason.PROXY_HEADER, 20, 0);
            assertThat(scene.proxy().problem()).endsWith(", found no end of it within 20 bytes");

            Peer half = scene.client().say("PROXY").fin();
            half.expectAnEnd();
            scene.ends(CloseReason.PROXY_HEADER, 5, 0);
            assertThat(scene.proxy().problem()).endsWith(", found the end after 5 bytes");

            scene.client().fin().expectAnEnd();
            scene.ends(CloseReason.CLIENT_LEFT, 0, 0);
            Peer gone = scene.client();
            scene.awaitSessions(1);
            gone.reset();
            scene.ends(CloseReason.CLIENT_RESET, 0, 0);
            assertThat(scene.proxy().problems()).isZero();
        }
    }

    @Test
    void shouldLimitWhatComesBehindTheHeaderAlone() throws IOException {
        Proxy.Setup setup = trusting("127.0.0.1");
        setup.limits = new Limits(Duration.ofSeconds(30), 100);
        try (Proxy proxy = setup.running(WHO);
                Connection client = proxy.connect()) {
            client.send(V1 + "x".repeat(99));
            proxy.await(() -> proxy.server().sessionCount() == 1);
            assertThat(client.send("!").receiveAll()).endsWith(" " + "x".repeat(99) + "!");
        }
    }

    @ParameterizedTest
    @MethodSource("headers")
    void shouldPassOnAHeaderOfAClientThatIsNotTrusted(String header) throws IOException {
        try (Proxy proxy = setup("127.0.0.2", "10.0.0.0/8", "::/0").running(WHO);
                Connection client = proxy.connect()) {
            int port = client.socket().getLocalPort();
            assertThat(client.send(header + "!").receiveAll())
                    .startsWith("1 127.0.0.1:%1$d 127.0.0.1 %1$d ".formatted(port))
                    .endsWith(" 127.0.0.1 " + header + "!");
            client.leave();
            assertThat(proxy.report().bytesUp()).isEqualTo(header.length() + 1);
        }
    }

    @Test
    void shouldTellTrustedClientsFromOthersByTheirAddress() throws IOException {
        try (Proxy proxy = setup("127.0.0.2").running(WHO);
                Connection trusted = new Connection(address(2), proxy.address());
                Connection other = new Connection(address(3), proxy.address())) {
            assertThat(trusted.send(V1 + "!").receiveAll()).endsWith(" 192.0.2.2:443 127.0.0.2 !");
            assertThat(other.send("!").receiveAll()).endsWith(" 127.0.0.3 !");
        }
    }

    private static InetAddress address(int last) throws IOException {
        return InetAddress.getByAddress(new byte[] {127, 0, 0, (byte) last});
    }

    @ParameterizedTest
    @MethodSource("headers")
    void shouldRouteAtAcceptWhatCameBehindTheHeader(String header) throws IOException {
        try (Backend backend = Backend.named("b");
                Proxy proxy = running("""
                proxy_accept { conn -> [remote: '%s', reply: "${conn.source.host} "] }
                proxy { [close: 'never'] }""".formatted(backend.address()));
                Connection client = proxy.connect()) {
            client.send(header + "data").finish();
            assertThat(client.receiveAll()).isEqualTo("192.0.2.1 b<data>");
        }
    }

    @Test
    void shouldNameTheClientOfTheProxyInFrontToTheBackend() throws IOException {
        try (Backend backend = Backend.named("b");
                Proxy proxy =
                        running("proxy { data -> [remote: '%s', proxy_protocol: 1] }".formatted(backend.address()));
                Connection client = proxy.connect()) {
            client.send(V2 + "data").finish();
            assertThat(client.receiveAll()).isEqualTo("b<" + V1 + "data>");
            assertThat(proxy.report().bytesUp()).isEqualTo(4);
        }
    }
}
