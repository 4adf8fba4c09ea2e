package org.proxymachine;

import static java.nio.charset.StandardCharsets.ISO_8859_1;
import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.net.Socket;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Random;
import java.util.concurrent.CompletableFuture;
import org.junit.jupiter.api.Test;
import org.proxymachine.session.CloseReason;
import org.proxymachine.session.SessionReport;

/** Bytes, ends and resets on their way through a session. */
class SpliceTest {

    private static Proxy to(Backend backend) throws IOException {
        return Proxy.running("proxy { data -> [remote: '%s'] }".formatted(backend.address()));
    }

    @Test
    void shouldDeliverTheResponseToAClientThatHasHalfClosed() throws IOException {
        try (Backend backend = Backend.manual();
                Proxy proxy = to(backend);
                Connection client = proxy.connect()) {
            client.send("request").finish();
            try (Socket socket = backend.next()) {
                assertThat(new String(socket.getInputStream().readAllBytes(), ISO_8859_1))
                        .isEqualTo("request");
                socket.getOutputStream().write("response".getBytes(ISO_8859_1));
            }
            assertThat(client.receiveAll()).isEqualTo("response");
            proxy.assertClosedBecause(CloseReason.DONE);
        }
    }

    @Test
    void shouldDeliverTheUploadToABackendThatHasHalfClosed() throws IOException {
        try (Backend backend = Backend.manual();
                Proxy proxy = to(backend);
                Connection client = proxy.connect()) {
            client.send("a");
            try (Socket socket = backend.next()) {
                socket.getOutputStream().write('!');
                socket.shutdownOutput();
                assertThat(client.receiveAll()).isEqualTo("!");
                client.send("bc").finish();
                assertThat(new String(socket.getInputStream().readAllBytes(), ISO_8859_1))
                        .isEqualTo("abc");
            }
            proxy.assertClosedBecause(CloseReason.DONE);
        }
    }

    @Test
    void shouldPassOnAHalfCloseWithoutAByteFromTheBackendWhereNoBlockAsksForIt() throws IOException {
        try (Backend backend = Backend.manual();
                Proxy proxy = to(backend);
                Connection client = proxy.connect()) {
            client.send("a");
            try (Socket socket = backend.next()) {
                socket.shutdownOutput();
                assertThat(client.receiveAll()).isEmpty();
                client.send("bc").finish();
                assertThat(new String(socket.getInputStream().readAllBytes(), ISO_8859_1))
                        .isEqualTo("abc");
            }
            proxy.assertClosedBecause(CloseReason.BACKEND_CLOSED);
        }
    }

    @Test
    void shouldDeliverBufferedBytesAndFinWhenClientHalfClosesBeforeConnect() throws IOException {
        try (Backend backend = Backend.named("n");
                Proxy proxy = Proxy.running("""
                import java.util.concurrent.*
                proxy { data -> CompletableFuture.supplyAsync({ [remote: '%s'] },
                        CompletableFuture.delayedExecutor(50, TimeUnit.MILLISECONDS)) }""".formatted(backend.address()))) {
            assertThat(proxy.exchange("hello")).isEqualTo("n<hello>");
        }
    }

    @Test
    void shouldCloseAClientThatEndsBeforeItIsRouted() throws IOException {
        try (Proxy proxy = Proxy.running("proxy { data -> null }")) {
            assertThat(proxy.exchange("")).isEmpty();
            proxy.assertClosedBecause(CloseReason.CLIENT_LEFT);
            assertThat(proxy.exchange("half a request")).isEmpty();
            proxy.assertClosedBecause(CloseReason.CLIENT_LEFT);
        }
    }

    @Test
    void shouldNoticeResetsInEachState() throws IOException {
        try (Backend backend = Backend.manual();
                Proxy proxy = Proxy.running("""
                import java.util.concurrent.*
                proxy { data -> data == 'wait' ? null : data == 'ask' ? new CompletableFuture() : [remote: '%s'] }""".formatted(backend.address()))) {
            for (String state : List.of("wait", "ask")) {
                try (Connection client = proxy.connect()) {
                    client.send(state);
                    proxy.await(() -> proxy.server().sessionCount() == 1);
                    client.reset();
                    proxy.assertClosedBecause(CloseReason.CLIENT_RESET);
                }
            }
            try (Connection client = proxy.connect()) {
                client.send("x");
                Socket socket = backend.next();
                assertThat(socket.getInputStream().read()).isEqualTo('x');
                client.reset();
                // The reset is passed on, as a RST once what was sent had time to arrive.
                try {
                    assertThat(socket.getInputStream().read()).isEqualTo(-1);
                } catch (java.net.SocketException e) {
                    assertThat(e).hasMessageContaining("reset");
                }
                proxy.assertClosedBecause(CloseReason.CLIENT_RESET);
            }
        }
    }

