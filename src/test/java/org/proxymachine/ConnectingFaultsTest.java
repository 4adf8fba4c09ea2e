package org.proxymachine;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.net.SocketException;
import java.net.StandardProtocolFamily;
import java.net.UnixDomainSocketAddress;
import java.net.UnknownHostException;
import java.nio.channels.ServerSocketChannel;
import java.nio.channels.SocketChannel;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;
import org.proxymachine.session.CloseReason;
import org.proxymachine.session.NameResolver;
import org.proxymachine.session.SessionReport;
import org.proxymachine.session.SessionState;

/** What goes wrong between the decision and a connection. {@link BackendFailuresTest} has what scripts say to it. */
class ConnectingFaultsTest {

    @Test
    void shouldGoOnWithTheNextRemoteWhenAnAttemptFailsInsideConnect() throws IOException {
        try (Scene scene =
                new Scene("proxy { data -> [remote: ['unix:/no/such/socket', '255.255.255.255:9', '%s']] }")) {
            Peer client = scene.client().send(1_000).fin();
            Peer backend = scene.backend().receive(1_000).expect(Peer.End.FIN).fin();
            client.expect(Peer.End.FIN);
            backend.close();
            assertThat(scene.ends(CloseReason.DONE).connectAttempts()).isEqualTo(3);
            assertThat(scene.proxy().problem()).startsWith("unix:/no/such/socket ");
            assertThat(scene.proxy().problem()).startsWith("255.255.255.255:9 ");
        }
    }

    @Test
    void shouldRetryAnAttemptThatFailsInsideConnect() throws IOException {
        try (Scene scene =
                new Scene("proxy { data -> [remote: 'unix:/no/such/socket', retries: 100, retry_delay: 0] }")) {
            scene.client().send(1).expectAnEnd();
            assertThat(scene.ends(CloseReason.CONNECT_FAILED).connectAttempts()).isEqualTo(101);
        }
    }

    @Test
    void shouldCountAttemptsExactlyOverRemotesThatRefuseAreSilentAndAccept() throws IOException {
        try (SilentHost silent = new SilentHost();
                Scene scene = new Scene("""
                proxy { data -> [remote: ['127.0.0.1:%d', '%s', '%%s'], connect_timeout: 10, retries: 1, retry_delay: 1] }""".formatted(Backend.deadPort(), silent.address()))) {
            Peer client = scene.client().send(1_000);
            scene.await(SessionState.CONNECTING);
            scene.pass(Duration.ofSeconds(1));
            scene.proxy().problem();
            scene.pass(Duration.ofSeconds(10));
            scene.pass(Duration.ofSeconds(1));
            assertThat(scene.proxy().problems()).isZero();
            scene.pass(Duration.ofSeconds(10));
            Peer backend = scene.backend().receive(1_000);
            assertThat(scene.connections()).isZero();
            client.fin();
            backend.expect(Peer.End.FIN).fin();
            assertThat(scene.ends(CloseReason.DONE).connectAttempts()).isEqualTo(5);
        }
    }

    @Test
    void shouldCallOffTheAttemptOfAClientThatLeaves() throws IOException {
        try (SilentHost silent = new SilentHost();
                Scene scene = new Scene("proxy { data -> [remote: '%s'] }".formatted(silent.address()))) {
            Peer client = scene.client().send(1_000);
            scene.await(SessionState.CONNECTING);
            scene.proxy().assertIdle();
            client.reset();
            SessionReport report = scene.ends(CloseReason.CLIENT_RESET);
            assertThat(report.connectAttempts()).isEqualTo(1);
            assertThat(scene.proxy().problems()).as("errors of a backend").isZero();
        }
    }

