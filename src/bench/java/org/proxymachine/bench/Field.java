package org.proxymachine.bench;

import java.io.IOException;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Comparator;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.stream.Stream;
import org.proxymachine.bench.Contestant.Destinations;

/** Where it all happens: the backends, the proxies that are running, and their files. Closing it removes them all. */
final class Field implements AutoCloseable {
    /** The processor of the proxies. */
    static final int PROXY = 0;

    /** The processor of the load, the backends and this process. */
    static final int LOAD = 1;

    /** Both of them, for what is measured without load. */
    static final String ALL = PROXY + "," + LOAD;

    private final Path directory;
    private final Process httpBackend;
    private final Process bulkBackend;
    private final IdleBackend idleBackend;
    private final Destinations destinations;
    private final Map<String, RunningProxy> running = new HashMap<>();

    Field(Path directory) throws Exception {
        this.directory = directory;
        idleBackend = new IdleBackend();
        destinations = new Destinations(freePort(), idleBackend.port(), freePort());
        Path backend = Contestants.write(directory, "backend.conf", "backend.conf", destinations, destinations.http());
        httpBackend = load(Contestants.nginx(directory, backend).command(), "backend");
        bulkBackend =
                load(List.of("iperf3", "-s", "-B", "127.0.0.1", "-p", String.valueOf(destinations.bulk())), "iperf3");
        RunningProxy.awaitAnswer(httpBackend, destinations.http());
    }

    private Process load(List<String> command, String name) throws IOException {
        return Shell.start(Shell.pinned(String.valueOf(LOAD), command), Map.of(), directory.resolve(name + ".log"));
    }

    static int freePort() throws IOException {
        try (ServerSocket socket = new ServerSocket(0, 1, InetAddress.getLoopbackAddress())) {
            return socket.getLocalPort();
        }
    }

    Destinations destinations() {
        return destinations;
    }

    IdleBackend idleBackend() {
        return idleBackend;
    }

    /** Returns the proxy of this contestant, which is started at the first call. */
    RunningProxy running(Contestant contestant) throws Exception {
        RunningProxy proxy = running.get(contestant.name());
        if (proxy == null) {
            proxy = fresh(contestant);
            proxy.awaitAnswer();
            running.put(contestant.name(), proxy);
        }
        return proxy;
    }

    /** Starts another one, which the caller closes. */
    RunningProxy fresh(Contestant contestant) throws IOException {
        return fresh(contestant, String.valueOf(PROXY));
    }

    /** Starts another one on these processors, which the caller closes. */
    RunningProxy fresh(Contestant contestant, String processors) throws IOException {
        Path home = directory.resolve(contestant.name());
        Files.createDirectories(home);
        int port = freePort();
        Contestant.Launch launch = contestant.starter().prepare(home, port, destinations);
        return new RunningProxy(
                Shell.pinned(processors, launch.command()), launch.environment(), port, home.resolve("log"));
    }

    /** Returns the folder that the contestant keeps its files in. */
    Path home(Contestant contestant) {
        return directory.resolve(contestant.name());
    }

    /** Ends the proxies that are running, so that each measurement begins with fresh ones. */
    void clear() {
        running.values().forEach(RunningProxy::close);
        running.clear();
    }

    @Override
    public void close() {
        clear();
        httpBackend.destroy();
        bulkBackend.destroy();
        idleBackend.close();
        try {
            delete(directory);
        } catch (IOException e) {
            System.err.println("benchmark: " + directory + " is left behind: " + e);
        }
    }

    static void delete(Path folder) throws IOException {
        if (Files.exists(folder)) {
            try (Stream<Path> files = Files.walk(folder)) {
                for (Path file : files.sorted(Comparator.reverseOrder()).toList()) {
                    Files.deleteIfExists(file);
                }
            }
        }
    }
}
