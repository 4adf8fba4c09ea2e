package org.proxymachine.chaos;

import static java.nio.charset.StandardCharsets.ISO_8859_1;

import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.ServerSocket;
import java.net.Socket;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;

/** What the sessions lead to: a backend that echoes and says goodbye, one that is silent, one that never accepts, and none. */
final class Backends implements AutoCloseable {
    /** What the echo ends with, so that what is cut off does not look whole. */
    static final String GOODBYE = "goodbye";

    private final ServerSocket echo = listener(4_096);
    private final ServerSocket silent = listener(4_096);
    private final ServerSocket full = listener(1);
    private final Set<Socket> open = ConcurrentHashMap.newKeySet();
    private final int dead;

    Backends() throws IOException {
        try (ServerSocket none = listener(1)) {
            dead = none.getLocalPort();
        }
        start(() -> accept(echo, this::echo));
        start(() -> accept(silent, socket -> socket.getInputStream().transferTo(OutputStream.nullOutputStream())));
        // A queue of one that nobody empties: further handshakes are not answered.
        for (int i = 0; i < 2; i++) {
            Socket filler = new Socket();
            open.add(filler);
            filler.connect(full.getLocalSocketAddress(), 5_000);
        }
    }

    private static ServerSocket listener(int backlog) throws IOException {
        ServerSocket listener = new ServerSocket();
        listener.bind(new InetSocketAddress(InetAddress.getLoopbackAddress(), 0), backlog);
        return listener;
    }

    private interface Service {
        void serve(Socket socket) throws IOException;
    }

    private void accept(ServerSocket listener, Service service) {
        while (!listener.isClosed()) {
            try {
                Socket socket = listener.accept();
                open.add(socket);
                start(() -> serve(socket, service));
            } catch (IOException e) {
                // Closed: the run is over.
            }
        }
    }

    private void serve(Socket socket, Service service) {
        try (socket) {
            service.serve(socket);
        } catch (IOException e) {
            // The client has reset its side, as some do; what those who did not are owed, they see themselves.
        } finally {
            open.remove(socket);
        }
    }

    private void echo(Socket socket) throws IOException {
        InputStream in = socket.getInputStream();
        in.transferTo(socket.getOutputStream());
        socket.getOutputStream().write(GOODBYE.getBytes(ISO_8859_1));
    }

    private static void start(Runnable work) {
        Thread thread = new Thread(work, "backend");
        thread.setDaemon(true);
        thread.start();
    }

    /** The script that leads there, by the first character. */
    String script() {
        return """
                import java.util.concurrent.*
                proxy { data, conn ->
                    switch (data[0]) {
                        case 'e': return [remote: 'ECHO']
                        case 'h': return http(data) ? [remote: 'ECHO', tag: 'http'] : [close: 'no']
                        case '*': return redis(data) ? [remote: 'ECHO', tag: 'redis'] : [close: 'no']
                        case 'f': return CompletableFuture.supplyAsync { [remote: 'ECHO'] }
                        case 'l': return [remote: ['DEAD', 'FULL', 'ECHO'], connect_timeout: 0.2]
                        case 'r': return [remote: 'ECHO', reply: 'reply']
                        case 'd':
                            if (conn.session.asked) return data.size() > 1 ? [remote: 'ECHO'] : null
                            conn.session.asked = true
                            return [noop: true, reply: 'more?']
                        case 'c': return [close: 'closed']
                        case 's': return [remote: 'SILENT', inactivity_timeout: 0.3]
                        default: return null
                    }
                }
                """.replace("ECHO", "127.0.0.1:" + echo.getLocalPort())
                .replace("SILENT", "127.0.0.1:" + silent.getLocalPort())
                .replace("FULL", "127.0.0.1:" + full.getLocalPort())
                .replace("DEAD", "127.0.0.1:" + dead);
    }

    /** How many sessions still hold a connection to one of those that accept. */
    int connections() {
        return open.size() - 2;
    }

    @Override
    public void close() throws IOException {
        for (ServerSocket listener : new ServerSocket[] {echo, silent, full}) {
            listener.close();
        }
        for (Socket socket : open) {
            socket.close();
        }
    }
}
