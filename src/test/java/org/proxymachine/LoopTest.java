package org.proxymachine;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.ServerSocket;
import java.net.Socket;
import java.time.Duration;
import org.junit.jupiter.api.Test;

/** A client whose destination leads back to the proxy where nothing shows it: through a relay, as through a translation. */
class LoopTest {

    /** Connects each client to the proxy, and passes on bytes, FINs and closes, one thread a direction. */
    private static final class Relay implements AutoCloseable {
        private final ServerSocket listener = new ServerSocket(0, 100, InetAddress.getLoopbackAddress());
        private volatile InetSocketAddress target = new InetSocketAddress(InetAddress.getLoopbackAddress(), 1);

        Relay() throws IOException {
            start(this::relay);
        }

        private static void start(Runnable work) {
            Thread thread = new Thread(work, "relay");
            thread.setDaemon(true);
            thread.start();
        }

        private void relay() {
            try {
                while (true) {
                    Socket from = listener.accept();
                    Socket to = new Socket();
                    to.connect(target, Backend.DEADLINE_MILLIS);
                    start(() -> pass(from, to));
                    start(() -> pass(to, from));
                }
            } catch (IOException e) {
                // The test is over.
            }
        }

        private static void pass(Socket from, Socket to) {
            try {
                from.getInputStream().transferTo(to.getOutputStream());
                to.shutdownOutput();
            } catch (IOException e) {
                close(from);
                close(to);
            }
        }

        private static void close(Socket socket) {
            try {
                socket.close();
            } catch (IOException e) {
                throw new UncheckedIOException(e);
            }
        }

        int port() {
            return listener.getLocalPort();
        }

        @Override
        public void close() throws IOException {
            listener.close();
        }
    }

    @Test
    void shouldRecoverFromAClientThatLoopsThroughAnother() throws IOException {
        Proxy.Setup setup = new Proxy.Setup();
        setup.maxConnections = 10;
        try (Relay relay = new Relay();
                Scene scene = new Scene(
                        "proxy { data -> data.startsWith('!') ? [close: 'served'] : [remote: '127.0.0.1:%d'] }"
                                .formatted(relay.port()),
                        setup)) {
            relay.target = scene.proxy().address();
            try (Connection loop = scene.proxy().connect()) {
                loop.send("x");
                scene.awaitSessions(10);
                loop.leave();
                // Full, though the client is gone: each session waits for the next, and the last for a place here.
                try (Connection waiting = scene.proxy().connect()) {
                    waiting.send("!");
                    scene.pass(Duration.ofSeconds(29));
                    assertThat(scene.proxy().ask(() -> scene.proxy().server().sessionCount()))
                            .isEqualTo(10);
                    scene.proxy().await(() -> {
                        scene.clock().advance(Duration.ofSeconds(1));
                        return scene.proxy().server().sessionCount() == 0;
                    });
                }
            }
            assertThat(scene.proxy().exchange("!")).isEqualTo("served");
        }
    }

    @Test
    void shouldNotCloseThoseWhoWaitWhileSessionsEnd() throws IOException {
        Proxy.Setup setup = new Proxy.Setup();
        setup.maxConnections = 1;
        try (Scene scene = new Scene("proxy { data -> data == 'wait' ? null : [close: 'served'] }", setup)) {
            for (int i = 0; i < 3; i++) {
                try (Connection first = scene.proxy().connect().send("wait")) {
                    scene.awaitSessions(1);
                    try (Connection second = scene.proxy().connect().send("!")) {
                        scene.pass(Duration.ofSeconds(20));
                        first.leave();
                        assertThat(second.receiveAll()).isEqualTo("served");
                    }
                    scene.awaitSessions(0);
                }
            }
        }
    }
}
