package org.proxymachine.bench;

import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.nio.ByteBuffer;
import java.nio.channels.SelectionKey;
import java.nio.channels.Selector;
import java.nio.channels.SocketChannel;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicLongArray;
import java.util.concurrent.locks.LockSupport;

/** Sends requests at a fixed rate on one thread, and notes on another when each was answered. */
final class FixedRateLoad implements AutoCloseable {
    static final int CONNECTIONS = 16;

    private static final long ANSWER_MILLIS = 10_000;

    private final Selector selector = Selector.open();
    private final List<Lane> lanes = new ArrayList<>();
    private final byte[] request = RunningProxy.request(Contestant.Destinations.HTTP_HOST);
    private final long intervalNanos;
    private final int count;
    private final AtomicLongArray dueNanos;
    private final long[] tookNanos;

    /** One connection: its requests are every sixteenth, and are answered in order. */
    private static final class Lane {
        private final SocketChannel channel;
        private int nextAnswer;
        private int missingBytes;

        Lane(SocketChannel channel, int firstAnswer) {
            this.channel = channel;
            this.nextAnswer = firstAnswer;
        }
    }

    FixedRateLoad(int port, int rate, int seconds) throws IOException {
        this.intervalNanos = TimeUnit.SECONDS.toNanos(1) / rate;
        this.count = rate * seconds;
        this.dueNanos = new AtomicLongArray(count);
        this.tookNanos = new long[count];
        for (int i = 0; i < CONNECTIONS; i++) {
            lanes.add(new Lane(SocketChannel.open(new InetSocketAddress(InetAddress.getLoopbackAddress(), port)), i));
        }
    }

    /** Returns what each request took from the moment when it was due, in nanoseconds. */
    long[] run() throws Exception {
        int answerBytes = answerBytes();
        for (Lane lane : lanes) {
            lane.missingBytes = answerBytes;
            lane.channel.configureBlocking(false);
            lane.channel.register(selector, SelectionKey.OP_READ, lane);
        }
        CompletableFuture<Void> answers = CompletableFuture.runAsync(() -> receive(answerBytes));
        ByteBuffer bytes = ByteBuffer.allocateDirect(request.length).put(request);
        long start = System.nanoTime() + intervalNanos;
        for (int i = 0; i < count; i++) {
            long due = start + i * intervalNanos;
            dueNanos.set(i, due);
            for (long wait = due - System.nanoTime(); wait > 0; wait = due - System.nanoTime()) {
                LockSupport.parkNanos(wait);
            }
            if (lanes.get(i % CONNECTIONS).channel.write(bytes.rewind()) != request.length) {
                throw new IOException("a connection takes no more requests: the rate is too high");
            }
        }
        answers.get(ANSWER_MILLIS, TimeUnit.MILLISECONDS);
        return tookNanos;
    }

    // One request a connection, answered before the clock starts: all answers are as long as this one.
    private int answerBytes() throws IOException {
        int length = 0;
        ByteBuffer buffer = ByteBuffer.allocate(4_096);
        for (Lane lane : lanes) {
            lane.channel.write(ByteBuffer.wrap(request));
            length = 0;
            String answer = "";
            while (!answer.endsWith("ok\n")) {
                int read = lane.channel.read(buffer.clear());
                if (read < 0) {
                    throw new IOException("a connection was closed");
                }
                length += read;
                answer = new String(buffer.array(), 0, read, java.nio.charset.StandardCharsets.ISO_8859_1);
            }
        }
        return length;
    }

    private void receive(int answerBytes) {
        ByteBuffer buffer = ByteBuffer.allocateDirect(1 << 16);
        int[] answered = {0};
        try {
            while (answered[0] < count) {
                selector.select(
                        key -> answered[0] += take((Lane) key.attachment(), buffer, answerBytes), ANSWER_MILLIS);
            }
        } catch (IOException e) {
            throw new java.io.UncheckedIOException(e);
        }
    }

    private int take(Lane lane, ByteBuffer buffer, int answerBytes) {
        int complete = 0;
        try {
            int read = lane.channel.read(buffer.clear());
            if (read < 0) {
                throw new IOException("a connection was closed");
            }
            long now = System.nanoTime();
            for (lane.missingBytes -= read; lane.missingBytes <= 0; lane.missingBytes += answerBytes) {
                tookNanos[lane.nextAnswer] = now - dueNanos.get(lane.nextAnswer);
                lane.nextAnswer += CONNECTIONS;
                complete++;
            }
        } catch (IOException e) {
            throw new java.io.UncheckedIOException(e);
        }
        return complete;
    }

    @Override
    public void close() throws IOException {
        for (Lane lane : lanes) {
            lane.channel.close();
        }
        selector.close();
    }
}
