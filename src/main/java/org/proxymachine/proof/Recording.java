package org.proxymachine.proof;

import java.io.ByteArrayOutputStream;
import java.net.InetSocketAddress;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;
import org.proxymachine.proof.Case.Message;
import org.proxymachine.route.Client;
import org.proxymachine.route.Decision;
import org.proxymachine.route.Router;
import org.proxymachine.route.RoutingException;

/** What one connection says and is answered until it is routed. Its owner sees to it that one thread at a time is here. */
final class Recording {
    /** Of each connection; what is usual is a tenth of it. */
    private static final int MAX_BYTES = 65_536;

    private static final int MAX_PARTS = 4_096;

    private final Client client;
    private final Router router;
    private final Instant start;
    private final List<Message> messages = new ArrayList<>();
    private final List<byte[]> pieces = new ArrayList<>();
    private final List<Answer> answers = new ArrayList<>();
    private final ByteArrayOutputStream sent = new ByteArrayOutputStream();

    /** How much of the session's buffer has been seen here. */
    private int known;

    private @Nullable Duration silence;
    private byte[] buffer = new byte[0];
    private @Nullable Decision end;
    private int parts;

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
        parts++;
        sent.writeBytes(piece);
        known = length;
    }

    /** The client has not said a byte for this time. */
    void isSilent(@Nullable Duration time) {
        if (!answers.isEmpty()) {
            endMessage(Answer.summary(answers));
        }
        silence = time;
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
        parts++;
        answers.add(answer);
    }

    /** Whether more has been said than is kept: a client in a dialogue may go on for as long as it likes. */
    boolean isTooLong() {
        return sent.size() > MAX_BYTES || parts > MAX_PARTS;
    }

    /**
     * Returns the case that this connection was.
     *
     * @throws RoutingException if the router cannot say what may be kept
     */
    Case ended() {
        byte[] all = sent.toByteArray();
        String summary = Answer.summary(answers);
        if (end instanceof Decision.Connect connect) {
            byte[] delivered = connect.data() != null ? connect.data() : buffer;
            summary = Arrays.equals(delivered, all) ? summary : Answer.withData(summary, delivered);
        }
        endMessage(summary);
        // A client behind a unix socket has no address that a case could give.
        InetSocketAddress peer = client.source() instanceof InetSocketAddress source ? source : null;
        return new Case("", "connection " + client.id() + " at " + start, peer, kept());
    }

    private void endMessage(String summary) {
        messages.add(new Message(silence, pieces, summary, true));
        silence = null;
        pieces.clear();
        answers.clear();
    }

    // The router is asked about each message at once, since what must not be kept may have come in two pieces. Where it
    // takes something out, of the answers only their kind stays: they may repeat it.
    private List<Message> kept() {
        List<Message> result = new ArrayList<>();
        boolean whole = true;
        for (Message message : messages) {
            byte[] said = message.joined();
            byte[] kept = router.redacted(client, said);
            whole &= Arrays.equals(said, kept);
            result.add(
                    whole ? message : new Message(message.silence(), List.of(kept), kind(message.expected()), false));
        }
        return result;
    }

    // The remotes are the script's own, unless it takes them from the client: then they are in the log as well.
    private static String kind(@Nullable String answer) {
        String text = String.valueOf(answer);
        int last = text.lastIndexOf("\"; ");
        String end = last < 0 ? text : text.substring(last + 3);
        return end.startsWith("remote ")
                ? "/(?s)(wait .*; )?" + Pattern.quote(destinations(end)) + "( .*)?/"
                : "/(?s)(wait .*; )?" + end.replaceFirst("(?s)[: ].*", "") + ".*/";
    }

    private static String destinations(String answer) {
        int end = answer.indexOf(" ", "remote ".length());
        while (end > 0 && answer.charAt(end - 1) == ',') {
            end = answer.indexOf(" ", end + 1);
        }
        return end < 0 ? answer : answer.substring(0, end);
    }
}
