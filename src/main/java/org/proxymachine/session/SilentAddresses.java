package org.proxymachine.session;

import java.net.SocketAddress;
import java.time.Duration;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.proxymachine.reactor.Clock;

/**
 * Addresses that were silent while another one of the same name answered: for some minutes they are tried last, so that
 * one client waited for them, and not each (RFC 8305, section 4). Belongs to the reactor's thread.
 */
final class SilentAddresses {
    /** Then one client tries it first again. */
    static final Duration REMEMBERED = Duration.ofMinutes(10);

    private static final int MAX = 1_000;

    private final Clock clock;
    private final Map<SocketAddress, Long> untilNanos = new LinkedHashMap<>() {
        private static final long serialVersionUID = 1;

        @Override
        protected boolean removeEldestEntry(Map.Entry<SocketAddress, Long> eldest) {
            return size() > MAX;
        }
    };

    SilentAddresses(Clock clock) {
        this.clock = clock;
    }

    void add(SocketAddress address) {
        // Removed first, so that it is the youngest.
        untilNanos.remove(address);
        untilNanos.put(address, clock.nanoTime() + REMEMBERED.toNanos());
    }

    /** It answers. */
    void remove(SocketAddress address) {
        if (!untilNanos.isEmpty()) {
            untilNanos.remove(address);
        }
    }

    /** Returns these addresses with the silent ones among them at the end. */
    List<SocketAddress> inOrder(List<SocketAddress> addresses) {
        if (untilNanos.isEmpty() || addresses.size() < 2) {
            return addresses;
        }
        List<SocketAddress> ordered = new ArrayList<>(addresses);
        ordered.removeIf(this::isSilent);
        for (SocketAddress each : addresses) {
            if (!ordered.contains(each)) {
                ordered.add(each);
            }
        }
        return ordered;
    }

    private boolean isSilent(SocketAddress address) {
        Long until = untilNanos.get(address);
        return until != null && until - clock.nanoTime() > 0;
    }
}
