package org.proxymachine.admin;

import java.io.IOException;
import java.nio.channels.ClosedByInterruptException;
import java.nio.file.Path;
import org.eclipse.jetty.server.ConnectionFactory;
import org.eclipse.jetty.server.Server;
import org.eclipse.jetty.unixdomain.server.UnixDomainServerConnector;

/** Listens at a unix socket, with a thread that accepts and one that selects. */
final class UnixConnector extends UnixDomainServerConnector {
    private final Acceptance acceptance = new Acceptance();

    UnixConnector(Server server, Path path, int backlog, ConnectionFactory factory) {
        super(server, 1, 1, factory);
        setUnixDomainPath(path);
        setAcceptQueueSize(backlog);
    }

    @Override
    protected void accept(int acceptor) throws IOException {
        super.accept(acceptor);
        acceptance.succeeded();
    }

    @Override
    protected boolean handleAcceptFailure(Throwable failure) {
        return isRunning() && !(failure instanceof ClosedByInterruptException) && acceptance.failed(failure);
    }
}
