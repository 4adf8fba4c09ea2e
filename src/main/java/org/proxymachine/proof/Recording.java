package org.proxymachine.proof;

import java.io.ByteArrayOutputStream;
import java.net.InetSocketAddress;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import org.jspecify.annotations.Nullable;
import org.proxymachine.proof.Case.Message;
import org.proxymachine.route.Client;
import org.proxymachine.route.Decision;
import org.proxymachine.route.Router;
import org.proxymachine.route.RoutingException;

/** What one connection says and is answered until it is routed. Its owner sees to it that one thread at a time is here. */
final class Recording {
    private final Client client;
    private final Router router;
    private final Instant start;
    private final List<Message> messages = new ArrayList<>();
    private final List<byte[]> pieces = new ArrayList<>();
    private final List<Answer> answers = new ArrayList<>();
    private final ByteArrayOutputStream sent = new ByteArrayOutputStream();

    /** How much of the session's buffer has been seen here. */
    private int known;

    private byte[] buffer = new byte[0];
    private @Nullable Decision end;

    Recording(Client client, Router router, Instant start) {
        this.client = client;
        this.router = router;
        this.start = start;
    }

    Instant start() {
        return start;
    }

    /** Takes what is new in the buffer. */
    void hears(byte[] data, int length) {
        buffer = Arrays.copyOf(data, length);
        if (length <= known) {
            return;
        }
        if (!answers.isEmpty()) {
            endMessage(Answer.summary(answers));
        }
        byte[] piece = Arrays.copyOfRange(data, known, length);
        pieces.add(piece);
        sent.writeBytes(piece);
        known = length;
    }

    void answered(Answer answer) {
        if (answer.decision() instanceof Decision.Wait wait) {
            if (wait.data() != null) {
                known = wait.data().length;
            }
            if (wait.reply() == null) {
                return;
            }
        } else {
            end = answer.decision();
        }
        answers.add(answer);
    }

    /**
     * Returns the case that this connection was. The router is asked what may be kept of all bytes at once, since what
     * must not be may have come in two pieces.
     *
     * @throws RoutingException if the router cannot say what may be kept
     */
    Case ended() {
        byte[] all = sent.toByteArray();
        byte[] kept = router.redacted(client, all);
        boolean whole = Arrays.equals(all, kept);
        String summary = Answer.summary(answers);
        if (end instanceof Decision.Connect connect) {
            byte[] delivered = connect.data() != null ? connect.data() : buffer;
            // With what must not be kept in it, the rest of the answer has to do.
            summary = !whole || Arrays.equals(delivered, all) ? summary : Answer.withData(summary, delivered);
        }
        endMessage(summary);
        // A client behind a unix socket has no address that a case could give.
        InetSocketAddress peer = client.source() instanceof InetSocketAddress source ? source : null;
        String name = "connection " + client.id() + " at " + start;
        return new Case("", name, peer, whole ? messages : redacted(kept));
    }

    private void endMessage(String summary) {
        messages.add(new Message(pieces, summary));
        pieces.clear();
        answers.clear();
    }

    // The pieces stay where they were, as far as there are bytes for them.
    private List<Message> redacted(byte[] kept) {
        List<Message> result = new ArrayList<>();
        int at = 0;
        for (Message message : messages) {
            List<byte[]> bytes = new ArrayList<>();
            for (byte[] piece : message.bytes()) {
                int end = Math.min(kept.length, at + piece.length);
                bytes.add(Arrays.copyOfRange(kept, Math.min(at, end), end));
                at += piece.length;
            }
            result.add(new Message(bytes, message.expected()));
        }
        return result;
    }
}
