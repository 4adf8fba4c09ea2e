package org.proxymachine.reactor;

import java.nio.ByteBuffer;
import java.util.ArrayDeque;

/**
 * Direct buffers of one size, for bytes that a slow receiver has not taken yet. Belongs to the reactor's thread; whoever
 * takes a buffer gives it back, and {@link #out} tells how many are still to come back.
 *
 * <p>A pool rather than the collector: a direct buffer lives until its Java object is collected, and an idle reactor
 * collects rarely.
 */
public final class BufferPool {
    /** Buffers kept for reuse; more than that were a burst, and go back to the system. */
    private static final int KEPT = 256;

    private final int bufferBytes;
    private final ArrayDeque<ByteBuffer> free = new ArrayDeque<>();
    private int out;

    BufferPool(int bufferBytes) {
        this.bufferBytes = bufferBytes;
    }

    /** Returns an empty buffer with room for as many bytes as the reactor reads at once. */
    public ByteBuffer take() {
        ByteBuffer buffer = free.poll();
        out++;
        return buffer != null ? buffer : ByteBuffer.allocateDirect(bufferBytes);
    }

    /** Takes a buffer back, which the caller must not touch again. */
    public void give(ByteBuffer buffer) {
        out--;
        if (free.size() < KEPT) {
            free.push(buffer.clear());
        }
    }

    /** Returns how many buffers are taken and not yet given back. */
    public int out() {
        return out;
    }
}
