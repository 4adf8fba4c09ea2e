package org.proxymachine.server;

import java.net.InetAddress;
import java.net.NetworkInterface;
import java.net.SocketException;
import java.util.Set;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.stream.Collectors;

/**
 * The addresses of this machine's interfaces, as they were some seconds ago. The system is asked on a thread of its own,
 * since it may take its time, and only while somebody asks here.
 */
final class InterfaceAddresses {
    private static final long STALE_NANOS = TimeUnit.SECONDS.toNanos(10);

    private static final AtomicBoolean READING = new AtomicBoolean();
    private static volatile Set<InetAddress> known = Set.of();
    private static volatile long readNanos;
    private static volatile boolean wasRead;

    private InterfaceAddresses() {}

    /** Whether this machine has this address; all of loopback, and without waiting for the system. */
    static boolean contain(InetAddress address) {
        if (address.isLoopbackAddress()) {
            return true;
        }
        if (!wasRead || System.nanoTime() - readNanos > STALE_NANOS) {
            readElsewhere();
        }
        return known.contains(address);
    }

    private static void readElsewhere() {
        if (READING.compareAndSet(false, true)) {
            Thread reader = new Thread(InterfaceAddresses::read, "interfaces");
            reader.setDaemon(true);
            try {
                reader.start();
            } catch (OutOfMemoryError e) {
                // No thread is to be had: what was known before is used on.
                READING.set(false);
            }
        }
    }

    /** Asks the system, and waits for it. */
    static void read() {
        try {
            known = NetworkInterface.networkInterfaces()
                    .flatMap(NetworkInterface::inetAddresses)
                    .collect(Collectors.toUnmodifiableSet());
            wasRead = true;
        } catch (SocketException e) {
            // Without any interface: what was known before is used on, and asked again.
        } finally {
            readNanos = System.nanoTime();
            READING.set(false);
        }
    }
}
