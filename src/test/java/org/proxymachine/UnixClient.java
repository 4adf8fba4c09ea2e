package org.proxymachine;

import static java.nio.charset.StandardCharsets.ISO_8859_1;

import java.io.IOException;
import java.net.StandardProtocolFamily;
import java.net.UnixDomainSocketAddress;
import java.nio.ByteBuffer;
import java.nio.channels.SelectionKey;
import java.nio.channels.Selector;
import java.nio.channels.SocketChannel;
import java.nio.file.Path;

/** A client of a test over a unix socket: every read has a deadline. */
final class UnixClient implements AutoCloseable {
    private final SocketChannel channel = SocketChannel.open(StandardProtocolFamily.UNIX);

    UnixClient(Path path) throws IOException {
        channel.connect(UnixDomainSocketAddress.of(path));
    }

    /** A client whose own end has a name. */
    UnixClient(Path own, Path path) throws IOException {
        channel.bind(UnixDomainSocketAddress.of(own));
        channel.connect(UnixDomainSocketAddress.of(path));
    }

    UnixClient send(String bytes) throws IOException {
        channel.write(ByteBuffer.wrap(bytes.getBytes(ISO_8859_1)));
        return this;
    }

    UnixClient finish() throws IOException {
        channel.shutdownOutput();
        return this;
    }

    /** Everything up to the end. */
    String receiveAll() throws IOException {
        StringBuilder all = new StringBuilder();
        ByteBuffer buffer = ByteBuffer.allocate(1_024);
        channel.configureBlocking(false);
        try (Selector selector = Selector.open()) {
            channel.register(selector, SelectionKey.OP_READ);
            while (channel.read(buffer.clear()) >= 0) {
                all.append(ISO_8859_1.decode(buffer.flip()));
                selector.selectedKeys().clear();
                if (selector.select(Backend.DEADLINE_MILLIS) == 0) {
                    throw new AssertionError("no end after " + all);
                }
            }
        }
        return all.toString();
    }

    @Override
    public void close() throws IOException {
        channel.close();
    }
}
