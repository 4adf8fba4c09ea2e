package org.proxymachine.route;

import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;

/** What is to be done once a router is used no more. */
@FunctionalInterface
public interface Unload {
    /** Of a router that holds nothing. */
    Unload NOTHING = () -> CompletableFuture.completedFuture(null);

    /** Begins, on a thread of its own, unless that was done before. Completes within five seconds, and never fails. */
    CompletionStage<Void> begin();

    /** Begins, and waits. */
    default void finish() {
        begin().toCompletableFuture().join();
    }
}
