package org.proxymachine;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.net.Socket;
import java.net.UnknownHostException;
import java.util.concurrent.CountDownLatch;
import org.junit.jupiter.api.Test;
import org.proxymachine.session.CloseReason;
import org.proxymachine.session.NameResolver;
import org.proxymachine.session.SessionReport;

/** What happens when a backend is not there, or goes: attempts, timeouts, and the two error blocks. */
class BackendFailuresTest {

    @Test
    void shouldTryARefusingBackendElevenTimesByDefault() throws IOException {
        try (Proxy proxy = Proxy.running(
                "proxy { data -> [remote: '127.0.0.1:%d', retry_delay: 0.001] }".formatted(Backend.deadPort()))) {
            assertThat(proxy.exchange("x")).isEmpty();
            SessionReport report = proxy.report();
            assertThat(report.reason()).isEqualTo(CloseReason.CONNECT_REFUSED);
            assertThat(report.connectAttempts()).isEqualTo(11);
            assertThat(proxy.problem()).endsWith("Connection refused");
        }
    }

    @Test
    void shouldReplayThePrereadBytesOnceAfterARetry() throws Exception {
        // An address of its own: on that of all others somebody might have taken the port meanwhile.
        InetAddress address = InetAddress.getByAddress(new byte[] {127, 0, 0, 7});
        int port = Backend.deadPort();
        try (Proxy proxy = Proxy.running("proxy { data -> [remote: '127.0.0.7:%d', retries: 1000, retry_delay: 0.01] }"
                        .formatted(port));
                Connection client = proxy.connect()) {
            client.send("hello");
            proxy.await(() -> proxy.server().sessionCount() == 1);
            try (ServerSocket late = new ServerSocket(port, 1, address);
                    Socket backend = late.accept()) {
                backend.setSoTimeout(Backend.DEADLINE_MILLIS);
                client.finish();
                assertThat(new String(
                                backend.getInputStream().readAllBytes(), java.nio.charset.StandardCharsets.ISO_8859_1))
                        .isEqualTo("hello");
            }
        }
    }

    @Test
    void shouldGiveUpAnAttemptAfterTheConnectTimeout() throws IOException {
        try (SilentHost silent = new SilentHost();
                Proxy proxy = Proxy.running(
                        "proxy { data -> [remote: '%s', connect_timeout: 0.05, retries: 2, retry_delay: 0.01] }"
                                .formatted(silent.address()))) {
            assertThat(proxy.exchange("x")).isEmpty();
            SessionReport report = proxy.report();
            assertThat(report.reason()).isEqualTo(CloseReason.CONNECT_TIMEOUT);
            assertThat(report.connectAttempts()).isEqualTo(3);
            assertThat(proxy.problem()).endsWith("no connection within 0.05 s");
        }
    }

    @Test
    void shouldLetTheScriptAnswerARefusedConnection() throws IOException {
        try (Proxy proxy = Proxy.running("""
                proxy { data -> [remote: '127.0.0.1:%d', retries: 0, reply: 'never sent'] }
                proxy_connect_error { remote, conn, error -> [close: "${conn.id} ${remote} ${error}"] }""".formatted(Backend.deadPort()))) {
            assertThat(proxy.exchange("x")).matches("1 127\\.0\\.0\\.1:\\d+ Connection refused");
            proxy.assertClosedBecause(CloseReason.CONNECT_REFUSED);
        }
    }

    @Test
    void shouldRouteElsewhereWhenTheScriptSaysSo() throws IOException {
        try (Backend backend = Backend.named("b");
                Proxy proxy = Proxy.running("""
                proxy { data -> [remote: '127.0.0.1:%d', retries: 0] }
                proxy_connect_error { remote -> [remote: '%s'] }""".formatted(Backend.deadPort(), backend.address()))) {
            assertThat(proxy.exchange("x")).isEqualTo("b<x>");
            assertThat(proxy.report().connectAttempts()).isEqualTo(2);
        }
    }

