package org.proxymachine.session;

import static java.nio.charset.StandardCharsets.US_ASCII;
import static org.assertj.core.api.Assertions.assertThat;

import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.StandardSocketOptions;
import java.nio.ByteBuffer;
import java.nio.channels.ServerSocketChannel;
import java.nio.channels.SocketChannel;
import org.junit.jupiter.api.Test;
import org.proxymachine.reactor.Clock;
import org.proxymachine.reactor.Reactor;

class PendingBytesTest {
    /** More than the kernel takes of somebody whose peer does not read, and no more than the reactor's buffer holds. */
    private static final int LARGE = 500_000;

    @Test
    void shouldGiveEachReceiverItsOwnPrefaceAndCountNoneOfThem() throws Exception {
        try (Reactor reactor = new Reactor(Clock.system(), 0);
                ServerSocketChannel listener =
                        ServerSocketChannel.open().bind(new InetSocketAddress(InetAddress.getLoopbackAddress(), 0));
                SocketChannel first = SocketChannel.open(listener.getLocalAddress());
                SocketChannel second = SocketChannel.open(listener.getLocalAddress())) {
            PendingBytes bytes = new PendingBytes(reactor.pool());
            bytes.preface(new byte[LARGE]);
            bytes.append("hello".getBytes(US_ASCII));
            first.setOption(StandardSocketOptions.SO_SNDBUF, 4_096);
            assertThat(bytes.writeTo(endpoint(reactor, first), reactor.scratch()))
                    .isZero();
            assertThat(bytes.size()).isEqualTo(5);
            bytes.preface("second ".getBytes(US_ASCII));
            assertThat(bytes.writeTo(endpoint(reactor, second), reactor.scratch()))
                    .isEqualTo(5);
            assertThat(bytes.isEmpty()).isTrue();
            listener.accept().close();
            try (SocketChannel accepted = listener.accept()) {
                ByteBuffer got = ByteBuffer.allocate(12);
                second.shutdownOutput();
                while (accepted.read(got) > 0) {
                    // Until all is there.
                }
                assertThat(new String(got.array(), US_ASCII)).isEqualTo("second hello");
            }
        }
    }

    private static Endpoint endpoint(Reactor reactor, SocketChannel channel) throws Exception {
        channel.configureBlocking(false);
        return new Endpoint(reactor, channel, 0, ops -> {});
    }
}
