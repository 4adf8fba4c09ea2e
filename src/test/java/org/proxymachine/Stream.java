package org.proxymachine;

/** Bytes that are a function of their position, so that what arrives is compared without keeping what was sent. */
final class Stream {
    private final long seed;

    Stream(long seed) {
        this.seed = seed;
    }

    /** Fills the buffer with the bytes from this position on. */
    void fill(byte[] buffer, int length, long position) {
        long word = word(position);
        for (int i = 0; i < length; i++) {
            long at = position + i;
            if ((at & 7) == 0) {
                word = word(at);
            }
            buffer[i] = (byte) (word >>> ((at & 7) << 3));
        }
    }

    /** Asserts that these are the bytes from this position on. */
    void verify(byte[] buffer, int length, long position) {
        long word = word(position);
        for (int i = 0; i < length; i++) {
            long at = position + i;
            if ((at & 7) == 0) {
                word = word(at);
            }
            if (buffer[i] != (byte) (word >>> ((at & 7) << 3))) {
                throw new AssertionError("wrong byte at position " + at + " of stream " + seed);
            }
        }
    }

    // The finalizer of SplitMix64: no period, so that bytes that moved by any distance are found out.
    private long word(long position) {
        long z = seed + (position >>> 3) * 0x9E3779B97F4A7C15L;
        z = (z ^ (z >>> 30)) * 0xBF58476D1CE4E5B9L;
        z = (z ^ (z >>> 27)) * 0x94D049BB133111EBL;
        return z ^ (z >>> 31);
    }
}
