package org.proxymachine.proof;

import java.io.ByteArrayOutputStream;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.concurrent.CompletionException;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import org.jspecify.annotations.Nullable;
import org.proxymachine.route.Client;
import org.proxymachine.route.Decision;
import org.proxymachine.route.Router;
import org.proxymachine.route.RoutingException;

/**
 * One client's talk with a router, without any connection: shows it the bytes as a session would, and keeps what it said.
 */
public final class Conversation {
    /** What a future may take: the daemon's own default for a client to be routed. */
    private static final long PATIENCE_SECONDS = 30;

    /** What {@code --max-preread} is unless told otherwise. */
    private static final int MAX_PREREAD_BYTES = 65_536;

    private final Router router;
    private final Client client;
    private final List<Answer> answers = new ArrayList<>();
    private final ByteArrayOutputStream late = new ByteArrayOutputStream();
    private byte[] buffer = new byte[0];
    private int seen;
    private long heard;
    private boolean over;

    /** The client has connected. */
    public Conversation(Router router, Client client) {
        this.router = router;
        this.client = client;
        take(() -> router.accepted(client));
    }

    private interface Question {
        Decision ask();
    }

    /** The client sends these bytes in one piece. */
    public void hear(byte[] chunk) {
        heard += chunk.length;
        if (over) {
            late.writeBytes(chunk);
            return;
        }
        int length = buffer.length;
        buffer = Arrays.copyOf(buffer, length + chunk.length);
        System.arraycopy(chunk, 0, buffer, length, chunk.length);
        // What a dialogue has left over is shown again at once.
        while (!over && buffer.length > seen) {
            seen = buffer.length;
            take(() -> router.received(client, buffer, buffer.length));
        }
        if (!over && buffer.length > MAX_PREREAD_BYTES) {
            over = true;
            answers.add(
                    new Answer(heard, null, "preread-limit, as it still waits after " + MAX_PREREAD_BYTES + " bytes"));
        }
    }

    private void take(Question question) {
        Answer answer = answer(question);
        if (answer.decision() instanceof Decision.Wait wait) {
            byte[] data = wait.data();
            if (data != null) {
                seen = data.length < seen ? 0 : data.length;
                buffer = data;
            }
            if (data != null || wait.reply() != null) {
                answers.add(answer);
            }
            return;
        }
        if (answer.decision() instanceof Decision.Connect connect && connect.data() != null) {
            buffer = connect.data();
        }
        over = true;
        answers.add(answer);
    }

    private Answer answer(Question question) {
        try {
            Decision decision = question.ask();
            while (decision instanceof Decision.Pending pending) {
                decision = pending.answer().toCompletableFuture().get(PATIENCE_SECONDS, TimeUnit.SECONDS);
            }
            return new Answer(heard, decision, null);
        } catch (RoutingException e) {
            return new Answer(heard, null, String.valueOf(e.getMessage()));
        } catch (ExecutionException | CompletionException e) {
            Throwable cause = e.getCause() != null ? e.getCause() : e;
            return new Answer(
                    heard,
                    null,
                    cause instanceof RoutingException ? String.valueOf(cause.getMessage()) : cause.toString());
        } catch (TimeoutException e) {
            return new Answer(heard, null, "the future gave no answer within " + PATIENCE_SECONDS + " s");
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            return new Answer(heard, null, "interrupted");
        }
    }

    /** Returns all that was said, but for "wait" and nothing else. */
    public List<Answer> answers() {
        return List.copyOf(answers);
    }

    /** Whether the client is routed, closed, or failed. */
    public boolean isOver() {
        return over;
    }

    /** Returns how many bytes the client has sent. */
    public long heard() {
        return heard;
    }

    /** Returns what the backend has been sent, or null where there is none. */
    byte @Nullable [] toBackend() {
        if (!over || !(answers.get(answers.size() - 1).decision() instanceof Decision.Connect)) {
            return null;
        }
        byte[] rest = late.toByteArray();
        byte[] all = Arrays.copyOf(buffer, buffer.length + rest.length);
        System.arraycopy(rest, 0, all, buffer.length, rest.length);
        return all;
    }
}
