package org.proxymachine.bench;

import com.sun.management.ThreadMXBean;
import java.io.IOException;
import java.lang.management.ManagementFactory;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.nio.ByteBuffer;
import java.nio.channels.SocketChannel;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import org.proxymachine.reactor.Clock;
import org.proxymachine.route.Router;
import org.proxymachine.script.ScriptLoader;
import org.proxymachine.server.Server;
import org.proxymachine.server.ServerOptions;
import org.proxymachine.session.Limits;
import org.proxymachine.session.NameResolver;
import org.proxymachine.session.SessionListener;

/** What the reactor allocates while it splices, in this process: bytes that are sent back, one message at a time. */
final class SpliceAllocation implements Measurement {
    /** Until the compilers have done what they will do. */
    private static final int WARM_UP_TRIPS = 60_000;

    private static final int TRIPS = 20_000;
    private static final int MAX_ROUNDS = 8;
    private static final int MESSAGE_BYTES = 100;

    /** A task of another thread, or a safepoint, may cost the reactor a few bytes in a round. */
    private static final double NOTHING = 0.01;

    /** A trip is a read and a write in one direction, then in the other. */
    private static final int EVENTS_PER_TRIP = 2;

    private static final Row ROW = new Row("allocation", "allocated per splice event", "bytes", 2);

    @Override
    public String id() {
        return "allocation";
    }

    @Override
    public String method() {
        return "%,d round trips of %d bytes after %,d of warm-up, in this process (Java %s), repeated until steady; what the reactor's thread allocated (ThreadMXBean), per read and write"
                .formatted(TRIPS, MESSAGE_BYTES, WARM_UP_TRIPS, System.getProperty("java.version"));
    }

    @Override
    public List<Contestant> contestants(List<Contestant> all) {
        return all.subList(0, 1);
    }

    @Override
    public int rounds(int asked) {
        return 1;
    }

    @Override
    public void measure(Field field, Contestant contestant, Figures figures) throws Exception {
        figures.add(ROW, contestant.name(), bytesPerEvent());
    }

    /** Prints the figure. In a process of its own it owes nothing to what else a JVM has compiled for. */
    public static void main(String[] arguments) throws Exception {
        System.out.println(bytesPerEvent());
    }

    static double bytesPerEvent() throws Exception {
        try (EchoBackend backend = new EchoBackend();
                Server server = new Server(
                        new ServerOptions(loopback(0), Limits.DEFAULT, 100),
                        to(backend.port()),
                        new SessionListener() {},
                        Clock.system(),
                        new NameResolver())) {
            Thread reactor = new Thread(server::run, "reactor");
            reactor.start();
            try (SocketChannel client = SocketChannel.open(server.addresses().get(0))) {
                roundTrips(client, WARM_UP_TRIPS);
                double least = Double.MAX_VALUE;
                // On a busy machine the compilers take their time: it is steady once a round allocates nothing.
                for (int i = 0; i < MAX_ROUNDS && least > NOTHING; i++) {
                    least = Math.min(least, round(client, reactor));
                }
                return least;
            } finally {
                server.stop(Duration.ZERO);
                reactor.join();
            }
        }
    }

    private static double round(SocketChannel client, Thread reactor) throws IOException {
        ThreadMXBean threads = (ThreadMXBean) ManagementFactory.getThreadMXBean();
        long before = threads.getThreadAllocatedBytes(reactor.getId());
        roundTrips(client, TRIPS);
        long allocated = threads.getThreadAllocatedBytes(reactor.getId()) - before;
        return (double) allocated / TRIPS / EVENTS_PER_TRIP;
    }

    static InetSocketAddress loopback(int port) {
        return new InetSocketAddress(InetAddress.getLoopbackAddress(), port);
    }

    private static Router to(int port) throws IOException {
        Path script = Files.createTempFile("splice", ".groovy");
        try {
            Files.writeString(script, "proxy { data -> [remote: '127.0.0.1:" + port + "'] }");
            return new ScriptLoader(script).load();
        } finally {
            Files.delete(script);
        }
    }

    private static void roundTrips(SocketChannel client, int count) throws IOException {
        ByteBuffer message = ByteBuffer.allocateDirect(MESSAGE_BYTES);
        for (int i = 0; i < count; i++) {
            message.clear();
            client.write(message);
            message.clear();
            while (message.hasRemaining()) {
                if (client.read(message) < 0) {
                    throw new IOException("the proxy closed the connection");
                }
            }
        }
    }
}
