package org.proxymachine.script;

import java.util.concurrent.ConcurrentHashMap;
import org.proxymachine.route.Destination;

/**
 * Destinations by the text they were read from: scripts name the same few again and again, and thousands of idle
 * sessions then share one object. For any thread, as answers of futures come on theirs.
 */
final class KnownDestinations {
    /** A script that makes up ever new names starts over then: it must not fill the heap. */
    static final int MAX = 1_024;

    private final ConcurrentHashMap<String, Destination> known = new ConcurrentHashMap<>();

    /** @throws IllegalArgumentException as {@link Destination#parse} */
    Destination parse(String text) {
        Destination destination = known.get(text);
        if (destination == null) {
            destination = Destination.parse(text);
            if (known.size() >= MAX) {
                known.clear();
            }
            known.put(text, destination);
        }
        return destination;
    }

    int size() {
        return known.size();
    }
}
