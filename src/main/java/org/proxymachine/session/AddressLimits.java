package org.proxymachine.session;

import java.net.Inet4Address;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.SocketAddress;
import java.nio.ByteBuffer;
import java.util.HashMap;
import java.util.Iterator;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.concurrent.TimeUnit;
import org.jspecify.annotations.Nullable;

/**
 * What a single address may take: connections at a time, and new ones a second. An IPv6 address stands for its /64, since
 * that is what one subscriber has (RFC 6177). Belongs to the reactor's thread.
 *
 * <p>Clients make this table grow, so it is bounded. An address that holds connections is never forgotten. One that holds
 * none is forgotten at once where only connections are limited; else when its bucket is full again, or when the table is
 * full and it left longest ago. Where all that are known hold connections a new address is let in uncounted: that takes
 * more connections than the server accepts, but for those that it takes over while it drains.
 */
public final class AddressLimits {
    /** How many addresses are known at least. */
    public static final int CAPACITY = 65_536;

    private static final long SECOND_NANOS = TimeUnit.SECONDS.toNanos(1);

    private final int maxConnections;
    private final long intervalNanos;
    private final long burstNanos;
    private final int capacity;
    private final Map<Long, Entry> busy = new HashMap<>();

    /** Those without a connection, in the order in which they left. */
    private final Map<Long, Entry> idle = new LinkedHashMap<>();

    /** An address: what it holds, and when its bucket will be full again. */
    static final class Entry {
        private final long key;
        private int connections;
        private long fullNanos;

        private Entry(long key, long nowNanos) {
            this.key = key;
            this.fullNanos = nowNanos;
        }
    }

    /**
     * Limits for each address.
     *
     * @param maxConnections at a time; 0 for as many as they like
     * @param maxPerSecond new ones a second, on average, and in a burst; 0 for as many as they like
     * @param capacity how many addresses are known at a time
     */
    public AddressLimits(int maxConnections, int maxPerSecond, int capacity) {
        this.maxConnections = maxConnections;
        this.intervalNanos = maxPerSecond == 0 ? 0 : SECOND_NANOS / maxPerSecond;
        this.burstNanos = intervalNanos * Math.max(0, maxPerSecond - 1);
        this.capacity = capacity;
    }

    private @Nullable CloseReason admit(SocketAddress address, long nowNanos, Ticket ticket) {
        if (!(address instanceof InetSocketAddress inet) || inet.getAddress() == null) {
            // A unix socket: who may connect to it is for its mode to say.
            return null;
        }
        forgetFull(nowNanos);
        long key = key(inet.getAddress());
        Entry entry = known(key, nowNanos);
        if (entry == null) {
            return null;
        }
        CloseReason reason = refusal(entry, nowNanos);
        if (reason == null) {
            entry.connections++;
            ticket.entry = entry;
        }
        place(entry);
        return reason;
    }

    // The bucket first: those whom the other limit refuses have used up their try.
    private @Nullable CloseReason refusal(Entry entry, long nowNanos) {
        if (intervalNanos > 0) {
            long missingNanos = Math.max(0, entry.fullNanos - nowNanos);
            if (missingNanos > burstNanos) {
                return CloseReason.RATE_LIMIT;
            }
            entry.fullNanos = nowNanos + missingNanos + intervalNanos;
        }
        return maxConnections > 0 && entry.connections >= maxConnections ? CloseReason.IP_LIMIT : null;
    }

    private @Nullable Entry known(long key, long nowNanos) {
        Entry entry = busy.get(key);
        if (entry == null) {
            entry = idle.remove(key);
        }
        if (entry != null) {
            return entry;
        }
        if (busy.size() + idle.size() >= capacity && !forgetEldest()) {
            return null;
        }
        return new Entry(key, nowNanos);
    }

    private void place(Entry entry) {
        if (entry.connections > 0) {
            busy.put(entry.key, entry);
        } else {
            busy.remove(entry.key);
            if (intervalNanos > 0) {
                idle.put(entry.key, entry);
            }
        }
    }

    private boolean forgetEldest() {
        Iterator<Entry> eldest = idle.values().iterator();
        if (!eldest.hasNext()) {
            return false;
        }
        eldest.next();
        eldest.remove();
        return true;
    }

    // Two for each that comes, so that there are ever fewer once a flood is over.
    private void forgetFull(long nowNanos) {
        Iterator<Entry> eldest = idle.values().iterator();
        for (int i = 0; i < 2 && eldest.hasNext() && eldest.next().fullNanos - nowNanos <= 0; i++) {
            eldest.remove();
        }
    }

    /** Returns how many addresses are known. */
    public int size() {
        return busy.size() + idle.size();
    }

    /** A client's place in the count, which it gives back once. */
    final class Ticket {
        private @Nullable Entry entry;

        /** Takes in a client of this address. Returns null if it may stay, else why not. */
        @Nullable
        CloseReason take(SocketAddress address, long nowNanos) {
            return admit(address, nowNanos, this);
        }

        void giveBack() {
            Entry held = entry;
            if (held != null) {
                entry = null;
                held.connections--;
                if (held.connections == 0) {
                    place(held);
                }
            }
        }
    }

    Ticket ticket() {
        return new Ticket();
    }

    // The upper half of an IPv6 address; an IPv4 address as one of ::/32, which nobody has (RFC 4291, section 2.5.5).
    private static long key(InetAddress address) {
        ByteBuffer bytes = ByteBuffer.wrap(address.getAddress());
        return address instanceof Inet4Address ? bytes.getInt() & 0xffff_ffffL : bytes.getLong();
    }
}
