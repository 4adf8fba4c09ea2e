package org.proxymachine.server;

import java.io.IOException;
import java.net.Inet4Address;
import java.net.InetSocketAddress;
import java.net.SocketAddress;
import java.net.StandardProtocolFamily;
import java.net.StandardSocketOptions;
import java.net.UnixDomainSocketAddress;
import java.nio.channels.SelectionKey;
import java.nio.channels.ServerSocketChannel;
import java.nio.channels.SocketChannel;
import java.time.Duration;
import org.jspecify.annotations.Nullable;
import org.proxymachine.reactor.Reactor;
import org.proxymachine.reactor.Timer;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * A listening socket. Accepts in bounded batches, pauses while there is no room or no descriptor, and at the end takes
 * what the kernel had accepted already before it closes. Belongs to the reactor's thread.
 */
final class Listener {
    private static final Logger LOG = LoggerFactory.getLogger(Listener.class);

    /** Asked for; net.core.somaxconn caps it (listen(2)). A small backlog turns a burst of clients into SYN retries. */
    private static final int BACKLOG = 65_535;

    /** Accepted in a row before other sockets get their turn. */
    private static final int BATCH = 64;

    private static final Duration RETRY_AFTER_FAILURE = Duration.ofMillis(100);
    private static final Duration BETWEEN_TURNED_AWAY = Duration.ofMillis(100);
    private static final Duration WARN_INTERVAL = Duration.ofSeconds(10);

    /** Who takes accepted connections. */
    interface Acceptor {
        boolean hasRoom();

        /** A client has waited for room for too long. It is closed, whoever it is. */
        void turnedAway();

        /** A client has come to this address. */
        void accepted(SocketChannel channel, SocketAddress local) throws IOException;

        /** The listener is closed: every connection that the kernel had accepted was handed over. */
        void listenerClosed();
    }

    private final Reactor reactor;
    private final ServerSocketChannel channel;
    private final @Nullable SocketFile file;
    private final SocketAddress address;
    private final boolean passed;
    private final Acceptor acceptor;
    private final Timer retry;
    private final Timer patience;
    private final SelectionKey key;
    private final Duration maxWait;
    private boolean warned;
    private long warnedNanos;
    private boolean paused;
    private boolean draining;
    private int drained;
    private boolean closed;

    /**
     * Binds and listens.
     *
     * @param options whether to share a TCP address, and the mode of a unix socket's file
     * @throws IOException if the address is taken or not this machine's
     */
    Listener(Reactor reactor, SocketAddress address, ServerOptions options, Acceptor acceptor) throws IOException {
        this.reactor = reactor;
        this.acceptor = acceptor;
        this.retry = reactor.timer(this::resume);
        this.patience = reactor.timer(this::turnAway);
        this.maxWait = options.limits().routeTimeout();
        this.passed = false;
        this.channel = ServerSocketChannel.open(family(address));
        try {
            channel.configureBlocking(false);
            this.key = reactor.register(channel, SelectionKey.OP_ACCEPT, ops -> accept());
            if (address instanceof UnixDomainSocketAddress unix) {
                this.file = SocketFile.bind(
                        unix.getPath(),
                        options.socketMode(),
                        inside -> channel.bind(UnixDomainSocketAddress.of(inside), BACKLOG));
                this.address = address;
            } else {
                channel.setOption(StandardSocketOptions.SO_REUSEADDR, true);
                if (options.reusePort()) {
                    channel.setOption(StandardSocketOptions.SO_REUSEPORT, true);
                }
                channel.bind(address, BACKLOG);
                this.file = null;
                this.address = channel.getLocalAddress();
            }
        } catch (IOException | RuntimeException e) {
            channel.close();
            throw e;
        }
    }

    /** Takes a socket that listens already, and that others go on listening on when this one is closed. */
    Listener(Reactor reactor, ServerSocketChannel channel, Duration maxWait, Acceptor acceptor) throws IOException {
        this.reactor = reactor;
        this.acceptor = acceptor;
        this.retry = reactor.timer(this::resume);
        this.patience = reactor.timer(this::turnAway);
        this.maxWait = maxWait;
        this.passed = true;
        this.channel = channel;
        this.file = null;
        channel.configureBlocking(false);
        this.key = reactor.register(channel, SelectionKey.OP_ACCEPT, ops -> accept());
        this.address = channel.getLocalAddress();
    }