    @Test
    void shouldDropTheAddressesOfAClientThatLeftMeanwhile() throws IOException {
        CountDownLatch answer = new CountDownLatch(1);
        Proxy.Setup setup = new Proxy.Setup();
        setup.resolver = new NameResolver(host -> {
            try {
                answer.await();
            } catch (InterruptedException e) {
                throw new UnknownHostException(host);
            }
            return new InetAddress[] {InetAddress.getLoopbackAddress()};
        });
        try (Backend backend = Backend.manual();
                Scene scene = new Scene(
                        "proxy { data -> [remote: '%s.invalid:%d'] }".formatted("n".repeat(300), backend.port()),
                        setup)) {
            Peer gone = scene.client().send(10);
            scene.await(SessionState.CONNECTING);
            gone.reset();
            scene.ends(CloseReason.CLIENT_RESET);
            Peer here = scene.client().send(10).fin();
            scene.await(SessionState.CONNECTING);
            answer.countDown();
            try (Peer peer = Peer.backend(backend.next())) {
                peer.receive(10).expect(Peer.End.FIN);
            }
            here.expect(Peer.End.FIN);
            scene.ends(CloseReason.DONE, 10, 0);
            assertThat(backend.connections()).as("connections for who left").isZero();
        }
    }

    @ParameterizedTest
    @ValueSource(ints = {0, 1, 10_000})
    void shouldDeliverTheBytesAndTheFinOfAClientThatEndsWhileConnecting(int bytes) throws IOException {
        // An address of its own: on that of all others somebody might have taken the port meanwhile.
        InetAddress address = InetAddress.getByAddress(new byte[] {127, 0, 0, 7});
        int port = Backend.deadPort();
        try (Scene scene = new Scene("""
                proxy_accept { conn -> [remote: '127.0.0.7:%d', retries: 1, retry_delay: 60] }
                proxy { data -> null }""".formatted(port))) {
            Peer client = scene.client();
            scene.await(SessionState.CONNECTING);
            client.send(bytes).fin();
            scene.proxy().assertIdle();
            try (ServerSocket late = new ServerSocket(port, 1, address)) {
                late.setSoTimeout(Backend.DEADLINE_MILLIS);
                scene.pass(Duration.ofSeconds(60));
                try (Peer backend = Peer.backend(late.accept())) {
                    backend.receive(bytes).expect(Peer.End.FIN).send(500);
                }
            }
            client.receive(500).expect(Peer.End.FIN);
            scene.ends(CloseReason.DONE, bytes, 500);
        }
    }

    @Test
    void shouldLeaveTimeForTheSecondAddressWhereTheFirstIsSilent() throws IOException {
        InetAddress silentAddress = InetAddress.getByAddress(new byte[] {127, 0, 0, 9});
        Proxy.Setup setup = new Proxy.Setup();
        setup.resolver = new NameResolver(host -> new InetAddress[] {silentAddress, InetAddress.getLoopbackAddress()});
        try (Backend backend = Backend.named("second");
                SilentHost silent = new SilentHost(silentAddress, backend.port());
                Proxy proxy =
                        setup.running("proxy { data -> [remote: 'two.invalid:%d', connect_timeout: 1, retries: 0] }"
                                .formatted(backend.port()))) {
            assertThat(silent.address()).endsWith(":" + backend.port());
            assertThat(proxy.exchange("x")).isEqualTo("second<x>");
            SessionReport report = proxy.report();
            assertThat(report.connectAttempts()).isEqualTo(1);
            assertThat(report.connectNanos()).isGreaterThan(400_000_000);
        }
    }

