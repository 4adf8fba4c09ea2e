package org.proxymachine.observe;

import java.io.IOException;
import java.nio.ByteBuffer;

/** The standard output, which the log may use as well: its PrintStream keeps the lines of both whole. */
final class AccessStdout implements AccessSink {

    @Override
    public void write(ByteBuffer lines) throws IOException {
        byte[] bytes = new byte[lines.remaining()];
        lines.duplicate().get(bytes);
        StandardStreams.OUT.write(bytes, 0, bytes.length);
        if (StandardStreams.OUT.checkError()) {
            throw new IOException("nobody has the other end of the standard output");
        }
        lines.position(lines.limit());
    }

    @Override
    public void close() {
        // Others may have something to say yet.
    }
}
