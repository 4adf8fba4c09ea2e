package org.proxymachine.admin;

import java.io.IOException;
import java.nio.channels.ClosedByInterruptException;
import org.eclipse.jetty.server.ConnectionFactory;
import org.eclipse.jetty.server.Server;
import org.eclipse.jetty.server.ServerConnector;

/** Listens at an address of TCP, with a thread that accepts and one that selects. */
final class TcpConnector extends ServerConnector {
    private final Acceptance acceptance = new Acceptance();

    TcpConnector(Server server, int backlog, ConnectionFactory factory) {
        super(server, 1, 1, factory);
        setAcceptQueueSize(backlog);
    }

    @Override
    public void accept(int acceptor) throws IOException {
        super.accept(acceptor);
        acceptance.succeeded();
    }

    @Override
    protected boolean handleAcceptFailure(Throwable failure) {
        return isRunning() && !(failure instanceof ClosedByInterruptException) && acceptance.failed(failure);
    }
}
