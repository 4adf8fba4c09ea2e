package org.proxymachine.session;

import java.util.function.Consumer;
import org.proxymachine.reactor.Reactor;

/**
 * What all sessions of a reactor share.
 *
 * @param reaped told of each session that has ended, after its listener was
 */
public record SessionContext(
        Reactor reactor, Limits limits, NameResolver resolver, SessionListener listener, Consumer<Session> reaped) {}
