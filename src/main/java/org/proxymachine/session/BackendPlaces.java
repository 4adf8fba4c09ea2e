package org.proxymachine.session;

import java.net.InetSocketAddress;
import java.util.HashMap;
import java.util.Iterator;
import java.util.LinkedHashSet;
import java.util.Locale;
import java.util.Map;
import java.util.Set;
import org.proxymachine.route.Destination;

/**
 * So many connections to each destination, whom the rest waits for in order. Belongs to the reactor's thread.
 *
 * <p>Clients may make this table grow, where a script takes its remotes from what they say. It is bounded by the sessions
 * there are: a session holds or waits for one place at most, and a destination without either is forgotten.
 */
public final class BackendPlaces {
    private final int max;
    private final Map<Object, Queue> queues = new HashMap<>();

    private static final class Queue {
        private int held;
        private final Set<Place> waiting = new LinkedHashSet<>();
    }

    /** So many places at each destination, 1 or more. */
    public BackendPlaces(int max) {
        this.max = max;
    }

    int max() {
        return max;
    }

    /** Returns how many destinations are in use. */
    public int size() {
        return queues.size();
    }

    /**
     * Returns a place at this destination: held at once, or waited for.
     *
     * @param granted run when the wait is over; from within somebody else's event
     */
    Place take(Destination destination, Runnable granted) {
        Object key = key(destination);
        Queue queue = queues.computeIfAbsent(key, any -> new Queue());
        Place place = new Place(key, queue, granted);
        if (queue.held < max) {
            queue.held++;
            place.held = true;
        } else {
            queue.waiting.add(place);
        }
        return place;
    }

    // However it is written: names know no case (RFC 4343), and an address has several forms.
    private static Object key(Destination destination) {
        if (destination instanceof Destination.Tcp tcp) {
            InetSocketAddress literal = tcp.literal();
            return literal != null ? literal : tcp.host().toLowerCase(Locale.ROOT) + ":" + tcp.port();
        }
        return destination;
    }

    /** A connection's place, or a wait for one. */
    final class Place {
        private final Object key;
        private final Queue queue;
        private final Runnable granted;
        private boolean held;
        private boolean left;

        private Place(Object key, Queue queue, Runnable granted) {
            this.key = key;
            this.queue = queue;
            this.granted = granted;
        }

        boolean isHeld() {
            return held;
        }

        /** Ends the wait, or hands the place to who waits longest. */
        void leave() {
            if (left) {
                return;
            }
            left = true;
            if (held) {
                handOn();
            } else {
                queue.waiting.remove(this);
            }
            if (queue.held == 0) {
                queues.remove(key);
            }
        }

        private void handOn() {
            Iterator<Place> first = queue.waiting.iterator();
            if (first.hasNext()) {
                Place next = first.next();
                first.remove();
                next.held = true;
                next.granted.run();
            } else {
                queue.held--;
            }
        }
    }
}
