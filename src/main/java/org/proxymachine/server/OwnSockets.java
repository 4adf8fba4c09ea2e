package org.proxymachine.server;

import java.io.IOException;
import java.net.Inet6Address;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.SocketAddress;
import java.net.UnixDomainSocketAddress;
import java.nio.file.Files;
import java.nio.file.attribute.BasicFileAttributes;
import java.util.List;
import java.util.concurrent.CopyOnWriteArrayList;
import org.jspecify.annotations.Nullable;

/** The sockets that a part of this daemon listens on, to which it must not be connected. Any thread. */
public final class OwnSockets {
    private final List<InetSocketAddress> tcp = new CopyOnWriteArrayList<>();
    private final List<Object> files = new CopyOnWriteArrayList<>();

    /** Adds a socket that listens, at an address with its port or with its file in place. */
    public void add(SocketAddress listening) {
        if (listening instanceof InetSocketAddress inet) {
            tcp.add(inet);
        } else if (listening instanceof UnixDomainSocketAddress unix) {
            Object file = file(unix);
            if (file != null) {
                files.add(file);
            }
        }
    }

    /** Whether who connects to this address connects to one of them. */
    boolean have(SocketAddress remote) {
        if (remote instanceof InetSocketAddress to) {
            for (InetSocketAddress own : tcp) {
                if (leads(to, own)) {
                    return true;
                }
            }
            return false;
        }
        // By device and inode: a file has as many paths as there are links to it.
        return !files.isEmpty() && remote instanceof UnixDomainSocketAddress unix && files.contains(file(unix));
    }

    /** Whether a connection with these ends has reached one of them. */
    boolean have(SocketAddress remote, SocketAddress local) {
        if (remote instanceof InetSocketAddress to
                && local instanceof InetSocketAddress from
                && from.getAddress().equals(to.getAddress())) {
            for (InetSocketAddress own : tcp) {
                if (own.getPort() == to.getPort() && isWildcardFor(to, own)) {
                    return true;
                }
            }
        }
        return false;
    }

    private static boolean leads(InetSocketAddress to, InetSocketAddress own) {
        return to.getPort() == own.getPort()
                && (to.getAddress().equals(own.getAddress())
                        || (isWildcardFor(to, own) && InterfaceAddresses.contain(to.getAddress())));
    }

    /** Of IPv6, the wildcard stands for the addresses of both families. */
    private static boolean isWildcardFor(InetSocketAddress to, InetSocketAddress own) {
        InetAddress address = own.getAddress();
        return address.isAnyLocalAddress()
                && (address instanceof Inet6Address || !(to.getAddress() instanceof Inet6Address));
    }

    private static @Nullable Object file(UnixDomainSocketAddress address) {
        try {
            return Files.readAttributes(address.getPath(), BasicFileAttributes.class)
                    .fileKey();
        } catch (IOException e) {
            return null;
        }
    }
}
