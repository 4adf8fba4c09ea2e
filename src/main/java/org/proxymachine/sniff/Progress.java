package org.proxymachine.sniff;

import java.util.HashMap;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * What a parser knows of a message that is not whole yet, so that the next chunk costs what is new in it and not all that
 * came before. It holds for these very bytes and whatever follows them.
 */
final class Progress {
    /** A shorter scan is as well done again: no typical message has a longer one, and to note one costs more than most take. */
    private static final int WORTH_NOTING = 512;

    private final Map<Integer, Integer> scans = new HashMap<>();
    private int needed;
    private int position;
    private @Nullable Object state;
    private @Nullable String part;

    /** How many bytes there must be before the parser can say anything else; 0 at first. */
    int needed() {
        return needed;
    }

    void need(int bytes) {
        needed = bytes;
    }

    /** Where a scan that begins at this place can go on. */
    int scanned(int start) {
        return scans.isEmpty() ? start : scans.getOrDefault(start, start);
    }

    void scanned(int start, int end) {
        if (end - start >= WORTH_NOTING) {
            scans.put(start, end);
        }
    }

    /** Has the parser go on from this place, with what it found before it. */
    void commit(int position, Object state) {
        this.position = position;
        this.state = state;
        if (!scans.isEmpty()) {
            scans.clear();
        }
    }

    int position() {
        return position;
    }

    @Nullable
    Object state() {
        return state;
    }

    void part(String name) {
        part = name;
    }

    /** Returns what was being read last, for a message that says what is wrong. */
    @Nullable
    String part() {
        return part;
    }
}
