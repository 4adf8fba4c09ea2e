package org.proxymachine.bench;

import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.nio.ByteBuffer;
import java.nio.channels.SocketChannel;
import java.util.ArrayList;
import java.util.List;

/** Resident memory of a fresh proxy, and with idle spliced pairs. */
final class Memory implements Measurement {
    private static final Row EMPTY = new Row("memory.empty", "RSS after its first request", "MB", 1);
    private static final Row IDLE = new Row("memory.idle", "RSS with idle pairs", "MB", 1);
    private static final Row COLLECTED = new Row("memory.idle-collected", "the same after a collection", "MB", 1);
    private static final Row PAIR = new Row("memory.pair", "per pair", "bytes", 0);
    private static final Row PAIR_COLLECTED =
            new Row("memory.pair-collected", "per pair, both after a collection", "bytes", 0);

    private final int pairs;

    Memory(int pairs) {
        this.pairs = pairs;
    }

    @Override
    public String id() {
        return "memory";
    }

    @Override
    public String method() {
        return "a fresh proxy that has started before, then %,d idle spliced pairs of which each has said something; Rss of smaps_rollup over all processes of the proxy (launcher and worker included)"
                .formatted(pairs);
    }

    // From the second start of a script on: the first compiles it, and the compiler's classes stay.
    @Override
    public void warmUp(Field field, Contestant contestant) throws Exception {
        try (RunningProxy proxy = field.fresh(contestant)) {
            proxy.awaitAnswer();
        }
    }

    @Override
    public int roundsPerStart(int asked) {
        return 1;
    }

    @Override
    public void measure(Field field, Contestant contestant, Figures figures) throws Exception {
        List<SocketChannel> clients = new ArrayList<>();
        try (RunningProxy proxy = field.fresh(contestant)) {
            proxy.awaitAnswer();
            double empty = proxy.tree().residentMegabytes();
            boolean collected = proxy.collect();
            double emptyCollected = proxy.tree().residentMegabytes();
            connect(proxy.port(), clients);
            double idle = proxy.tree().residentMegabytes();
            figures.add(EMPTY, contestant.name(), empty);
            figures.add(IDLE, contestant.name(), idle);
            figures.add(PAIR, contestant.name(), (idle - empty) * 1e6 / pairs);
            if (collected) {
                proxy.collect();
                double after = proxy.tree().residentMegabytes();
                figures.add(COLLECTED, contestant.name(), after);
                figures.add(PAIR_COLLECTED, contestant.name(), (after - emptyCollected) * 1e6 / pairs);
            }
        } finally {
            clients.forEach(IdleBackend::closeQuietly);
            field.idleBackend().clear();
        }
    }

    private void connect(int port, List<SocketChannel> clients) throws IOException {
        ByteBuffer request = ByteBuffer.wrap(RunningProxy.request(Contestant.Destinations.IDLE_HOST));
        ByteBuffer answer = ByteBuffer.allocate(1);
        InetSocketAddress address = new InetSocketAddress(InetAddress.getLoopbackAddress(), port);
        for (int i = 0; i < pairs; i++) {
            SocketChannel client = SocketChannel.open(address);
            clients.add(client);
            client.write(request.rewind());
            if (client.read(answer.clear()) != 1) {
                throw new IOException("pair " + i + " was closed by the proxy");
            }
        }
    }
}
