package org.proxymachine.server;

/** The limit on the heap of this process (java -Xmx), and what it leaves for connections. */
public final class HeapLimit {
    /** What a session's objects take: 2,400 bytes once it is spliced, and more while it is routed. */
    static final int SESSION_BYTES = 4_096;

    private HeapLimit() {}

    /** Returns how many connections half of the heap can hold, at least 1. */
    public static int connections() {
        return connections(Runtime.getRuntime().maxMemory());
    }

    static int connections(long heapBytes) {
        return (int) Math.max(1, Math.min(Integer.MAX_VALUE, heapBytes / 2 / SESSION_BYTES));
    }
}
