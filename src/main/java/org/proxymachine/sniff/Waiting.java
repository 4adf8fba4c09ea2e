package org.proxymachine.sniff;

import java.util.function.Function;
import org.jspecify.annotations.Nullable;

/** A parser that waits for the rest of its message. */
public final class Waiting {
    private final Function<Cursor, ?> parser;
    private final Progress progress;
    private @Nullable String data;

    Waiting(Function<Cursor, ?> parser, Progress progress, String data) {
        this.parser = parser;
        this.progress = progress;
        this.data = data;
    }

    /** Whether it was given this very String, so that what follows these bytes is what it waits for. Asked once. */
    public boolean waitsFor(String data) {
        @SuppressWarnings("ReferenceEquality") // An equal one may be a part of other bytes.
        boolean same = this.data == data;
        // Not kept: it may be as long as a client is allowed to say.
        this.data = null;
        return same;
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
