package org.proxymachine.script;

import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.Future;
import java.util.function.BiConsumer;
import org.jspecify.annotations.Nullable;
import org.proxymachine.route.Decision;
import org.proxymachine.sniff.NeedMore;

/**
 * The decision that a script's future will be. Whatever that future does (it completes twice, with nonsense, on any thread,
 * by a method that throws), the decision comes once, or one line that says what is wrong. Called off it holds nothing, so
 * that a future that never completes does not keep what once waited for it.
 */
final class PendingDecision implements BiConsumer<@Nullable Object, @Nullable Throwable> {
    private final ScriptErrors errors;
    private volatile @Nullable CompletableFuture<Decision> decision;

    private PendingDecision(ScriptErrors errors, CompletableFuture<Decision> decision) {
        this.errors = errors;
        this.decision = decision;
    }

    static boolean isFuture(Object answer) {
        return answer instanceof CompletionStage || answer instanceof Future;
    }

    /** Returns what to wait for in place of this future. Throws what the future's own methods throw. */
    static Decision.Pending of(Object future, ScriptErrors errors, FutureWatch futures) {
        CompletableFuture<Decision> decision = new CompletableFuture<>();
        PendingDecision pending = new PendingDecision(errors, decision);
        Runnable release = pending.follow(future, futures);
        return new Decision.Pending(decision, () -> {
            pending.decision = null;
            release.run();
        });
    }

    private Runnable follow(Object future, FutureWatch futures) {
        if (future instanceof CompletableFuture<?> completable) {
            // Of the ways to let go of a future this is the one by which it lets go of us.
            CompletableFuture<@Nullable Object> left = new CompletableFuture<>();
            CompletionStage<@Nullable Object> first = CompletableFuture.anyOf(completable, left);
            first.whenComplete(this);
            return () -> left.complete(null);
        }
        if (future instanceof CompletionStage<?> stage) {
            stage.whenComplete(this);
            return () -> {};
        }
        return futures.watch((Future<?>) future, this);
    }

    @Override
    public void accept(@Nullable Object answer, @Nullable Throwable failure) {
        CompletableFuture<Decision> waiting = decision;
        if (waiting == null) {
            return;
        }
        try {
            waiting.complete(decided(answer, failure));
        } catch (Throwable e) {
            // Said here: what is completed with an error of the script's own would ask that for its message.
            waiting.completeExceptionally(errors.inFuture(e));
        }
    }

    private static Decision decided(@Nullable Object answer, @Nullable Throwable failure) throws Throwable {
        if (failure == null) {
            return DecisionMapper.decision(answer);
        }
        Throwable cause = Decision.Pending.cause(failure);
        if (cause instanceof NeedMore) {
            return Decision.await();
        }
        throw cause;
    }
}
