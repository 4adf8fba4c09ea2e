package org.proxymachine.session;

import java.io.IOException;

/** A read or write found that this side of the session is gone. An outcome, not a fault: it carries no stack trace. */
final class EndpointFailure extends Exception {
    private static final long serialVersionUID = 1;

    private final transient Endpoint endpoint;
    private final Operation operation;

    enum Operation {
        READ,
        WRITE
    }

    EndpointFailure(Endpoint endpoint, Operation operation, IOException cause) {
        super(cause.getMessage(), cause, false, false);
        this.endpoint = endpoint;
        this.operation = operation;
    }

    Endpoint endpoint() {
        return endpoint;
    }

    Operation operation() {
        return operation;
    }
}