    @ParameterizedTest
    @ValueSource(strings = {"", ", connect_timeout: 60"})
    void shouldWaitOneSecondForASilentAddressWhereThereIsAnother(String timeout) throws IOException {
        InetAddress silentAddress = InetAddress.getByAddress(new byte[] {127, 0, 0, 9});
        Proxy.Setup setup = new Proxy.Setup();
        setup.resolver = new NameResolver(host -> new InetAddress[] {silentAddress, InetAddress.getLoopbackAddress()});
        try (Backend backend = Backend.manual();
                SilentHost silent = new SilentHost(silentAddress, backend.port());
                Scene scene = new Scene(
                        "proxy { data -> [remote: 'two.invalid:%d', retries: 0%s] }".formatted(backend.port(), timeout),
                        setup)) {
            assertThat(silent.address()).endsWith(":" + backend.port());
            Peer client = scene.client().send(10);
            // Named, which answers in its own time, and then silent.
            scene.proxy().await(() -> scene.proxy().addressTried().startsWith("127.0.0.9:"));
            scene.pass(Duration.ofMillis(999));
            assertThat(scene.proxy().ask(scene.proxy()::addressTried)).startsWith("127.0.0.9:");
            scene.pass(Duration.ofMillis(1));
            try (Peer peer = Peer.backend(backend.next())) {
                peer.receive(10).send(5).fin();
                client.receive(5).fin();
                peer.expect(Peer.End.FIN);
            }
            client.expect(Peer.End.FIN);
            SessionReport report = scene.ends(CloseReason.DONE);
            assertThat(report.backendAddress()).asString().contains("/127.0.0.1:");
            // The next one does not wait for it, though it answers no more than before.
            Peer second = scene.client().send(10);
            try (Peer peer = Peer.backend(backend.next())) {
                peer.receive(10).send(5).fin();
                second.receive(5).fin();
                peer.expect(Peer.End.FIN);
            }
            second.expect(Peer.End.FIN);
            assertThat(scene.ends(CloseReason.DONE).connectNanos()).isZero();
            assertThat(report.connectAttempts()).isEqualTo(1);
        }
    }

    @Test
    void shouldNotDelayANameThatAnswersForFortyThatHang() throws IOException {
        CountDownLatch hang = new CountDownLatch(1);
        Proxy.Setup setup = new Proxy.Setup();
        setup.resolver = new NameResolver(host -> {
            try {
                if (host.startsWith("hangs")) {
                    hang.await();
                }
            } catch (InterruptedException e) {
                Thread.currentThread().interrupt();
            }
            return new InetAddress[] {InetAddress.getLoopbackAddress()};
        });
        try (Backend backend = Backend.named("there");
                Proxy proxy =
                        setup.running("proxy { data -> [remote: \"${data}.invalid:%d\"] }".formatted(backend.port()))) {
            List<Connection> stuck = new ArrayList<>();
            for (int i = 0; i < 40; i++) {
                stuck.add(proxy.connect().send("hangs" + i));
            }
            proxy.await(() -> proxy.states().size() == 40);
            assertThat(proxy.exchange("answers")).isEqualTo("there<answers>");
            for (Connection each : stuck) {
                each.reset();
            }
        } finally {
            hang.countDown();
        }
    }

    @Test
    void shouldAskForANameAgainWhenNobodyWasAtItsAddress() throws IOException {
        InetAddress moved = InetAddress.getByAddress(new byte[] {127, 0, 0, 9});
        AtomicInteger lookups = new AtomicInteger();
        Proxy.Setup setup = new Proxy.Setup();
        setup.resolver = new NameResolver(
                host -> new InetAddress[] {lookups.incrementAndGet() == 1 ? moved : InetAddress.getLoopbackAddress()});
        try (Backend backend = Backend.named("there");
                Proxy proxy = setup.running("proxy { data -> [remote: 'moves.invalid:%d', retries: 1, retry_delay: 0] }"
                        .formatted(backend.port()))) {
            assertThat(proxy.exchange("x")).isEqualTo("there<x>");
            assertThat(proxy.exchange("y")).isEqualTo("there<y>");
            assertThat(lookups).as("the answer of the second look-up is kept").hasValue(2);
        }
    }

