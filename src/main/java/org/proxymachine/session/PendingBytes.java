package org.proxymachine.session;

import java.nio.ByteBuffer;
import java.util.Arrays;
import org.jspecify.annotations.Nullable;
import org.proxymachine.reactor.BufferPool;

/**
 * Bytes of one direction that wait for their receiver. Before there is a backend these are the client's first bytes, in
 * an array that grows with them and that the router reads; later what a slow receiver did not take, in a buffer of the
 * pool that goes back as soon as it is empty, or in such an array while the pool is used up.
 *
 * <p>A preface goes before them. It is the proxy's own word to one receiver: no part of the bytes, of their number, or of
 * what another receiver would get.
 */
final class PendingBytes {
    private static final byte[] NONE = {};

    private final BufferPool pool;
    private byte[] preface = NONE;
    private int prefaceStart;
    private byte[] early = NONE;
    private int earlyStart;
    private int earlyEnd;
    private @Nullable ByteBuffer overflow;
    private int heldBytes;

    PendingBytes(BufferPool pool) {
        this.pool = pool;
    }

    boolean isEmpty() {
        return earlyStart == earlyEnd && overflow == null && preface == NONE;
    }

    /** Returns how many early bytes there are, from 0 in {@link #array}. */
    int size() {
        return earlyEnd;
    }

    /** Returns the early bytes; valid until the next change, and as long as none was written. */
    byte[] array() {
        return early;
    }

    void append(ByteBuffer bytes) {
        int length = bytes.remaining();
        ensureRoom(length);
        bytes.get(early, earlyEnd, length);
        earlyEnd += length;
        count();
    }

    void append(byte[] bytes) {
        append(ByteBuffer.wrap(bytes));
    }

    /** Has these bytes go before all others, in place of what is left of an earlier preface; null for none. */
    void preface(byte @Nullable [] bytes) {
        preface = bytes == null ? NONE : bytes;
        prefaceStart = 0;
    }

    /** Puts these bytes in the place of the first {@code count}. */
    void replace(int count, byte[] bytes) {
        byte[] later = Arrays.copyOfRange(early, count, earlyEnd);
        early = Arrays.copyOf(bytes, bytes.length + later.length);
        System.arraycopy(later, 0, early, bytes.length, later.length);
        earlyEnd = early.length;
        count();
    }

    /** Whether a read's worth, however large, can be kept in the pool's buffers. */
    boolean hasPoolRoom() {
        return pool.hasRoom();
    }

    /** Whether not even the rest of a small read should be kept. */
    boolean isMemoryUsedUp() {
        return pool.isUsedUp();
    }

    /** Keeps what a receiver did not take of one read. Only while nothing else is pending. */
    void keep(ByteBuffer rest) {
        ByteBuffer buffer = pool.take(rest.remaining());
        if (buffer != null) {
            overflow = buffer.put(rest).flip();
        } else {
            // The pool is used up, and so this read was a small one.
            append(rest);
        }
    }

    /** Writes what the receiver takes, and returns how much that was, the preface not counted. */
    int writeTo(Endpoint sink, ByteBuffer scratch) throws EndpointFailure {
        int written = writeEarly(sink, scratch);
        ByteBuffer buffer = overflow;
        if (earlyStart == earlyEnd && buffer != null) {
            written += sink.write(buffer);
            if (!buffer.hasRemaining()) {
                release();
            }
        }
        return written;
    }

    // Through the reactor's buffer: for an array the JDK would keep a direct buffer of its size per thread, for ever.
    private int writeEarly(Endpoint sink, ByteBuffer scratch) throws EndpointFailure {
        int written = 0;
        while (preface != NONE || earlyStart < earlyEnd) {
            int prefaceBytes = preface.length - prefaceStart;
            scratch.clear();
            scratch.put(preface, prefaceStart, prefaceBytes);
            scratch.put(early, earlyStart, Math.min(scratch.remaining(), earlyEnd - earlyStart));
            scratch.flip();
            int taken = sink.write(scratch);
            int takenEarly = Math.max(0, taken - prefaceBytes);
            prefaceStart += taken - takenEarly;
            earlyStart += takenEarly;
            written += takenEarly;
            if (scratch.hasRemaining()) {
                return written;
            }
            preface(null);
        }
        early = NONE;
        earlyStart = 0;
        earlyEnd = 0;
        count();
        return written;
    }

    /** Drops everything. */
    void release() {
        preface(null);
        early = NONE;
        earlyStart = 0;
        earlyEnd = 0;
        count();
        ByteBuffer buffer = overflow;
        if (buffer != null) {
            overflow = null;
            pool.give(buffer);
        }
    }

    /** Returns the bytes of the heap that this holds: the whole array, however much of it is left. */
    int heldBytes() {
        return heldBytes;
    }

    private void count() {
        pool.hold((long) early.length - heldBytes);
        heldBytes = early.length;
    }

    private void ensureRoom(int length) {
        int needed = Math.addExact(earlyEnd, length);
        if (needed > early.length) {
            // The first read is most often the only one: no more than it needs. Then doubling.
            early = Arrays.copyOf(early, early.length == 0 ? needed : Math.max(needed, 2 * early.length));
        }
    }
}
