package org.proxymachine.cli;

import java.io.IOException;
import java.net.ConnectException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.ServerSocket;
import java.net.Socket;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import org.proxymachine.script.ScriptCache;
import org.proxymachine.script.ScriptLoader;

/**
 * A short life of the daemon by which the JVM learns what classes one needs, for the archive that the launcher makes: it
 * compiles a script, starts with it from the cache, routes one connection, and drains. Fails where any of that does.
 */
public final class Training {
    private static final Duration PATIENCE = Duration.ofSeconds(30);

    /** What scripts commonly use: patterns, lists and maps, strings with values in them, the log. */
    private static final String SCRIPT = """
            def backends = [alice: '127.0.0.1:PORT']
            proxy { data, conn ->
                def request = data =~ /^GET \\/(\\w+)/
                if (request.find()) {
                    def remote = backends[request.group(1)] ?: 'nowhere:1'
                    return [remote: "${remote}", connect_timeout: 5]
                }
                if (data.size() > 1024 || data.startsWith('x') || data[0..<1] == 'y') return [close: true]
                def (first, second) = data.unpack('Ca*')
                [1, 2].each { n -> log.debug("$first $second ${conn.peer.host} $n") }
                null
            }
            proxy_connect_error { remote -> log.info "no $remote"; [close: 'sorry'] }
            """;

    private Training() {}

    /** Runs the daemon once, and exits with its code. */
    public static void main(String[] arguments) throws IOException {
        Path directory = Files.createTempDirectory("proxymachine");
        try (ServerSocket backend = new ServerSocket(0, 1, InetAddress.getLoopbackAddress())) {
            backend.setSoTimeout((int) PATIENCE.toMillis());
            Path script = directory.resolve("training.groovy");
            Files.writeString(script, SCRIPT.replace("PORT", String.valueOf(backend.getLocalPort())));
            Path cache = directory.resolve("cache");
            new ScriptLoader(script, new ScriptCache(cache)).load();
            int port = freePort();
            Thread client = new Thread(() -> converse(backend, port, directory), "client");
            client.setDaemon(true);
            client.start();
            Main.main(new String[] {
                "-c", script.toString(), "-h", "127.0.0.1", "-p", String.valueOf(port), "--cache", cache.toString()
            });
        }
    }

    private static int freePort() throws IOException {
        try (ServerSocket any = new ServerSocket(0, 1, InetAddress.getLoopbackAddress())) {
            return any.getLocalPort();
        }
    }

    private static void converse(ServerSocket backend, int port, Path directory) {
        int code = ExitCode.FAILED;
        try {
            exchange(backend, new InetSocketAddress(InetAddress.getLoopbackAddress(), port));
            code = ExitCode.DRAINED;
            Signals.raise("USR1");
        } catch (IOException | ReflectiveOperationException e) {
            Main.trace(e);
        } finally {
            remove(directory);
        }
        if (code != ExitCode.DRAINED) {
            Main.exit(code);
        }
    }

    private static void exchange(ServerSocket backend, InetSocketAddress proxy) throws IOException {
        try (Socket client = connect(proxy)) {
            client.setSoTimeout((int) PATIENCE.toMillis());
            client.getOutputStream()
                    .write("GET /alice HTTP/1.0\r\n\r\n".getBytes(java.nio.charset.StandardCharsets.US_ASCII));
            try (Socket accepted = backend.accept()) {
                accepted.getInputStream().read(new byte[1024]);
                accepted.getOutputStream().write('!');
            }
            if (client.getInputStream().read() != '!') {
                throw new IOException("the answer did not come through");
            }
        }
    }

    private static Socket connect(InetSocketAddress proxy) throws IOException {
        for (long start = System.nanoTime(); ; Thread.onSpinWait()) {
            Socket client = new Socket();
            try {
                client.connect(proxy);
                return client;
            } catch (ConnectException e) {
                client.close();
                if (System.nanoTime() - start > PATIENCE.toNanos()) {
                    throw e;
                }
            }
        }
    }

    private static void remove(Path directory) {
        try (var all = Files.walk(directory)) {
            for (Path each : all.sorted(java.util.Comparator.reverseOrder()).toList()) {
                Files.delete(each);
            }
        } catch (IOException e) {
            Main.trace(e);
        }
    }
}
