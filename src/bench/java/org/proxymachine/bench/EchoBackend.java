package org.proxymachine.bench;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.channels.ServerSocketChannel;
import java.nio.channels.SocketChannel;

/** A backend for one connection, which gets back what it sends. */
final class EchoBackend implements AutoCloseable {
    private final ServerSocketChannel listener;

    EchoBackend() throws IOException {
        listener = ServerSocketChannel.open().bind(SpliceAllocation.loopback(0));
        Thread thread = new Thread(this::serve, "echo-backend");
        thread.setDaemon(true);
        thread.start();
    }

    int port() {
        return listener.socket().getLocalPort();
    }

    private void serve() {
        ByteBuffer buffer = ByteBuffer.allocateDirect(4_096);
        try (SocketChannel channel = listener.accept()) {
            while (channel.read(buffer.clear()) >= 0) {
                buffer.flip();
                while (buffer.hasRemaining()) {
                    channel.write(buffer);
                }
            }
        } catch (IOException e) {
            // The measurement is over.
        }
    }

    @Override
    public void close() throws IOException {
        listener.close();
    }
}
