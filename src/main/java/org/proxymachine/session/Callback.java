package org.proxymachine.session;

import java.util.concurrent.Executor;
import java.util.function.BiConsumer;
import org.jspecify.annotations.Nullable;

/**
 * Carries the outcome of a future to the reactor, unless it was called off before. Called off it holds nothing, so that
 * a future that never completes does not keep the sessions that once waited for it.
 */
final class Callback<T> implements BiConsumer<@Nullable T, @Nullable Throwable> {
    private final Executor reactor;
    private volatile @Nullable BiConsumer<@Nullable T, @Nullable Throwable> receiver;

    Callback(Executor reactor, BiConsumer<@Nullable T, @Nullable Throwable> receiver) {
        this.reactor = reactor;
        this.receiver = receiver;
    }

    @Override
    public void accept(@Nullable T value, @Nullable Throwable error) {
        if (receiver != null) {
            reactor.execute(() -> deliver(value, error));
        }
    }

    private void deliver(@Nullable T value, @Nullable Throwable error) {
        BiConsumer<@Nullable T, @Nullable Throwable> waiting = receiver;
        receiver = null;
        if (waiting != null) {
            waiting.accept(value, error);
        }
    }

    /** Called on the reactor's thread. */
    void callOff() {
        receiver = null;
    }
}
