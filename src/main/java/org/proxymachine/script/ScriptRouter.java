package org.proxymachine.script;

import java.time.Duration;
import org.jspecify.annotations.Nullable;
import org.proxymachine.route.Client;
import org.proxymachine.route.Decision;
import org.proxymachine.route.Destination;
import org.proxymachine.route.Router;
import org.proxymachine.route.RoutingException;
import org.proxymachine.route.Unload;
import org.proxymachine.sniff.NeedMore;
import org.proxymachine.sniff.Waiting;

/** A loaded script: asks its blocks, and turns whatever goes wrong in them into one line. */
final class ScriptRouter implements Router {
    private final ScriptErrors errors;
    private final Blocks blocks;
    private final FutureWatch futures;
    private final Unload unload;

    /** Whom a block is being called for now; read by the watch that reports one that is stuck. */
    private volatile @Nullable Client current;

    ScriptRouter(ScriptErrors errors, Blocks blocks, FutureWatch futures, Unload unload) {
        this.errors = errors;
        this.blocks = blocks;
        this.futures = futures;
        this.unload = unload;
    }

    @Override
    public Decision accepted(Client client) {
        if (!blocks.has(Block.PROXY_ACCEPT)) {
            return Decision.await();
        }
        Decision decision = ask(Block.PROXY_ACCEPT, client, new ScriptConnection(client));
        return blocks.has(Block.PROXY_SILENT) ? decision : orElseAskProxy(Block.PROXY_ACCEPT, decision);
    }

    @Override
    public @Nullable Duration silence() {
        return blocks.silence();
    }

    @Override
    public Decision silent(Client client) {
        return orElseAskProxy(Block.PROXY_SILENT, ask(Block.PROXY_SILENT, client, new ScriptConnection(client)));
    }

    // Whoever waits is asked about the client's bytes next: without a block for these nothing would ever be decided.
    private Decision orElseAskProxy(Block block, Decision decision) {
        if (blocks.has(Block.PROXY)) {
            return decision;
        }
        if (decision instanceof Decision.Wait) {
            throw errors.undecided(block);
        }
        return decision instanceof Decision.Pending pending
                ? new Decision.Pending(pending.answer().thenApply(answer -> orElseAskProxy(block, answer)))
                : decision;
    }

    @Override
    public Decision received(Client client, byte[] data, int length) {
        if (!blocks.has(Block.PROXY)) {
            throw errors.undecided(Block.PROXY_ACCEPT);
        }
        if (client.memory() instanceof Waiting waiting && waiting.goesOn(data, length)) {
            return Decision.await();
        }
        client.remember(null);
        return ask(Block.PROXY, client, BinaryString.of(data, length), new ScriptConnection(client));
    }

    // Only where the parser was given all that has come, by a block that looks at it in no other way.
    private void remember(Client client, NeedMore need, Object data) {
        if (blocks.isOnlyParsing() && data instanceof String text) {
            client.remember(need.waitingAfter(text));
        }
    }

    @Override
    public boolean answersConnectErrors() {
        return blocks.has(Block.PROXY_CONNECT_ERROR);
    }

    @Override
    public Decision connectFailed(Client client, Destination remote, String error) {
        return askAboutError(Block.PROXY_CONNECT_ERROR, client, remote, error);
    }

    @Override
    public Decision inactive(Client client, Destination remote, String error) {
        return askAboutError(Block.PROXY_INACTIVITY_ERROR, client, remote, error);
    }

    private Decision askAboutError(Block block, Client client, Destination remote, String error) {
        if (!blocks.has(block)) {
            return Decision.close();
        }
        return ask(block, client, remote.toString(), new ScriptConnection(client), error);
    }

    private Decision ask(Block block, Client client, Object... arguments) {
        boolean error = block == Block.PROXY_CONNECT_ERROR || block == Block.PROXY_INACTIVITY_ERROR;
        current = client;
        try {
            Object answer = blocks.call(block, arguments);
            if (answer != null && PendingDecision.isFuture(answer)) {
                return PendingDecision.of(answer, errors, futures);
            }
            return error ? DecisionMapper.errorAnswer(answer) : DecisionMapper.decision(answer);
        } catch (NeedMore e) {
            if (error) {
                throw errors.inBlock(block, e);
            }
            remember(client, e, arguments[0]);
            return Decision.await();
        } catch (Throwable e) {
            // Errors too: a StackOverflowError in a regex, an array too large, a class that cannot be initialised, are
            // this connection's misfortune alone.
            throw errors.inBlock(block, e);
        } finally {
            current = null;
        }
    }

    @Override
    public byte[] redacted(Client client, byte[] bytes) {
        if (!blocks.has(Block.PROXY_RECORD)) {
            return bytes;
        }
        current = client;
        try {
            Object kept = blocks.call(Block.PROXY_RECORD, BinaryString.of(bytes, bytes.length));
            return kept == null ? new byte[0] : BinaryString.bytes(kept, "the answer");
        } catch (NeedMore e) {
            // It would look at what the client never came to say.
            return new byte[0];
        } catch (Throwable e) {
            throw errors.inBlock(Block.PROXY_RECORD, e);
        } finally {
            current = null;
        }
    }

    /**
     * Calls the script as for a client that comes and says nothing. What the script throws then is tolerated, as it was
     * asked something that no client asks; the first real one need not wait for what is done once.
     *
     * @throws RoutingException in one line, if it answers with what is no decision
     */
    void tryOut(Client nobody) {
        tryOut(() -> accepted(nobody));
        if (blocks.has(Block.PROXY)) {
            tryOut(() -> received(nobody, new byte[0], 0));
        }
    }

    private static void tryOut(Runnable question) {
        try {
            question.run();
        } catch (RoutingException e) {
            if (e.getCause() instanceof WrongAnswerException) {
                throw new RoutingException(e.getMessage() + " (the trial call, without data)", e);
            }
        }
    }

    @Override
    public Unload unload() {
        return unload;
    }

    @Override
    public String locate(StackTraceElement[] stack) {
        Client client = current;
        String line = errors.line(stack);
        String where = line != null ? line : Router.super.locate(stack);
        return client == null ? where : where + ", client " + new ScriptConnection(client).getPeer();
    }
}
