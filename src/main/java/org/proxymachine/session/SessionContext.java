package org.proxymachine.session;

import java.net.SocketAddress;
import java.util.function.Consumer;
import java.util.function.IntSupplier;
import java.util.function.Predicate;
import org.jspecify.annotations.Nullable;
import org.proxymachine.reactor.Reactor;

/**
 * What all sessions of a reactor share.
 *
 * @param proxies those peers that begin with a PROXY header, which is believed
 * @param addresses what each address may take; null without limits
 * @param places at each destination; null where there are as many as it takes
 * @param own addresses of this daemon, to which nobody is connected
 * @param overfull run, with no session's handler on the stack, when clients may have the proxy hold too much
 * @param active how many sessions there are
 * @param reaped told of each session that has ended, after its listener was
 */
public record SessionContext(
        Reactor reactor,
        Limits limits,
        NameResolver resolver,
        SessionListener listener,
        Predicate<SocketAddress> proxies,
        @Nullable AddressLimits addresses,
        @Nullable BackendPlaces places,
        OwnAddresses own,
        Runnable overfull,
        IntSupplier active,
        Consumer<Session> reaped) {}