    @Test
    void shouldCloseOnAnAnswerThatDoesNotAct() throws IOException {
        try (Proxy proxy = Proxy.running("""
                proxy { data -> [remote: '127.0.0.1:%d', retries: 0] }
                proxy_connect_error { remote -> log.debug('seen'); 'anything' }""".formatted(Backend.deadPort()))) {
            assertThat(proxy.exchange("x")).isEmpty();
            proxy.assertClosedBecause(CloseReason.CONNECT_REFUSED);
        }
    }

    @Test
    void shouldNotGoOnForEverWithAScriptThatNamesOneDeadBackendAfterAnother() throws IOException {
        String dead = "127.0.0.1:" + Backend.deadPort();
        try (Proxy proxy = Proxy.running("""
                proxy { data -> [remote: '%1$s', retries: 0] }
                proxy_connect_error { remote -> [remote: '%1$s', retries: 0] }""".formatted(dead))) {
            assertThat(proxy.exchange("x")).isEmpty();
            SessionReport report = proxy.report();
            assertThat(report.reason()).isEqualTo(CloseReason.SCRIPT_ERROR);
            assertThat(report.connectAttempts()).isEqualTo(101);
        }
    }

    @Test
    void shouldTellTheScriptOfABackendThatClosesBeforeItsFirstByte() throws IOException {
        try (Backend backend = new Backend(Socket::close);
                Proxy proxy = Proxy.running("""
                proxy { data -> [remote: '%s'] }
                proxy_connect_error { remote, conn, error -> [close: "503 ${error}"] }""".formatted(backend.address()));
                Connection client = proxy.connect()) {
            assertThat(client.send("x").receiveAll()).matches("503 (closed|reset) before its first byte");
            client.leave();
            proxy.assertClosedBecause(CloseReason.BACKEND_CLOSED);
        }
    }

    @Test
    void shouldRefuseAnotherRemoteOnceBytesReachedTheFirst() throws IOException {
        try (Backend first = new Backend(socket -> {
                    socket.getInputStream().read();
                    socket.close();
                });
                Backend second = Backend.named("never");
                Proxy proxy = Proxy.running("""
                proxy { data -> [remote: '%s'] }
                proxy_connect_error { remote -> [remote: '%s'] }""".formatted(first.address(), second.address()));
                Connection client = proxy.connect()) {
            assertThat(client.send("x").receiveAll()).isEmpty();
            proxy.assertClosedBecause(CloseReason.SCRIPT_ERROR);
            proxy.problem();
            assertThat(proxy.problem()).contains("remote: 1 bytes have reached the first backend already");
            assertThat(second.connections()).isZero();
        }
    }

    @Test
    void shouldCallTheInactivityBlockWhenTheFirstByteDoesNotCome() throws IOException {
        try (Backend backend = Backend.manual();
                Proxy proxy = Proxy.running("""
                proxy { data -> [remote: '%s', inactivity_timeout: 0.05] }
                proxy_inactivity_error { remote, conn, error -> [close: "504 ${error}"] }""".formatted(backend.address()));
                Connection client = proxy.connect()) {
            assertThat(client.send("x").receiveAll()).isEqualTo("504 no first byte within 0.05 s");
            client.leave();
            proxy.assertClosedBecause(CloseReason.INACTIVITY_TIMEOUT);
        }
    }

    @Test
    void shouldReportANameThatDoesNotExist() throws IOException {
        Proxy.Setup setup = new Proxy.Setup();
        setup.resolver = new NameResolver(host -> {
            throw new UnknownHostException(host);
        });
        try (Proxy proxy = setup.running("""
                proxy { data -> [remote: 'nowhere.invalid:80'] }
                proxy_connect_error { remote, conn, error -> [close: error] }""")) {
            assertThat(proxy.exchange("x")).isEqualTo("unknown host nowhere.invalid");
            proxy.assertClosedBecause(CloseReason.UNRESOLVED);
        }
    }

