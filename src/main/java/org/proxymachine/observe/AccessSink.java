package org.proxymachine.observe;

import java.io.Closeable;
import java.io.IOException;
import java.nio.ByteBuffer;

/** Where the lines of an {@link AccessLog} go. On its thread, which may be kept waiting for ever; nobody else is. */
interface AccessSink extends Closeable {

    /** Takes some or all of these bytes. Where it throws, the buffer's position says what it took before. */
    void write(ByteBuffer lines) throws IOException;

    /** Takes these last bytes back, which are a part of a line. Returns whether it did: not where others may have read them. */
    default boolean takeBack(int bytes) {
        return false;
    }

    /** Begins anew, where what was written to has been moved away. */
    default void reopen() throws IOException {}
}