    @Test
    void shouldTakeAnAddressThatWasSilentForASecondWhenItAnswersAfterAll() throws IOException {
        InetAddress slowAddress = InetAddress.getByAddress(new byte[] {127, 0, 0, 9});
        InetAddress deadAddress = InetAddress.getByAddress(new byte[] {127, 0, 0, 10});
        Proxy.Setup setup = new Proxy.Setup();
        setup.resolver = new NameResolver(host -> new InetAddress[] {slowAddress, deadAddress});
        int port = Backend.deadPort();
        try (SilentHost slow = new SilentHost(slowAddress, port);
                SilentHost dead = new SilentHost(deadAddress, port);
                Scene scene = new Scene("proxy { data -> [remote: 'two.invalid:%d'] }".formatted(port), setup)) {
            assertThat(dead.address()).startsWith("127.0.0.10:");
            Peer client = scene.client().send(10);
            scene.proxy().await(() -> scene.proxy().addressTried().startsWith("127.0.0.9:"));
            scene.pass(Duration.ofSeconds(1));
            scene.proxy().await(() -> scene.proxy().addressTried().startsWith("127.0.0.10:"));
            try (Peer peer = Peer.backend(slow.answer())) {
                peer.receive(10).send(5).fin();
                client.receive(5).fin();
                peer.expect(Peer.End.FIN);
            }
            client.expect(Peer.End.FIN);
            assertThat(scene.ends(CloseReason.DONE).backendAddress()).asString().contains("/127.0.0.9:");
        }
    }

    @Test
    void shouldKeepToTheConnectTimeoutWhereTheFirstAddressIsSilentAndTheLastFailsAtOnce() throws IOException {
        InetAddress silentAddress = InetAddress.getByAddress(new byte[] {127, 0, 0, 9});
        InetAddress refusing = InetAddress.getByAddress(new byte[] {127, 0, 0, 10});
        Proxy.Setup setup = new Proxy.Setup();
        setup.resolver = new NameResolver(host -> new InetAddress[] {silentAddress, refusing});
        int port = Backend.deadPort();
        try (SilentHost silent = new SilentHost(silentAddress, port);
                Scene scene = new Scene(
                        "proxy { data -> [remote: 'two.invalid:%d', retries: 0, connect_timeout: 5] }".formatted(port),
                        setup)) {
            assertThat(silent.address()).startsWith("127.0.0.9:");
            Peer client = scene.client().send(10);
            scene.proxy().await(() -> scene.proxy().addressTried().startsWith("127.0.0.9:"));
            scene.pass(Duration.ofSeconds(1));
            scene.proxy().await(() -> scene.proxy().addressTried().startsWith("127.0.0.10:"));
            scene.pass(Duration.ofSeconds(4));
            client.expectAnEnd();
            assertThat(scene.ends(CloseReason.CONNECT_TIMEOUT).connectAttempts())
                    .isEqualTo(1);
        }
    }

    @Test
    void shouldRetryAUnixSocketWhoseBacklogIsFull(@TempDir Path directory) throws IOException {
        Path path = directory.resolve("backend");
        try (ServerSocketChannel backend = ServerSocketChannel.open(StandardProtocolFamily.UNIX);
                Scene scene = new Scene(
                        "proxy { data -> [remote: 'unix:%s', retries: 1, retry_delay: 60] }".formatted(path))) {
            backend.bind(UnixDomainSocketAddress.of(path), 1);
            List<SocketChannel> fillers = fill(path);
            Peer client = scene.client().send(10);
            scene.await(SessionState.CONNECTING);
            scene.pass(Duration.ofSeconds(60));
            assertThat(scene.proxy().problem()).endsWith("its backlog is full (Resource temporarily unavailable)");
            client.expectAnEnd();
            assertThat(scene.ends(CloseReason.CONNECT_FAILED).connectAttempts()).isEqualTo(2);

            client = scene.client().send(10).fin();
            scene.await(SessionState.CONNECTING);
            for (int i = 0; i < fillers.size(); i++) {
                backend.accept().close();
            }
            scene.pass(Duration.ofSeconds(60));
            backend.accept().close();
            client.expectAnEnd();
            assertThat(scene.ends().connectAttempts()).isEqualTo(2);
            for (SocketChannel filler : fillers) {
                filler.close();
            }
        }
    }

    private static List<SocketChannel> fill(Path path) throws IOException {
        List<SocketChannel> fillers = new ArrayList<>();
        while (true) {
            SocketChannel filler = SocketChannel.open(StandardProtocolFamily.UNIX);
            filler.configureBlocking(false);
            try {
                filler.connect(UnixDomainSocketAddress.of(path));
                fillers.add(filler);
            } catch (SocketException e) {
                filler.close();
                return fillers;
            }
        }
    }

