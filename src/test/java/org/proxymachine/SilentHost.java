package org.proxymachine;

import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.ServerSocket;
import java.net.Socket;
import java.net.SocketTimeoutException;
import java.util.ArrayList;
import java.util.List;

/** An address that answers no SYN: a listener whose backlog is full stands in for a host that is silent. */
final class SilentHost implements AutoCloseable {
    private static final int FULL_AFTER_MILLIS = 200;

    private final ServerSocket listener;
    private final List<Socket> fillers = new ArrayList<>();

    SilentHost() throws IOException {
        this(InetAddress.getLoopbackAddress(), 0);
    }

    SilentHost(InetAddress address, int port) throws IOException {
        listener = new ServerSocket(port, 1, address);
        while (fill()) {
            // One more.
        }
    }

    private boolean fill() throws IOException {
        Socket filler = new Socket();
        try {
            filler.connect(listener.getLocalSocketAddress(), FULL_AFTER_MILLIS);
            fillers.add(filler);
            return true;
        } catch (SocketTimeoutException e) {
            filler.close();
            return false;
        }
    }

    /** Has room again, and returns who waits for an answer, and gets one with its next SYN. */
    Socket answer() throws IOException {
        listener.setSoTimeout(Backend.DEADLINE_MILLIS);
        for (int i = 0; i < fillers.size(); i++) {
            listener.accept().close();
        }
        return listener.accept();
    }

    /** Answers from here on that nobody listens there. */
    void refuse() throws IOException {
        close();
    }

    String address() {
        InetSocketAddress address = (InetSocketAddress) listener.getLocalSocketAddress();
        return address.getHostString() + ":" + address.getPort();
    }

    @Override
    public void close() throws IOException {
        for (Socket filler : fillers) {
            filler.close();
        }
        listener.close();
    }
}
