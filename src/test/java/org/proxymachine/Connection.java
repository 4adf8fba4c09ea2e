package org.proxymachine;

import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.Socket;
import java.net.SocketException;
import java.nio.charset.StandardCharsets;

/** A client of a test: every read has a deadline. */
final class Connection implements AutoCloseable {
    private final Socket socket = new Socket();

    Connection(InetSocketAddress address) throws IOException {
        connect(address);
    }

    /** A client that has an address of its own. */
    Connection(InetAddress own, InetSocketAddress address) throws IOException {
        socket.bind(new InetSocketAddress(own, 0));
        connect(address);
    }

    private void connect(InetSocketAddress address) throws IOException {
        socket.connect(address, Backend.DEADLINE_MILLIS);
        socket.setSoTimeout(Backend.DEADLINE_MILLIS);
        socket.setTcpNoDelay(true);
    }

    Connection send(String bytes) throws IOException {
        socket.getOutputStream().write(bytes.getBytes(StandardCharsets.ISO_8859_1));
        return this;
    }

    /** Sends this and a FIN, to somebody who may have closed before the last of it. */
    void sendWhatItTakes(byte[] bytes) {
        try {
            socket.getOutputStream().write(bytes);
            socket.shutdownOutput();
        } catch (IOException e) {
            // It has closed.
        }
    }

    Connection finish() throws IOException {
        socket.shutdownOutput();
        return this;
    }

    /** Exactly so many bytes, or fewer if the end comes first. */
    String receive(int bytes) throws IOException {
        return new String(socket.getInputStream().readNBytes(bytes), StandardCharsets.ISO_8859_1);
    }

    /** Everything up to the end, be it a FIN or a RST: TCP allows both where one side closes with bytes unread. */
    String receiveAll() throws IOException {
        StringBuilder all = new StringBuilder();
        try {
            for (int b = socket.getInputStream().read();
                    b >= 0;
                    b = socket.getInputStream().read()) {
                all.append((char) b);
            }
        } catch (SocketException e) {
            // A RST.
        }
        return all.toString();
    }

    /** Closes before the test is over, so that the proxy need not wait for it. */
    void leave() throws IOException {
        socket.close();
    }

    void reset() throws IOException {
        socket.setSoLinger(true, 0);
        socket.close();
    }

    Socket socket() {
        return socket;
    }

    @Override
    public void close() throws IOException {
        socket.close();
    }
}