    @Test
    void shouldReportNoConnectTimeWhereTheLastDecisionLedToNoConnection() throws IOException {
        try (Scene scene = new Scene("""
                proxy_accept { conn -> [remote: '%%s'] }
                proxy { data -> null }
                proxy_connect_error { remote, conn ->
                    if (conn.session.told) return [close: true]
                    conn.session.told = true
                    [remote: '127.0.0.1:%d', retries: 0]
                 }""".formatted(Backend.deadPort()))) {
            Peer client = scene.client();
            Peer backend = scene.backend();
            scene.await(SessionState.SPLICING);
            scene.pass(Duration.ofSeconds(1));
            backend.reset();
            client.expectAnEnd();
            assertThat(scene.ends().connectNanos()).isEqualTo(-1);
        }
    }

    @Test
    void shouldGiveEachAddressItsShareOfTheTimeThoughTheLoopWasHeldUp() throws IOException {
        InetAddress first = InetAddress.getByAddress(new byte[] {127, 0, 0, 11});
        InetAddress second = InetAddress.getByAddress(new byte[] {127, 0, 0, 12});
        Proxy.Setup setup = new Proxy.Setup();
        setup.resolver = new NameResolver(host -> new InetAddress[] {first, second});
        int port = Backend.deadPort();
        try (SilentHost one = new SilentHost(first, port);
                SilentHost two = new SilentHost(second, port);
                Scene scene = new Scene(
                        "proxy { data -> [remote: 'two.invalid:%d', connect_timeout: 1, retries: 0] }".formatted(port),
                        setup)) {
            assertThat(one.address()).isNotEqualTo(two.address());
            scene.client().send(1);
            scene.proxy().await(() -> scene.proxy().addressTried().startsWith("127.0.0.11:"));
            scene.atOnce(() -> scene.passForTheLastTime(Duration.ofSeconds(5)));
            scene.proxy().await(() -> scene.proxy().addressTried().startsWith("127.0.0.12:"));
            scene.pass(Duration.ofMillis(499));
            scene.assertNothingExpires(1);
            scene.pass(Duration.ofMillis(1));
            scene.ends(CloseReason.CONNECT_TIMEOUT);
        }
    }

    @Test
    void shouldEndAnAttemptInItsTimeThoughAnAddressFailsAfterTheLastWasTried() throws IOException {
        InetAddress first = InetAddress.getByAddress(new byte[] {127, 0, 0, 13});
        InetAddress second = InetAddress.getByAddress(new byte[] {127, 0, 0, 14});
        Proxy.Setup setup = new Proxy.Setup();
        setup.resolver = new NameResolver(host -> new InetAddress[] {first, second});
        int port = Backend.deadPort();
        try (SilentHost one = new SilentHost(first, port);
                SilentHost two = new SilentHost(second, port);
                Scene scene = new Scene(
                        "proxy { data -> [remote: 'two.invalid:%d', connect_timeout: 1, retries: 0] }".formatted(port),
                        setup)) {
            assertThat(one.address()).isNotEqualTo(two.address());
            scene.client().send(1);
            scene.proxy().await(() -> scene.proxy().addressTried().startsWith("127.0.0.13:"));
            scene.pass(Duration.ofMillis(500));
            scene.proxy().await(() -> scene.proxy().addressTried().startsWith("127.0.0.14:"));
            scene.pass(Duration.ofMillis(400));
            two.refuse();
            // Its next SYN is refused.
            while (!Program.run(Path.of("").toAbsolutePath(), "ss", "-tnH", "state", "syn-sent", "dst", "127.0.0.14")
                    .isEmpty()) {
                Thread.onSpinWait();
            }
            scene.assertNothingExpires(1);
            scene.pass(Duration.ofMillis(100));
            scene.ends(CloseReason.CONNECT_TIMEOUT);
        }
    }
}