    @Test
    void shouldDeliverWhatABackendSentBeforeItsReset() throws IOException {
        try (Backend backend = new Backend(socket -> {
                    socket.getInputStream().read();
                    socket.getOutputStream().write("partial".getBytes(ISO_8859_1));
                    socket.getOutputStream().flush();
                    // The client's second byte says that the first word has arrived.
                    socket.getInputStream().read();
                    socket.setSoLinger(true, 0);
                    socket.close();
                });
                Proxy proxy = to(backend);
                Connection client = proxy.connect()) {
            client.send("x");
            assertThat(client.receive(7)).isEqualTo("partial");
            client.send("y");
            assertThat(client.receiveAll()).isEmpty();
            proxy.assertClosedBecause(CloseReason.BACKEND_RESET);
        }
    }

    @Test
    void shouldMoveMegabytesBothWaysAtOnceWithoutLosingAByte() throws Exception {
        long seed = System.nanoTime();
        byte[] bytes = new byte[16 << 20];
        new Random(seed).nextBytes(bytes);
        try (Backend backend = Backend.echo();
                Proxy proxy = to(backend);
                Connection client = proxy.connect()) {
            CompletableFuture<Void> writing = CompletableFuture.runAsync(() -> {
                try {
                    Random random = new Random(seed);
                    OutputStream out = client.socket().getOutputStream();
                    for (int i = 0; i < bytes.length; ) {
                        int length = Math.min(bytes.length - i, 1 + random.nextInt(200_000));
                        out.write(bytes, i, length);
                        i += length;
                    }
                    client.finish();
                } catch (IOException e) {
                    throw new java.io.UncheckedIOException(e);
                }
            });
            byte[] back = client.socket().getInputStream().readAllBytes();
            writing.join();
            assertThat(Arrays.equals(back, bytes))
                    .as("same bytes, seed " + seed)
                    .isTrue();
            SessionReport report = proxy.report();
            assertThat(report.bytesUp()).isEqualTo(bytes.length);
            assertThat(report.bytesDown()).isEqualTo(bytes.length);
        }
    }

    @Test
    void shouldMoveSingleBytes() throws IOException {
        try (Backend backend = Backend.echo();
                Proxy proxy = to(backend);
                Connection client = proxy.connect()) {
            for (int i = 0; i < 500; i++) {
                client.send("b");
                assertThat(client.receive(1)).isEqualTo("b");
            }
        }
    }

    @Test
    void shouldHoldABufferOnlyWhileAReceiverIsSlow() throws Exception {
        try (Backend backend = Backend.manual();
                Proxy proxy = to(backend);
                Connection client = proxy.connect()) {
            client.send("x");
            Socket socket = backend.next();
            assertThat(socket.getInputStream().read()).isEqualTo('x');
            // A source that never stops against a sink that does not read: it must come to a halt.
            CompletableFuture<Integer> endless = CompletableFuture.supplyAsync(() -> {
                byte[] chunk = new byte[1 << 16];
                int chunks = 0;
                try {
                    while (chunks < 4_096) {
                        socket.getOutputStream().write(chunk);
                        chunks++;
                    }
                    socket.close();
                } catch (IOException e) {
                    // The session was cut.
                }
                return chunks;
            });
            proxy.await(() -> proxy.server().reactor().pool().out() == 1);
            InputStream in = client.socket().getInputStream();
            long total = 0;
            byte[] sink = new byte[1 << 20];
            for (int n = in.read(sink); n >= 0; n = in.read(sink)) {
                total += n;
            }
            assertThat(total).isEqualTo((long) endless.join() << 16).isEqualTo(4_096L << 16);
            proxy.await(() -> proxy.server().reactor().pool().out() == 0);
        }
    }

    @Test
    void shouldHoldNoBufferForIdleConnections() throws IOException {
        try (Backend backend = Backend.named("n");
                Proxy proxy = to(backend)) {
            List<Connection> idle = new ArrayList<>();
            for (int i = 0; i < 1_000; i++) {
                Connection client = proxy.connect();
                idle.add(client);
                client.send("x");
            }
            for (Connection client : idle) {
                assertThat(client.receive(3)).isEqualTo("n<x");
            }
            assertThat(proxy.ask(() -> proxy.server().reactor().pool().out())).isZero();
            assertThat(proxy.ask(() -> proxy.server().sessionCount())).isEqualTo(1_000);
            for (Connection client : idle) {
                client.close();
            }
            proxy.await(() -> proxy.server().sessionCount() == 0);
        }
    }
}
