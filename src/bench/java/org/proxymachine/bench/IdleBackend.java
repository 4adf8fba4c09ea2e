package org.proxymachine.bench;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.nio.ByteBuffer;
import java.nio.channels.ServerSocketChannel;
import java.nio.channels.SocketChannel;
import java.util.Queue;
import java.util.concurrent.ConcurrentLinkedQueue;

/** A backend that answers each connection's first bytes with one, and then keeps it and says nothing. */
final class IdleBackend implements AutoCloseable {
    private final ServerSocketChannel listener;
    private final Queue<SocketChannel> kept = new ConcurrentLinkedQueue<>();

    IdleBackend() throws IOException {
        listener = ServerSocketChannel.open();
        listener.bind(new InetSocketAddress(InetAddress.getLoopbackAddress(), 0), 4_096);
        Thread thread = new Thread(this::serve, "idle-backend");
        thread.setDaemon(true);
        thread.start();
    }

    private void serve() {
        ByteBuffer buffer = ByteBuffer.allocateDirect(4_096);
        while (listener.isOpen()) {
            try {
                SocketChannel channel = listener.accept();
                kept.add(channel);
                channel.read(buffer.clear());
                channel.write(buffer.clear().limit(1));
            } catch (IOException e) {
                // The listener was closed, or this client is gone: the measurement will miss it.
            }
        }
    }

    int port() {
        try {
            return ((InetSocketAddress) listener.getLocalAddress()).getPort();
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    /** Lets go of all connections. */
    void clear() {
        for (SocketChannel channel = kept.poll(); channel != null; channel = kept.poll()) {
            closeQuietly(channel);
        }
    }

    static void closeQuietly(AutoCloseable channel) {
        try {
            channel.close();
        } catch (Exception e) {
            // It is thrown away.
        }
    }

    @Override
    public void close() {
        closeQuietly(listener);
        clear();
    }
}
