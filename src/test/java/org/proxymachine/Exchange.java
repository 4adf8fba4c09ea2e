package org.proxymachine;

import static java.nio.charset.StandardCharsets.ISO_8859_1;
import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.net.InetSocketAddress;
import java.net.Socket;
import java.util.EnumSet;
import java.util.Random;
import java.util.Set;
import java.util.SplittableRandom;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import org.proxymachine.session.CloseReason;
import org.proxymachine.session.SessionReport;

/** One connection through the proxy whose two sides do what a seed says. */
final class Exchange {
    static final int HEADER = 9;

    /** Answers by the first byte; the eight digits behind it tell the backend which exchange this is. */
    static final String SCRIPT = """
            import java.util.concurrent.*
            proxy { data ->
                if (data.size() < 9) return null
                switch (data[0]) {
                    case 'r': return [remote: '%1$s', reply: 'reply']
                    case 'l': return [remote: ['127.0.0.1:%2$d', '%1$s']]
                    case 'f': return CompletableFuture.supplyAsync { [remote: '%1$s'] }
                    default: return [remote: '%1$s']
                }
            }""";

    private static final Set<CloseReason> POSSIBLE = EnumSet.of(
            CloseReason.DONE,
            CloseReason.CLIENT_LEFT,
            CloseReason.CLIENT_RESET,
            CloseReason.BACKEND_CLOSED,
            CloseReason.BACKEND_RESET);

    private final int number;
    private final char mode;
    private final Side client;
    private final Side backend;
    private final Stream up;
    private final Stream down;
    private final CountDownLatch backendDone = new CountDownLatch(1);

    Exchange(long seed, int number) {
        Random random = new Random(new SplittableRandom(seed + number).nextLong());
        this.number = number;
        this.mode = "prlf".charAt(random.nextInt(4));
        // Were both to read at last, each might wait for the other for ever.
        boolean clientMay = random.nextBoolean();
        this.client = new Side(random, clientMay);
        this.backend = new Side(random, !clientMay);
        this.up = new Stream(2 * (seed + number));
        this.down = new Stream(2 * (seed + number) + 1);
    }

    /** Does the client's side, and waits for the backend's where that is sure to be reached. */
    void runClient(Socket socket, InetSocketAddress proxy) throws IOException, InterruptedException {
        socket.connect(proxy, Backend.DEADLINE_MILLIS);
        try (Peer peer = Peer.of(socket, up, down)) {
            peer.say("%c%08d".formatted(mode, number));
            client.run(peer, mode == 'r' ? "reply" : "", backend);
        }
        if (client.isOrderly()) {
            assertThat(backendDone.await(2L * Backend.DEADLINE_MILLIS, TimeUnit.MILLISECONDS))
                    .as("the backend had its side of %s", this)
                    .isTrue();
            client.check(backend);
        }
    }

    void runBackend(Socket socket) throws IOException {
        try (Peer peer = Peer.of(socket, down, up)) {
            backend.run(peer, "", client);
        } finally {
            backendDone.countDown();
        }
        backend.check(client);
    }

    /** The number in a header. */
    static int number(byte[] header) {
        return Integer.parseInt(new String(header, 1, 8, ISO_8859_1));
    }

    int number() {
        return number;
    }

    void check(SessionReport report) {
        assertThat(report.reason()).isIn(POSSIBLE);
        assertThat(report.routeNanos()).isBetween(-1L, report.totalNanos());
        assertThat(report.connectNanos()).isBetween(-1L, report.totalNanos());
        if (client.isOrderly() && backend.isOrderly()) {
            // Without a byte, and before the client has ended, an end in good order is worth a word too.
            assertThat(report.reason())
                    .isIn(CloseReason.DONE, backend.bytes() == 0 ? CloseReason.BACKEND_CLOSED : CloseReason.DONE);
            assertThat(report.bytesUp()).isEqualTo(HEADER + client.bytes());
            assertThat(report.bytesDown()).isEqualTo(backend.bytes() + (mode == 'r' ? 5 : 0));
            assertThat(report.connectAttempts()).isEqualTo(mode == 'l' ? 2 : 1);
        }
    }

    @Override
    public String toString() {
        return "exchange " + number + " " + mode + ", client " + client + ", backend " + backend;
    }
}