    @Test
    void shouldServeOthersWhileAResolverHangs() throws IOException {
        CountDownLatch hang = new CountDownLatch(1);
        Proxy.Setup setup = new Proxy.Setup();
        setup.resolver = new NameResolver(host -> {
            try {
                hang.await();
            } catch (InterruptedException e) {
                Thread.currentThread().interrupt();
            }
            throw new UnknownHostException(host);
        });
        try (Proxy proxy = setup.running("""
                proxy { data -> data == 'x' ? [remote: 'hangs.invalid:80', connect_timeout: 0.2, retries: 0] : [close: 'hi'] }
                proxy_connect_error { remote, conn, error -> [close: error] }""");
                Connection stuck = proxy.connect()) {
            stuck.send("x");
            for (int i = 0; i < 50; i++) {
                assertThat(proxy.exchange("y")).isEqualTo("hi");
            }
            assertThat(stuck.receiveAll()).isEqualTo("no answer to the look-up of its name within 0.2 s");
        } finally {
            hang.countDown();
        }
    }

    @Test
    void shouldTryEveryAddressOfAName() throws IOException {
        Proxy.Setup setup = new Proxy.Setup();
        setup.resolver = new NameResolver(host -> new InetAddress[] {
            InetAddress.getByAddress(host, new byte[] {127, 0, 0, 9}),
            InetAddress.getByAddress(host, new byte[] {127, 0, 0, 1})
        });
        try (Backend backend = Backend.named("second");
                Proxy proxy = setup.running(
                        "proxy { data -> [remote: 'two.invalid:%d', retries: 0] }".formatted(backend.port()))) {
            assertThat(proxy.exchange("x")).isEqualTo("second<x>");
            assertThat(proxy.report().connectAttempts()).isEqualTo(1);
        }
    }

    @Test
    void shouldNoticeAClientThatResetsWhileConnecting() throws IOException {
        try (Proxy proxy = Proxy.running("proxy { data -> [remote: '127.0.0.1:%d', retries: 1000, retry_delay: 60] }"
                        .formatted(Backend.deadPort()));
                Connection client = proxy.connect()) {
            client.send("x");
            proxy.await(() -> proxy.server().sessionCount() == 1);
            client.reset();
            proxy.assertClosedBecause(CloseReason.CLIENT_RESET);
        }
    }

    @Test
    void shouldGiveAnotherBackendEverythingWhenTheFirstTookNothing() throws IOException {
        try (Backend first = new Backend(socket -> {
                    socket.setSoLinger(true, 0);
                    socket.close();
                });
                Backend second = Backend.named("second");
                Proxy proxy = Proxy.running("""
                proxy_accept { conn -> [remote: '%s'] }
                proxy { data -> null }
                proxy_connect_error { remote -> [remote: '%s'] }""".formatted(first.address(), second.address()));
                Connection client = proxy.connect()) {
            assertThat(client.receive(7)).isEqualTo("second<");
            client.send("hello").finish();
            assertThat(client.receiveAll()).isEqualTo("hello>");
            proxy.assertClosedBecause(CloseReason.DONE);
        }
    }

    @Test
    void shouldNotReplaceABackendThatIsConnectedAndSilent() throws IOException {
        try (Backend silent = Backend.manual();
                Backend second = Backend.named("never");
                Proxy proxy = Proxy.running("""
                proxy_accept { conn -> [remote: '%s', inactivity_timeout: 0.05] }
                proxy { data -> null }
                proxy_inactivity_error { remote -> [remote: '%s'] }""".formatted(silent.address(), second.address()));
                Connection client = proxy.connect()) {
            assertThat(client.receiveAll()).isEmpty();
            proxy.assertClosedBecause(CloseReason.SCRIPT_ERROR);
            assertThat(second.connections()).isZero();
        }
    }

    @Test
    void shouldWaitForAFutureThatAnErrorBlockReturns() throws IOException {
        try (Backend backend = Backend.named("b");
                Proxy proxy = Proxy.running("""
                import java.util.concurrent.*
                proxy { data -> [remote: '127.0.0.1:%d', retries: 0] }
                proxy_connect_error { remote -> CompletableFuture.supplyAsync({ [remote: '%s'] },
                        CompletableFuture.delayedExecutor(20, TimeUnit.MILLISECONDS)) }""".formatted(Backend.deadPort(), backend.address()))) {
            assertThat(proxy.exchange("x")).isEqualTo("b<x>");
        }
    }
}
