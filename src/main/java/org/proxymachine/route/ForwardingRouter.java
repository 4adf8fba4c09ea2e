package org.proxymachine.route;

import java.time.Duration;
import org.jspecify.annotations.Nullable;

/** Another router, for those who stand before one and have something of their own to do with a part of what it is asked. */
public abstract class ForwardingRouter implements Router {
    private final Router router;

    /** A router that answers as this one. */
    protected ForwardingRouter(Router router) {
        this.router = router;
    }

    @Override
    public Decision accepted(Client client) {
        return router.accepted(client);
    }

    @Override
    public @Nullable Duration silence() {
        return router.silence();
    }

    @Override
    public Decision silent(Client client) {
        return router.silent(client);
    }

    @Override
    public Decision received(Client client, byte[] data, int length) {
        return router.received(client, data, length);
    }

    @Override
    public boolean answersConnectErrors() {
        return router.answersConnectErrors();
    }

    @Override
    public Decision connectFailed(Client client, Destination remote, String error) {
        return router.connectFailed(client, remote, error);
    }

    @Override
    public Decision inactive(Client client, Destination remote, String error) {
        return router.inactive(client, remote, error);
    }

    @Override
    public byte[] redacted(Client client, byte[] bytes) {
        return router.redacted(client, bytes);
    }

    @Override
    public Unload unload() {
        return router.unload();
    }

    @Override
    public String locate(StackTraceElement[] stack) {
        return router.locate(stack);
    }
}
