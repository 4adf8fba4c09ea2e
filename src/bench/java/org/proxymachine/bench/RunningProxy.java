package org.proxymachine.bench;

import java.io.IOException;
import java.io.InputStream;
import java.net.InetAddress;
import java.net.Socket;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.locks.LockSupport;

/** A proxy that runs. */
final class RunningProxy implements AutoCloseable {
    private static final long START_SECONDS = 60;

    private final Process process;
    private final ProcessTree tree;
    private final int port;
    private final long startNanos;

    RunningProxy(List<String> command, Map<String, String> environment, int port, Path log) throws IOException {
        this.port = port;
        this.startNanos = System.nanoTime();
        this.process = Shell.start(command, environment, log);
        this.tree = new ProcessTree(process.toHandle());
    }

    int port() {
        return port;
    }

    ProcessTree tree() {
        return tree;
    }

    /** Returns the milliseconds from exec until the first routed byte came back. */
    double awaitAnswer() throws IOException {
        awaitAnswer(process, port);
        return (System.nanoTime() - startNanos) / 1e6;
    }

    /** Asks every millisecond until an answer comes. */
    static void awaitAnswer(Process process, int port) throws IOException {
        long deadline = System.nanoTime() + TimeUnit.SECONDS.toNanos(START_SECONDS);
        while (!answers(port)) {
            if (!process.isAlive()) {
                throw new IOException("a proxy or backend ended at its start; see its log beside the report");
            }
            if (System.nanoTime() - deadline > 0) {
                throw new IOException("a proxy or backend did not answer within " + START_SECONDS + " s");
            }
            LockSupport.parkNanos(TimeUnit.MILLISECONDS.toNanos(1));
        }
    }

    private static boolean answers(int port) {
        try (Socket socket = new Socket(InetAddress.getLoopbackAddress(), port)) {
            socket.setSoTimeout(5_000);
            socket.getOutputStream().write(request(Contestant.Destinations.HTTP_HOST));
            InputStream in = socket.getInputStream();
            return in.read() == 'H';
        } catch (IOException e) {
            return false;
        }
    }

    static byte[] request(String host) {
        return ("GET / HTTP/1.1\r\nHost: " + host + "\r\n\r\n").getBytes(StandardCharsets.ISO_8859_1);
    }

    /** Returns the JVM among its processes, or null if it has none. */
    @org.jspecify.annotations.Nullable
    ProcessHandle jvm() {
        return tree.processes().stream()
                .filter(p -> p.info().command().orElse("").endsWith("/java"))
                .findFirst()
                .orElse(null);
    }

    /** Has a JVM collect its garbage. Returns false where this is no JVM, or has no jcmd beside it. */
    boolean collect() throws IOException, InterruptedException {
        ProcessHandle jvm = jvm();
        if (jvm == null) {
            return false;
        }
        Path jcmd = Path.of(jvm.info().command().orElse("")).resolveSibling("jcmd");
        if (!Files.isExecutable(jcmd)) {
            return false;
        }
        Shell.run(jcmd.toString(), String.valueOf(jvm.pid()), "GC.run");
        return true;
    }

    @Override
    public void close() {
        process.destroy();
        try {
            if (!process.waitFor(2, TimeUnit.SECONDS)) {
                process.descendants().forEach(ProcessHandle::destroyForcibly);
                process.destroyForcibly().waitFor();
            }
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
    }
}
