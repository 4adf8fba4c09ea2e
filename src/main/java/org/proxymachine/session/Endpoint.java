package org.proxymachine.session;

import java.io.IOException;
import java.net.SocketAddress;
import java.net.SocketException;
import java.net.StandardSocketOptions;
import java.nio.ByteBuffer;
import java.nio.channels.SelectionKey;
import java.nio.channels.SocketChannel;
import jdk.net.ExtendedSocketOptions;
import org.jspecify.annotations.Nullable;
import org.proxymachine.reactor.Reactor;
import org.proxymachine.reactor.ReadyHandler;

/** One side of a session: a channel and what it waits for. The session that made it closes it. */
final class Endpoint {
    private final Reactor reactor;
    private final SocketChannel channel;
    private final SelectionKey key;
    private int interest;
    private boolean written;
    private long writtenNanos;
    private boolean undelayed;
    private boolean closed;

    /**
     * Set once a write found a reset. The socket tells of its error once, and a read after that sees an end of file, as
     * though the peer had sent a FIN.
     */
    private boolean reset;

    /** Registers a channel, which is in non-blocking mode and from now on this endpoint's to close. */
    Endpoint(Reactor reactor, SocketChannel channel, int interest, ReadyHandler handler) throws IOException {
        this.reactor = reactor;
        this.channel = channel;
        this.interest = interest;
        this.key = reactor.register(channel, interest, handler);
    }

    /** Returns what was read, 0 if there is nothing now, or -1 at the end of file. */
    int read(ByteBuffer buffer) throws EndpointFailure {
        try {
            int read = channel.read(buffer);
            if (read < 0 && reset) {
                throw new SocketException("Connection reset");
            }
            return read;
        } catch (IOException e) {
            throw new EndpointFailure(this, EndpointFailure.Operation.READ, e);
        }
    }

    /** Writes what the kernel takes, and returns how much that was. */
    int write(ByteBuffer buffer) throws EndpointFailure {
        try {
            // Nagle's algorithm (RFC 896) holds back small segments only while earlier bytes are unacknowledged, so the
            // first write never waits, and most short connections need no option set on either side.
            if (written && !undelayed) {
                undelayed = true;
                undelay();
            }
            written = true;
            writtenNanos = reactor.turnNanos();
            return channel.write(buffer);
        } catch (IOException e) {
            // A broken pipe is a reset that came after a FIN: what there is to read is complete.
            reset |= !"Broken pipe".equals(e.getMessage());
            throw new EndpointFailure(this, EndpointFailure.Operation.WRITE, e);
        }
    }

    /** Returns when a write was last tried, as exactly as the beginning of a turn of the loop. */
    long writtenNanos() {
        return writtenNanos;
    }

    private void undelay() {
        try {
            channel.setOption(StandardSocketOptions.TCP_NODELAY, true);
        } catch (IOException | UnsupportedOperationException e) {
            // A unix socket has no delay; and a connection that is gone says so at the write.
        }
    }

    /** Sends a FIN after what was written. */
    void shutdownOutput() {
        try {
            channel.shutdownOutput();
        } catch (IOException e) {
            // ENOTCONN: the peer has reset meanwhile, and there is nobody to tell. The next read finds out.
        }
    }

    /** Completes a connect that was under way. */
    boolean finishConnect() throws IOException {
        return channel.finishConnect();
    }

    /** Returns our end's address, or null. The channel keeps it since the connect: it costs no system call. */
    @Nullable
    SocketAddress localAddress() {
        try {
            return channel.getLocalAddress();
        } catch (IOException e) {
            return null;
        }
    }

    /** Returns the other end's address, or null; without a system call, too. */
    @Nullable
    SocketAddress remoteAddress() {
        try {
            return channel.getRemoteAddress();
        } catch (IOException e) {
            return null;
        }
    }

    void interest(int ops) {
        if (ops != interest && !closed) {
            interest = ops;
            key.interestOps(ops);
        }
    }

    void close() {
        if (!closed) {
            closed = true;
            reactor.close(channel);
        }
    }

    /** Has the kernel probe a peer that is idle, so that one whose host is gone is found out by an error. */
    void keepAlive(KeepAlive times) {
        try {
            // Linux has them, for TCP; a unix socket's peer is on this machine, and cannot go without a word.
            if (!closed && channel.supportedOptions().contains(ExtendedSocketOptions.TCP_KEEPIDLE)) {
                channel.setOption(ExtendedSocketOptions.TCP_KEEPIDLE, times.idleSeconds());
                channel.setOption(ExtendedSocketOptions.TCP_KEEPINTERVAL, times.intervalSeconds());
                channel.setOption(ExtendedSocketOptions.TCP_KEEPCOUNT, times.probes());
                channel.setOption(StandardSocketOptions.SO_KEEPALIVE, true);
            }
        } catch (IOException e) {
            // A connection that is gone says so at the next read.
        }
    }

    /**
     * Asks whether a peer that has sent its FIN is gone by now, where nothing else is waited for: an end of file hides a
     * reset from read(2), and without interest epoll(7) says nothing. A connected channel is never ready for OP_CONNECT,
     * but for an error or a hang-up, of which the selector tells as of everything that is asked for. To be followed by
     * {@link #interest} in the next turn, as the loop would spin.
     */
    void probe() {
        if (interest == 0) {
            interest(SelectionKey.OP_CONNECT);
        }
    }

    /**
     * Makes the send buffer as small as it may be, 4,608 bytes (socket(7), SO_SNDBUF): from then on it is ready for a write
     * only while the kernel holds no more than about 3,000 bytes, its own overhead included, that the peer has not
     * acknowledged. Nothing is to be written any more.
     */
    void narrow() {
        try {
            channel.setOption(StandardSocketOptions.SO_SNDBUF, 1);
        } catch (IOException | UnsupportedOperationException e) {
            // A connection that is gone says so at the next read.
        }
    }

    /** Closes with a RST, which also destroys what the kernel has not delivered yet: never with bytes still owed. */
    void reset() {
        if (!closed) {
            try {
                channel.setOption(StandardSocketOptions.SO_LINGER, 0);
            } catch (IOException | UnsupportedOperationException e) {
                // A unix socket has no RST, and a connection that the peer has reset needs none: a plain close then.
            }
            close();
        }
    }
}
