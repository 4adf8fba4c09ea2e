package org.proxymachine.proof;

import java.util.concurrent.CompletionException;
import java.util.function.Supplier;
import org.proxymachine.route.Client;
import org.proxymachine.route.Decision;
import org.proxymachine.route.Destination;
import org.proxymachine.route.Router;
import org.proxymachine.route.RoutingException;

/** Another router, whose answers are recorded until they connect or close. */
final class RecordedRouter implements Router {
    private final Router router;
    private final Recorder recorder;

    RecordedRouter(Router router, Recorder recorder) {
        this.router = router;
        this.recorder = recorder;
    }

    @Override
    public Decision accepted(Client client) {
        recorder.begin(client, router);
        return recorded(client, () -> router.accepted(client));
    }

    @Override
    public Decision received(Client client, byte[] data, int length) {
        recorder.heard(client, data, length);
        return recorded(client, () -> router.received(client, data, length));
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
            return new Decision.Pending(pending.answer()
                    .whenComplete((answer, failure) -> recorder.answered(
                            client, answer != null ? new Answer(0, answer, null) : failure(failure))));
        }
        recorder.answered(client, new Answer(0, decision, null));
        return decision;
    }

    private static Answer failure(Throwable failure) {
        Throwable cause =
                failure instanceof CompletionException && failure.getCause() != null ? failure.getCause() : failure;
        return new Answer(0, null, String.valueOf(cause.getMessage()));
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
    public String locate(StackTraceElement[] stack) {
        return router.locate(stack);
    }
}
