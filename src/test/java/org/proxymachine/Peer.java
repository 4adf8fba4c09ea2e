package org.proxymachine;

import static java.nio.charset.StandardCharsets.ISO_8859_1;
import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.net.InetSocketAddress;
import java.net.Socket;
import java.net.SocketException;
import java.time.Duration;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;

/**
 * One end of a connection, client or backend, told step by step what to do: {@code client.send(1_000).fin()}. Each side
 * sends a stream of its own and compares every byte it gets with the other's. Every read has a deadline; what may block
 * on a write is done {@link #meanwhile}.
 */
final class Peer implements AutoCloseable {
    private static final Stream FROM_CLIENT = new Stream(1);
    private static final Stream FROM_BACKEND = new Stream(2);
    private static final int CHUNK = 64 * 1024;

    /** More than anybody takes. */
    static final long ENDLESS = 1L << 60;

    /** How the other side's bytes end. */
    enum End {
        FIN,
        RST
    }

    /** What a peer is told to do on a thread of its own. */
    interface Steps {
        void take(Peer peer) throws IOException;
    }

    private final Socket socket;
    private final Stream outgoing;
    private final Stream incoming;
    private final byte[] buffer = new byte[CHUNK];
    private long sentBytes;
    private long receivedBytes;

    private Peer(Socket socket, Stream outgoing, Stream incoming) throws IOException {
        this.socket = socket;
        this.outgoing = outgoing;
        this.incoming = incoming;
        socket.setSoTimeout(Backend.DEADLINE_MILLIS);
        socket.setTcpNoDelay(true);
    }

    static Peer client(InetSocketAddress proxy) throws IOException {
        return client(proxy, new Socket());
    }

    /** A client whose kernel takes only a few kilobytes that it has not read. */
    static Peer clientWithASmallWindow(InetSocketAddress proxy) throws IOException {
        Socket socket = new Socket();
        socket.setReceiveBufferSize(4_096);
        return client(proxy, socket);
    }

    private static Peer client(InetSocketAddress proxy, Socket socket) throws IOException {
        socket.connect(proxy, Backend.DEADLINE_MILLIS);
        return of(socket, FROM_CLIENT, FROM_BACKEND);
    }

    static Peer backend(Socket accepted) throws IOException {
        return of(accepted, FROM_BACKEND, FROM_CLIENT);
    }

    /** A peer with streams of its own, so that bytes that went astray between connections are found out. */
    static Peer of(Socket connected, Stream outgoing, Stream incoming) throws IOException {
        return new Peer(connected, outgoing, incoming);
    }

    /** Sends the next bytes of its stream. */
    Peer send(long bytes) throws IOException {
        for (long end = sentBytes + bytes; sentBytes < end; ) {
            int length = (int) Math.min(CHUNK, end - sentBytes);
            byte[] chunk = new byte[length];
            outgoing.fill(chunk, length, sentBytes);
            socket.getOutputStream().write(chunk);
            sentBytes += length;
        }
        return this;
    }

    /** Sends this, beside the stream. */
    Peer say(String text) throws IOException {
        socket.getOutputStream().write(text.getBytes(ISO_8859_1));
        return this;
    }

    /** Expects exactly this, beside the stream. */
    Peer hear(String text) throws IOException {
        assertThat(new String(socket.getInputStream().readNBytes(text.length()), ISO_8859_1))
                .isEqualTo(text);
        return this;
    }

    /** Expects the next bytes of the other side's stream. */
    Peer receive(long bytes) throws IOException {
        for (long end = receivedBytes + bytes; receivedBytes < end; ) {
            int read = socket.getInputStream().read(buffer, 0, (int) Math.min(CHUNK, end - receivedBytes));
            if (read < 0) {
                throw new AssertionError("end after " + receivedBytes + " bytes, expected " + end);
            }
            incoming.verify(buffer, read, receivedBytes);
            receivedBytes += read;
        }
        return this;
    }

    /** Expects the other side's stream to go on as it will, and says how it ended. */
    End receiveToTheEnd() throws IOException {
        return receiveToTheEnd(CHUNK);
    }

    /** The same, with reads of so many bytes at most. */
    End receiveToTheEnd(int chunk) throws IOException {
        try {
            for (int read; (read = socket.getInputStream().read(buffer, 0, chunk)) >= 0; receivedBytes += read) {
                incoming.verify(buffer, read, receivedBytes);
            }
            return End.FIN;
        } catch (SocketException e) {
            if (!String.valueOf(e.getMessage()).contains("reset")) {
                throw e;
            }
            return End.RST;
        }
    }

    /** Expects nothing but this end. */
    Peer expect(End end) throws IOException {
        long before = receivedBytes;
        assertThat(receiveToTheEnd()).isEqualTo(end);
        assertThat(receivedBytes).as("bytes before the end").isEqualTo(before);
        return this;
    }

    /** Expects nothing but an end, where TCP allows both: one side closed while bytes were on their way to it. */
    Peer expectAnEnd() throws IOException {
        long before = receivedBytes;
        receiveToTheEnd();
        assertThat(receivedBytes).as("bytes before the end").isEqualTo(before);
        return this;
    }

    /** Sends no more. */
    Peer fin() throws IOException {
        socket.shutdownOutput();
        return this;
    }

    /** Ends with a RST. */
    void reset() throws IOException {
        socket.setSoLinger(true, 0);
        socket.close();
    }

    /** Sends without an end, until the connection is gone. */
    void flood() {
        start(() -> {
            try {
                send(ENDLESS);
            } catch (IOException e) {
                // It is.
            }
        });
    }

    /** Does this on a thread of its own; to be joined, which has a deadline. */
    CompletableFuture<Void> meanwhile(Steps steps) {
        return meanwhile(steps, Duration.ofMillis(2L * Backend.DEADLINE_MILLIS));
    }

    /** The same, for what takes long. */
    CompletableFuture<Void> meanwhile(Steps steps, Duration deadline) {
        CompletableFuture<Void> done = new CompletableFuture<>();
        start(() -> {
            try {
                steps.take(this);
                done.complete(null);
            } catch (IOException | RuntimeException | AssertionError e) {
                done.completeExceptionally(e);
            }
        });
        return done.orTimeout(deadline.toMillis(), TimeUnit.MILLISECONDS);
    }

    private static void start(Runnable work) {
        Thread thread = new Thread(work, "peer");
        thread.setDaemon(true);
        thread.start();
    }

    long sentBytes() {
        return sentBytes;
    }

    long receivedBytes() {
        return receivedBytes;
    }

    InetSocketAddress address() {
        return (InetSocketAddress) socket.getLocalSocketAddress();
    }

    /** The other end's. */
    int remotePort() {
        return socket.getPort();
    }

    @Override
    public void close() throws IOException {
        socket.close();
    }
}
