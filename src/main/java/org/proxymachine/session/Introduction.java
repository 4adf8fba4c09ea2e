package org.proxymachine.session;

import java.net.InetSocketAddress;
import java.nio.ByteBuffer;
import java.nio.channels.SelectionKey;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import org.jspecify.annotations.Nullable;
import org.proxymachine.route.Client;
import org.proxymachine.sniff.NeedMore;
import org.proxymachine.sniff.ProxyHeader;
import org.proxymachine.sniff.Waiting;

/**
 * The beginning of the state PREREAD where the peer is a proxy that has to say whom it speaks for: waits for its PROXY
 * header, and takes it off. Until then the router does not hear of the client.
 */
final class Introduction implements Phase {
    private final Session session;
    private final Client client;
    private @Nullable Waiting waiting;

    Introduction(Session session, Client client) {
        this.session = session;
        this.client = client;
    }

    @Override
    public void clientReady(int readyOps) throws EndpointFailure {
        PendingBytes bytes = session.up().pending();
        int limit = session.context().limits().maxPrereadBytes();
        ByteBuffer scratch = session.reactor().scratch();
        scratch.limit(Math.min(limit - bytes.size(), scratch.capacity()));
        int read = session.client().read(scratch);
        if (read < 0) {
            ended();
        } else if (read > 0) {
            session.up().received(read);
            bytes.append(scratch.flip());
            look(limit);
        }
    }

    private void ended() {
        session.up().sourceEnded();
        if (session.up().pending().isEmpty()) {
            // A health check, most likely.
            session.end(CloseReason.CLIENT_LEFT);
        } else {
            refuse("the end after " + bytes());
        }
    }

    private void look(int limit) {
        PendingBytes bytes = session.up().pending();
        if (waiting != null && waiting.goesOn(bytes.array(), bytes.size()) && bytes.size() < limit) {
            return;
        }
        String said = new String(bytes.array(), 0, bytes.size(), StandardCharsets.ISO_8859_1);
        ProxyHeader header;
        try {
            header = ProxyHeader.parse(said);
        } catch (NeedMore e) {
            waiting = e.waitingAfter(said);
            if (bytes.size() >= limit) {
                refuse("no end of it within " + bytes());
            }
            return;
        }
        if (header == null) {
            refuse(ProxyHeader.problem(said));
            return;
        }
        bytes.replace(header.length(), new byte[0]);
        session.up().received(-header.length());
        client.introduce(header.tlvs());
        introduce(header.source(), header.destination());
    }

    // Without addresses where the proxy speaks for itself, as it does to see whether we are here, or cannot tell.
    private void introduce(@Nullable InetSocketAddress source, @Nullable InetSocketAddress destination) {
        if (source != null && destination != null) {
            client.introduce(source, destination);
        }
        session.introduced(client);
    }

    private void refuse(String found) {
        session.listener()
                .headerMissing(
                        session,
                        "expected a PROXY header, version 1 or 2, as --accept-proxy says of this client, found "
                                + found);
        session.end(CloseReason.PROXY_HEADER);
    }

    private String bytes() {
        return session.up().pending().size() + " bytes";
    }

    @Override
    public void expired() {
        Duration timeout = session.context().limits().routeTimeout();
        refuse(bytes() + " within " + timeout.toMillis() / 1000.0 + " s");
    }

    @Override
    public void failed(EndpointFailure failure) {
        session.close(CloseReason.CLIENT_RESET);
    }

    @Override
    public int clientOps() {
        return SelectionKey.OP_READ;
    }
}
