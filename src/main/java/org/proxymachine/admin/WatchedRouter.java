package org.proxymachine.admin;

import java.util.function.Supplier;
import org.proxymachine.route.Client;
import org.proxymachine.route.Decision;
import org.proxymachine.route.Destination;
import org.proxymachine.route.ForwardingRouter;
import org.proxymachine.route.Router;
import org.proxymachine.route.RoutingException;

/** Another router, of which it is noted what it answers, when, and how long it takes. */
final class WatchedRouter extends ForwardingRouter {
    private final Sessions sessions;
    private final Metrics metrics;

    WatchedRouter(Router router, Sessions sessions, Metrics metrics) {
        super(router);
        this.sessions = sessions;
        this.metrics = metrics;
    }

    @Override
    public Decision accepted(Client client) {
        return watched(ScriptCall.ACCEPTED, client, () -> super.accepted(client));
    }

    @Override
    public Decision silent(Client client) {
        return watched(ScriptCall.SILENT, client, () -> super.silent(client));
    }

    @Override
    public Decision received(Client client, byte[] data, int length) {
        return watched(ScriptCall.RECEIVED, client, () -> super.received(client, data, length));
    }

    @Override
    public Decision connectFailed(Client client, Destination remote, String error) {
        return watched(ScriptCall.CONNECT_ERROR, client, () -> super.connectFailed(client, remote, error));
    }

    @Override
    public Decision inactive(Client client, Destination remote, String error) {
        return watched(ScriptCall.INACTIVITY, client, () -> super.inactive(client, remote, error));
    }

    private Decision watched(ScriptCall call, Client client, Supplier<Decision> question) {
        long beginNanos = System.nanoTime();
        Decision decision;
        try {
            decision = question.get();
        } catch (RoutingException e) {
            answered(call, client, beginNanos, Outline.failed(String.valueOf(e.getMessage())));
            throw e;
        }
        // Of a client that has only come a script mostly has nothing to say.
        if (call != ScriptCall.ACCEPTED || decision != Decision.await()) {
            answered(call, client, beginNanos, Outline.of(decision));
        }
        if (decision instanceof Decision.Pending pending) {
            return pending.followedBy(pending.answer().whenComplete((answer, failure) -> {
                long now = System.nanoTime();
                sessions.answered(
                        client.id(), call.word(), now, now, answer != null ? Outline.of(answer) : failure(failure));
            }));
        }
        return decision;
    }

    private void answered(ScriptCall call, Client client, long beginNanos, Outline answer) {
        long endNanos = System.nanoTime();
        metrics.called(call, endNanos - beginNanos);
        sessions.answered(client.id(), call.word(), beginNanos, endNanos, answer);
    }

    private static Outline failure(Throwable failure) {
        Throwable cause = Decision.Pending.cause(failure);
        return Outline.failed(
                cause instanceof RoutingException ? String.valueOf(cause.getMessage()) : String.valueOf(cause));
    }
}
