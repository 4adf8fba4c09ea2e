package org.proxymachine;

import java.io.IOException;
import java.net.InetSocketAddress;
import java.nio.ByteBuffer;
import java.nio.channels.SelectionKey;
import java.nio.channels.Selector;
import java.nio.channels.SocketChannel;
import java.nio.charset.StandardCharsets;
import java.util.concurrent.TimeUnit;

/** Clients that all connect at once, say the same, and read to the end. */
final class Burst {
    private static final long DEADLINE_SECONDS = 50;

    private final byte[] request;
    private final String expected;
    private final ByteBuffer buffer = ByteBuffer.allocate(1_024);
    private int served;

    private Burst(String request, String expected) {
        this.request = request.getBytes(StandardCharsets.ISO_8859_1);
        this.expected = expected;
    }

    /** Returns how many of the clients got what is expected, within the deadline. */
    static int of(int clients, InetSocketAddress address, String request, String expected) throws IOException {
        Burst burst = new Burst(request, expected);
        try (Selector selector = Selector.open()) {
            for (int i = 0; i < clients; i++) {
                SocketChannel channel = SocketChannel.open();
                channel.configureBlocking(false);
                channel.connect(address);
                channel.register(selector, SelectionKey.OP_CONNECT, "");
            }
            long deadline = System.nanoTime() + TimeUnit.SECONDS.toNanos(DEADLINE_SECONDS);
            while (!selector.keys().isEmpty() && System.nanoTime() - deadline < 0) {
                selector.select(burst::ready, 1_000);
            }
            for (SelectionKey key : selector.keys()) {
                key.channel().close();
            }
        }
        return burst.served;
    }

    private void ready(SelectionKey key) {
        SocketChannel channel = (SocketChannel) key.channel();
        String answer = (String) key.attachment();
        try {
            if (key.isConnectable()) {
                channel.finishConnect();
                channel.write(ByteBuffer.wrap(request));
                key.interestOps(SelectionKey.OP_READ);
                return;
            }
            int read = channel.read(buffer.clear());
            if (read < 0) {
                served += answer.equals(expected) ? 1 : 0;
                channel.close();
            } else {
                key.attach(answer + StandardCharsets.ISO_8859_1.decode(buffer.flip()));
            }
        } catch (IOException e) {
            throw new AssertionError(e);
        }
    }
}
