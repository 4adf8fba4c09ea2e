package org.proxymachine;

import java.io.IOException;
import java.net.SocketException;
import java.util.Random;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.locks.LockSupport;
import org.jspecify.annotations.Nullable;

/** One side of an exchange: what it is to send and how it is to end, by a seed, and what came of it. */
final class Side {
    /** How a side ends that has sent all it is to send. */
    enum Ending {
        FIN,
        RESET,
        /** Closes both directions, whatever may still come. */
        CLOSE
    }

    private static final int MAX_PAUSE_NANOS = 300_000;
    private static final int[] SIZES = {1, 100, 5_000, 65_536};

    private final long bytes;
    private final int chunk;
    private final int readChunk;
    private final boolean pauses;
    private final boolean readsLast;
    private final Ending ending;
    private long received;
    private Peer.@Nullable End seen;
    private @Nullable String writeFailure;

    Side(Random random, boolean mayReadLast) {
        bytes = switch (random.nextInt(10)) {
            case 0 -> 0;
            case 1, 2, 3, 4, 5 -> random.nextInt(5_000);
            case 6, 7, 8 -> random.nextInt(300_000);
            default -> random.nextInt(4_000_000);
        };
        chunk = (int) Math.max(1 + random.nextInt(SIZES[random.nextInt(SIZES.length)]), bytes / 200);
        readChunk = 1 + random.nextInt(SIZES[random.nextInt(SIZES.length)]);
        pauses = random.nextInt(4) == 0;
        readsLast = mayReadLast && random.nextInt(3) == 0;
        int die = random.nextInt(10);
        ending = die < 6 ? Ending.FIN : die < 8 ? Ending.RESET : Ending.CLOSE;
    }

    /** Follows the plan until both directions have ended. The greeting is what comes before the other's stream. */
    void run(Peer peer, String greeting, Side other) throws IOException {
        CompletableFuture<Void> writing = peer.meanwhile(this::write);
        if (readsLast) {
            writing.join();
        }
        try {
            peer.hear(greeting);
            // Some thousands of reads at most: a million of single bytes would take the time of all others.
            seen = peer.receiveToTheEnd((int) Math.max(readChunk, other.bytes / 2_000));
        } catch (SocketException e) {
            // Reset before it had the greeting, or closed by its own writer.
            seen = ending == Ending.FIN ? Peer.End.RST : null;
        }
        writing.join();
        received = peer.receivedBytes();
        peer.close();
    }

    private void write(Peer peer) throws IOException {
        Random random = new Random(bytes);
        try {
            while (peer.sentBytes() < bytes) {
                peer.send(Math.min(chunk, bytes - peer.sentBytes()));
                if (pauses) {
                    LockSupport.parkNanos(random.nextInt(MAX_PAUSE_NANOS));
                }
            }
            switch (ending) {
                case FIN -> peer.fin();
                case RESET -> peer.reset();
                case CLOSE -> peer.close();
            }
        } catch (SocketException e) {
            writeFailure = String.valueOf(e.getMessage());
        }
    }

    boolean isOrderly() {
        return ending == Ending.FIN;
    }

    long bytes() {
        return bytes;
    }

    /** Asserts that this side got what the other owed it. The bytes were compared as they came. */
    void check(Side other) {
        if (!isOrderly()) {
            return;
        }
        if (other.isOrderly() && (seen != Peer.End.FIN || writeFailure != null)) {
            throw new AssertionError("reset though both sides ended in good order: " + this + " of " + other);
        }
        // Where the writer was told of a reset, the reader sees an end of file: the kernel tells once.
        boolean told = writeFailure != null && writeFailure.contains("reset");
        if (seen == Peer.End.FIN && !told && (received != other.bytes || other.ending == Ending.RESET)) {
            throw new AssertionError("what is cut off looks complete: " + this + " of " + other);
        }
    }

    @Override
    public String toString() {
        return "[%d bytes by %d, reads by %d%s, %s; received %d to %s, write failure %s]"
                .formatted(bytes, chunk, readChunk, readsLast ? " at last" : "", ending, received, seen, writeFailure);
    }
}
