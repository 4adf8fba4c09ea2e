package org.proxymachine.session;

import java.nio.ByteBuffer;
import org.proxymachine.reactor.BufferPool;

/**
 * One direction of a session. While bytes are pending its source is not read, so that at most one read's worth is ever
 * held for a slow receiver; and a FIN is passed on only after all bytes before it.
 */
final class Pipe {
    private final PendingBytes pending;
    private int readBytes = BufferPool.SMALL_BYTES;
    private long receivedBytes;
    private long sentBytes;
    private boolean sourceEnded;
    private boolean ended;
    private boolean sinkHasRoom;

    Pipe(BufferPool pool) {
        this.pending = new PendingBytes(pool);
    }

    /** Moves what one read gives. Returns the bytes read, 0 for none now, or -1 at the end of file. */
    int transfer(Endpoint source, Endpoint sink, ByteBuffer scratch) throws EndpointFailure {
        scratch.limit(pending.hasPoolRoom() ? readBytes : BufferPool.SCARCE_BYTES);
        sinkHasRoom = false;
        int read = source.read(scratch);
        if (read > 0) {
            received(read);
            boolean filled = !scratch.hasRemaining();
            scratch.flip();
            try {
                sentBytes += sink.write(scratch);
            } finally {
                // Also when the write failed: what became of these bytes is then for the session to say.
                if (scratch.hasRemaining()) {
                    pending.keep(scratch);
                    readBytes = BufferPool.SMALL_BYTES;
                } else if (filled) {
                    // Fewer and larger calls, for a transfer whose receiver takes all there is.
                    readBytes = BufferPool.LARGE_BYTES;
                }
            }
        }
        return read;
    }

    /** Writes what is pending, and the FIN behind it. Returns the bytes written. */
    int flush(Endpoint sink, ByteBuffer scratch) throws EndpointFailure {
        int written = pending.isEmpty() ? 0 : pending.writeTo(sink, scratch);
        sentBytes += written;
        passEnd(sink);
        return written;
    }

    /** Notes that the source sends no more, and tells the sink unless bytes are still to go before it. */
    void sourceEnded(Endpoint sink) {
        sourceEnded = true;
        passEnd(sink);
    }

    /** Notes that the source sends no more, when there is no sink yet. */
    void sourceEnded() {
        sourceEnded = true;
    }

    /** Notes that the source sends no more, and that the sink, which has had everything, is about to be closed. */
    void endWithSink() {
        sourceEnded = true;
        ended = true;
    }

    // Shut down only once drained: an earlier FIN would cut off bytes that are still in our buffer.
    private void passEnd(Endpoint sink) {
        if (sourceEnded && !ended && pending.isEmpty()) {
            ended = true;
            sink.shutdownOutput();
        }
    }

    /** Gives up on this direction: its receiver is gone. */
    void abandon() {
        ended = true;
        pending.release();
    }

    void received(int bytes) {
        receivedBytes += bytes;
    }

    PendingBytes pending() {
        return pending;
    }

    boolean hasSourceEnded() {
        return sourceEnded;
    }

    boolean hasEnded() {
        return ended;
    }

    boolean wantsRead() {
        return canRead() && (sinkHasRoom || !pending.isMemoryUsedUp());
    }

    /** Whether nothing is read before the sink is ready, which then takes it: there is no memory for what it would leave. */
    boolean awaitsSink() {
        return canRead() && !sinkHasRoom && pending.isMemoryUsedUp();
    }

    private boolean canRead() {
        return !sourceEnded && !ended && pending.isEmpty();
    }

    /** Notes that the sink is ready. */
    void sinkReady() {
        sinkHasRoom = true;
    }

    boolean wantsWrite() {
        return !ended && !pending.isEmpty();
    }

    long receivedBytes() {
        return receivedBytes;
    }

    long sentBytes() {
        return sentBytes;
    }
}
