package org.proxymachine.proof;

import java.util.function.Supplier;
import org.proxymachine.route.Client;
import org.proxymachine.route.Decision;
import org.proxymachine.route.ForwardingRouter;
import org.proxymachine.route.Router;
import org.proxymachine.route.RoutingException;

/** Another router, whose answers are recorded until they connect or close. */
final class RecordedRouter extends ForwardingRouter {
    private final Router router;
    private final Recorder recorder;

    RecordedRouter(Router router, Recorder recorder) {
        super(router);
        this.router = router;
        this.recorder = recorder;
    }

    @Override
    public Decision accepted(Client client) {
        recorder.begin(client, router);
        return recorded(client, () -> super.accepted(client));
    }

    @Override
    public Decision silent(Client client) {
        recorder.silent(client, super.silence());
        return recorded(client, () -> super.silent(client));
    }

    @Override
    public Decision received(Client client, byte[] data, int length) {
        recorder.heard(client, data, length);
        return recorded(client, () -> super.received(client, data, length));
    }

    private Decision recorded(Client client, Supplier<Decision> question) {
        Decision decision;
        try {
            decision = question.get();
        } catch (RoutingException e) {
            recorder.answered(client, failure(e));
            throw e;
        }
        if (decision instanceof Decision.Pending pending) {
            return pending.followedBy(pending.answer()
                    .whenComplete((answer, failure) -> recorder.answered(
                            client, answer != null ? new Answer(0, answer, null) : failure(failure))));
        }
        recorder.answered(client, new Answer(0, decision, null));
        return decision;
    }

    private static Answer failure(Throwable failure) {
        Throwable cause = Decision.Pending.cause(failure);
        return new Answer(0, null, String.valueOf(cause.getMessage()));
    }
}
