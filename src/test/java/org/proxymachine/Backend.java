package org.proxymachine;

import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.net.BindException;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.net.Socket;
import java.nio.charset.StandardCharsets;
import java.util.concurrent.ArrayBlockingQueue;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.ThreadLocalRandom;
import java.util.concurrent.TimeUnit;

/** A server of a test's own, on a free port: hands each connection to what the test says, on a thread of its own. */
final class Backend implements AutoCloseable {
    static final int DEADLINE_MILLIS = 15_000;

    /** What to do with one connection. */
    interface Handler {
        void handle(Socket socket) throws IOException;
    }

    private final ServerSocket listener;
    private final BlockingQueue<Socket> accepted = new ArrayBlockingQueue<>(10_000);

    Backend(Handler handler) throws IOException {
        this(handler, InetAddress.getLoopbackAddress(), 0);
    }

    private Backend(Handler handler, InetAddress address, int port) throws IOException {
        listener = new ServerSocket(port, 1_024, address);
        Thread thread = new Thread(() -> serve(handler), "backend");
        thread.setDaemon(true);
        thread.start();
    }

    /** A backend whose connections the test takes with {@link #next}. */
    static Backend manual() throws IOException {
        return new Backend(socket -> {});
    }

    /** A backend that sends each byte back, and its FIN after the client's. */
    static Backend echo() throws IOException {
        return new Backend(socket -> {
            try (socket) {
                socket.getInputStream().transferTo(socket.getOutputStream());
            }
        });
    }

    /** A backend that says its name, then reads to the end and says what it got. */
    static Backend named(String name) throws IOException {
        return named(name, InetAddress.getLoopbackAddress(), 0);
    }

    /** The same, at this address and port. */
    static Backend named(String name, InetAddress address, int port) throws IOException {
        return new Backend(
                socket -> {
                    try (socket) {
                        socket.getOutputStream().write((name + "<").getBytes(StandardCharsets.ISO_8859_1));
                        socket.getInputStream().transferTo(socket.getOutputStream());
                        socket.getOutputStream().write('>');
                    }
                },
                address,
                port);
    }

    /**
     * A port on which nobody listens, and which nobody is given who asks for any: those are of 32768 and above
     * (ip_local_port_range, ip-sysctl).
     */
    static int deadPort() throws IOException {
        for (int i = 0; i < 1_000; i++) {
            int port = ThreadLocalRandom.current().nextInt(10_000, 30_000);
            try (ServerSocket socket = new ServerSocket(port, 1, InetAddress.getLoopbackAddress())) {
                return socket.getLocalPort();
            } catch (BindException e) {
                // Another one, then.
            }
        }
        throw new IOException("all ports are taken");
    }

    private void serve(Handler handler) {
        while (!listener.isClosed()) {
            try {
                Socket socket = listener.accept();
                socket.setSoTimeout(DEADLINE_MILLIS);
                accepted.add(socket);
                Thread thread = new Thread(() -> handle(handler, socket), "backend-connection");
                thread.setDaemon(true);
                thread.start();
            } catch (IOException e) {
                return;
            }
        }
    }

    private static void handle(Handler handler, Socket socket) {
        try {
            handler.handle(socket);
        } catch (IOException e) {
            // The test looks at what the client saw.
        }
    }

    int port() {
        return listener.getLocalPort();
    }

    String address() {
        return "127.0.0.1:" + port();
    }

    /** How many connections came and were not taken with {@link #next}. */
    int connections() {
        return accepted.size();
    }

    /** The next connection, within the deadline. */
    Socket next() {
        try {
            Socket socket = accepted.poll(DEADLINE_MILLIS, TimeUnit.MILLISECONDS);
            if (socket == null) {
                throw new AssertionError("nobody connected to the backend");
            }
            return socket;
        } catch (InterruptedException e) {
            throw new AssertionError(e);
        }
    }

    static String read(InputStream in, int bytes) throws IOException {
        return new String(in.readNBytes(bytes), StandardCharsets.ISO_8859_1);
    }

    @Override
    public void close() {
        try {
            listener.close();
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }
}
