package org.proxymachine.server;

import java.net.SocketException;
import java.nio.channels.UnsupportedAddressTypeException;

/** Why a socket cannot listen, in words for a person. */
public final class ListenError {
    private ListenError() {}

    /** Returns what to say of what was thrown when a socket was opened, or bound to an address. */
    public static String reason(Throwable failure) {
        // The JDK, of an IPv6 address where the system has none (ipv6(7)), or where java.net.preferIPv4Stack is set.
        if (failure instanceof UnsupportedOperationException || failure instanceof UnsupportedAddressTypeException) {
            return "this machine, or its Java, has no IPv6";
        }
        return failure instanceof SocketException ? String.valueOf(failure.getMessage()) : failure.toString();
    }
}