    // A dual-stack socket bound to 0.0.0.0 would listen on every v6 address too.
    private static StandardProtocolFamily family(SocketAddress address) {
        if (address instanceof InetSocketAddress inet) {
            return inet.getAddress() instanceof Inet4Address
                    ? StandardProtocolFamily.INET
                    : StandardProtocolFamily.INET6;
        }
        return StandardProtocolFamily.UNIX;
    }

    SocketAddress address() {
        return address;
    }

    private void accept() {
        for (int i = 0; i < BATCH; i++) {
            if (!acceptor.hasRoom()) {
                pause();
                patience.arm(reactor.after(maxWait));
                return;
            }
            if (!acceptOne()) {
                return;
            }
        }
    }

    private void pause() {
        paused = true;
        if (!draining) {
            key.interestOps(0);
        }
    }

    /**
     * Nobody has left for as long as a client may wait: then those who wait are closed, one at a time, until somebody
     * leaves. Some of them may be what the sessions wait for that hold all the places: a client whose destination leads
     * back here, through an address translation or another proxy, where nothing shows it.
     */
    private void turnAway() {
        if (closed || draining || !paused || acceptor.hasRoom()) {
            return;
        }
        try (SocketChannel waiting = channel.accept()) {
            if (waiting != null) {
                acceptor.turnedAway();
                patience.arm(reactor.after(BETWEEN_TURNED_AWAY));
                return;
            }
        } catch (IOException e) {
            warn(e);
        }
        patience.arm(reactor.after(maxWait));
    }

    private boolean acceptOne() {
        try {
            SocketChannel accepted = channel.accept();
            if (accepted == null) {
                if (draining) {
                    closeAtOnce();
                }
                return false;
            }
            // Of a unix socket the kernel knows the name that it was bound to, which is not the one it has.
            acceptor.accepted(accepted, file != null ? address : accepted.getLocalAddress());
            return true;
        } catch (IOException e) {
            // Out of descriptors most likely. The connection stays in the backlog, and so the socket ready: without a
            // pause the loop would spin.
            warn(e);
            pause();
            retry.arm(reactor.after(RETRY_AFTER_FAILURE));
            return false;
        }
    }

    // Sessions that end free descriptors one at a time, and each may be followed by the next failure: one line for all.
    private void warn(IOException e) {
        if (!warned || reactor.nowNanos() - warnedNanos > WARN_INTERVAL.toNanos()) {
            warned = true;
            warnedNanos = reactor.nowNanos();
            LOG.warn("cannot accept: {}; trying again when a connection ends", e.getMessage());
        }
    }

    /** Accepts again, if there is room: a session has ended, or the pause is over. */
    void resume() {
        if (closed || !paused) {
            return;
        }
        if (draining) {
            paused = false;
            reactor.execute(this::takeTheRest);
        } else if (acceptor.hasRoom()) {
            paused = false;
            patience.disarm();
            key.interestOps(SelectionKey.OP_ACCEPT);
        }
    }

    /** Takes what the kernel has accepted so far, then closes; of a passed socket leaves it to the next process. */
    void drain() {
        if (passed) {
            close();
            return;
        }
        // First, so that nobody comes between the last accept and the close.
        removeFile();
        draining = true;
        paused = false;
        // Only its close stops clients from coming, and resets those who came after the last accept: so the two must be
        // next to each other, which they are only outside of the selector.
        reactor.deregister(channel, this::takeTheRest);
    }

    // There is room for all: the kernel told these clients that they are connected.
    private void takeTheRest() {
        for (int i = 0; i < BATCH && !closed; i++) {
            if (!acceptOne()) {
                return;
            }
            drained++;
            if (drained > BACKLOG) {
                // All that were in the queue when the drain began are ahead of these, who come faster than we can
                // accept.
                closeAtOnce();
            }
        }
        if (!closed) {
            reactor.execute(this::takeTheRest);
        }
    }

    private void closeAtOnce() {
        closed = true;
        try {
            channel.close();
        } catch (IOException e) {
            LOG.debug("close: {}", e.toString());
        }
        retry.disarm();
        patience.disarm();
        acceptor.listenerClosed();
    }

    void close() {
        if (!closed) {
            closed = true;
            removeFile();
            retry.disarm();
            patience.disarm();
            reactor.close(channel);
            acceptor.listenerClosed();
        }
    }

    /** Removes the file of a unix socket. Any thread. */
    void removeFile() {
        if (file != null) {
            file.remove();
        }
    }
}
