package org.proxymachine.proof;

import java.io.ByteArrayOutputStream;
import java.nio.ByteBuffer;
import java.time.Duration;
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
    public static final int MAX_PREREAD_BYTES = 65_536;

    private final Router router;
    private final Client client;
    private final List<Answer> answers = new ArrayList<>();
    private final List<ByteBuffer> late = new ArrayList<>();
    private final int maxPrereadBytes;
    private byte[] buffer = new byte[0];
    private int size;
    private boolean replaced;
    private int seen;
    private long heard;
    private Duration silence = Duration.ZERO;
    private boolean askedSilent;
    private boolean over;

    /** The client has connected. */
    public Conversation(Router router, Client client) {
        this(router, client, MAX_PREREAD_BYTES);
    }

    /** The client has connected to a daemon with this {@code --max-preread}. */
    public Conversation(Router router, Client client, int maxPrereadBytes) {
        this.router = router;
        this.client = client;
        this.maxPrereadBytes = maxPrereadBytes;
        take(() -> router.accepted(client));
    }

    private interface Question {
        Decision ask();
    }

    /** The client sends these bytes in one piece. */
    public void hear(byte[] chunk) {
        hear(ByteBuffer.wrap(chunk));
    }

    /** The same. They are kept where they are, so nobody may change them. */
    void hear(ByteBuffer bytes) {
        ByteBuffer chunk = bytes.slice();
        while (!over && chunk.hasRemaining()) {
            if (size >= maxPrereadBytes) {
                over = true;
                answers.add(new Answer(
                        heard, null, "preread-limit, as it still waits after " + maxPrereadBytes + " bytes"));
            } else {
                append(chunk, Math.min(chunk.remaining(), maxPrereadBytes - size));
                askAboutNews();
            }
        }
        heard += chunk.remaining();
        late.add(chunk);
    }

    private void append(ByteBuffer chunk, int length) {
        if (size + length > buffer.length) {
            buffer = Arrays.copyOf(buffer, Math.max(2 * size, size + length));
        }
        chunk.get(buffer, size, length);
        size += length;
        heard += length;
    }

    private void askAboutNews() {
        // What a dialogue has left over is shown again at once.
        while (!over && size > seen) {
            seen = size;
            take(() -> router.received(client, buffer, size));
        }
    }

    /** The client says nothing for this time. */
    public void isSilent(Duration time) {
        silence = silence.plus(time);
        Duration limit = router.silence();
        if (!over && heard == 0 && !askedSilent && limit != null && silence.compareTo(limit) >= 0) {
            askedSilent = true;
            take(() -> router.silent(client));
        }
    }

    private void take(Question question) {
        Answer answer = answer(question);
        if (answer.decision() instanceof Decision.Wait wait) {
            byte[] data = wait.data();
            if (data != null) {
                seen = data.length < seen ? 0 : data.length;
                replace(data);
            }
            if (data != null || wait.reply() != null) {
                answers.add(answer);
            }
            return;
        }
        if (answer.decision() instanceof Decision.Connect connect && connect.data() != null) {
            replace(connect.data());
        }
        over = true;
        answers.add(answer);
    }

    // Full, so that what is appended goes to another array: this one is the decision's.
    private void replace(byte[] data) {
        buffer = data;
        size = data.length;
        replaced = true;
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

    /** Returns what the backend has been sent, or null where there is none, or it is just what the client sent. */
    byte @Nullable [] replacement() {
        if (!over || !replaced || !(answers.get(answers.size() - 1).decision() instanceof Decision.Connect)) {
            return null;
        }
        ByteArrayOutputStream all = new ByteArrayOutputStream();
        all.write(buffer, 0, size);
        late.forEach(each -> all.write(each.array(), each.arrayOffset() + each.position(), each.remaining()));
        return all.toByteArray();
    }
}
