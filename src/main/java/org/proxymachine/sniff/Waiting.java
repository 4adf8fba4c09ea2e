package org.proxymachine.sniff;

import java.util.function.Function;

/**
 * A parser that waits for the rest of its message. It may live as long as its client: it holds places in the bytes and
 * none of the bytes, which are counted where they are.
 */
public final class Waiting {
    private final Function<Cursor, ?> parser;
    private final Progress progress;

    Waiting(Function<Cursor, ?> parser, Progress progress) {
        this.parser = parser;
        this.progress = progress;
    }

    /**
     * Looks at what is new, and tells whether the parser would still wait.
     *
     * @param bytes holds what it was given and whatever follows, from 0
     * @param length how many bytes
     */
    public boolean goesOn(byte[] bytes, int length) {
        return goesOn(new Bytes.OfArray(bytes, length));
    }

    boolean goesOn(Bytes bytes) {
        return bytes.length() < progress.needed() || Cursor.waits(bytes, parser, progress);
    }
}
