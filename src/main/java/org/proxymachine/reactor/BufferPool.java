package org.proxymachine.reactor;

import java.nio.ByteBuffer;
import java.util.ArrayDeque;
import org.jspecify.annotations.Nullable;

/**
 * Direct buffers for bytes that a slow receiver has not taken yet. Belongs to the reactor's thread; whoever takes a buffer
 * gives it back, and {@link #out} tells how many are still to come back.
 *
 * <p>A pool rather than the collector: a direct buffer lives until its Java object is collected, and an idle reactor
 * collects rarely. In two sizes: most receivers are slow for good, and then a small one is enough. Bounded: thousands of
 * clients that never read must not end the process with an OutOfMemoryError.
 */
public final class BufferPool {
    /** What a direction reads at once until it has shown that its receiver keeps up. */
    public static final int SMALL_BYTES = 64 * 1024;

    /** What it reads at once from then on. */
    public static final int LARGE_BYTES = 512 * 1024;

    /** What it reads at once while the pool is used up: so little that the heap can hold what is left over. */
    public static final int SCARCE_BYTES = 4 * 1024;

    /** Bytes kept for reuse in each size; more than that were a burst, and go back to the system. */
    private static final int KEPT_BYTES = 8 << 20;

    private final long maxBytes;
    private final ArrayDeque<ByteBuffer> freeSmall = new ArrayDeque<>();
    private final ArrayDeque<ByteBuffer> freeLarge = new ArrayDeque<>();
    private long outBytes;
    private int out;
    private long heldBytes;

    BufferPool(long maxBytes) {
        this.maxBytes = maxBytes;
    }

    /** Whether a buffer of any size can be taken. */
    public boolean hasRoom() {
        return outBytes + LARGE_BYTES <= maxBytes;
    }

    /**
     * Returns an empty buffer with room for so many bytes, or null if the pool is used up.
     *
     * @param bytes at most {@link #LARGE_BYTES}
     */
    public @Nullable ByteBuffer take(int bytes) {
        int capacity = bytes <= SMALL_BYTES ? SMALL_BYTES : LARGE_BYTES;
        if (outBytes + capacity > maxBytes) {
            return null;
        }
        ByteBuffer buffer = free(capacity).poll();
        out++;
        outBytes += capacity;
        return buffer != null ? buffer : ByteBuffer.allocateDirect(capacity);
    }

    /** Takes a buffer back, which the caller must not touch again. */
    public void give(ByteBuffer buffer) {
        out--;
        outBytes -= buffer.capacity();
        ArrayDeque<ByteBuffer> free = free(buffer.capacity());
        if (free.size() < KEPT_BYTES / buffer.capacity()) {
            free.push(buffer.clear());
        }
    }

    private ArrayDeque<ByteBuffer> free(int capacity) {
        return capacity == SMALL_BYTES ? freeSmall : freeLarge;
    }

    /** Returns the bytes of the buffers that are taken and not yet given back. Another thread sees what was a moment ago. */
    public long outBytes() {
        return outBytes;
    }

    /** Returns what {@link #outBytes} never exceeds. */
    public long maxBytes() {
        return maxBytes;
    }

    /** Notes that so many more bytes of the heap, or fewer, hold what clients said or have not taken. */
    public void hold(long bytes) {
        heldBytes += bytes;
    }

    /** Returns the bytes of the heap that hold what clients said or have not taken. Another thread sees what was a moment ago. */
    public long heldBytes() {
        return heldBytes;
    }

    /** Returns what {@link #heldBytes} should not exceed: half of what the buffers may take. */
    public long maxHeldBytes() {
        return maxBytes / 2;
    }

    /**
     * Whether no buffer can be taken, and receivers that are slow have half of what {@link #heldBytes} may be: the other half is
     * for clients that are new.
     */
    public boolean isUsedUp() {
        return !hasRoom() && heldBytes > maxHeldBytes() / 2;
    }

    /** Returns how many buffers are taken and not yet given back. */
    public int out() {
        return out;
    }
}
