package org.proxymachine.proof;

import java.io.ByteArrayOutputStream;
import java.net.InetSocketAddress;
import java.nio.ByteBuffer;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Locale;
import java.util.function.Consumer;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;
import org.proxymachine.proof.Case.Message;
import org.proxymachine.route.Client;
import org.proxymachine.route.Router;

/** Shows cases to a router: as they stand, byte by byte, and split in two at every byte. */
public final class CaseRunner {
    private static final InetSocketAddress SOMEBODY = CaseFile.peer("127.0.0.1");
    private static final InetSocketAddress HERE = CaseFile.peer("127.0.0.1:5432");

    private static final long PROGRESS_NANOS = 2_000_000_000L;

    private final Router router;
    private final boolean splits;
    private final int maxPrereadBytes;
    private final Consumer<String> progress;
    private long toldNanos = System.nanoTime();

    private CaseRunner(Router router, boolean splits, int maxPrereadBytes, Consumer<String> progress) {
        this.router = router;
        this.splits = splits;
        this.maxPrereadBytes = maxPrereadBytes;
        this.progress = progress;
    }

    /** One that shows each case in every split. */
    public static CaseRunner splitting(Router router) {
        return splitting(router, Conversation.MAX_PREREAD_BYTES, line -> {});
    }

    /**
     * One that shows each case in every split.
     *
     * @param maxPrereadBytes as in the daemon: no script sees more at once, and what is split behind them is split as well
     *     as not
     * @param progress is told every other second what is being done
     */
    public static CaseRunner splitting(Router router, int maxPrereadBytes, Consumer<String> progress) {
        return new CaseRunner(router, true, maxPrereadBytes, progress);
    }

    /** One that shows each case once, in the pieces that it gives. */
    public static CaseRunner asRecorded(Router router) {
        return asRecorded(router, Conversation.MAX_PREREAD_BYTES);
    }

    /** The same, with this {@code --max-preread}. */
    public static CaseRunner asRecorded(Router router, int maxPrereadBytes) {
        return new CaseRunner(router, false, maxPrereadBytes, line -> {});
    }

    /** Returns what is wrong, as lines, or an empty list. */
    public List<String> run(Case given) {
        List<String> whole = splits
                ? transcript(given, (message, bytes) -> bytes.length == 0 ? List.of() : List.of(ByteBuffer.wrap(bytes)))
                : inPieces(given);
        for (int i = 0; i < given.messages().size(); i++) {
            String expected = given.messages().get(i).expected();
            boolean exact = given.messages().get(i).exact();
            if (expected != null && !(exact ? whole.get(i).equals(expected) : matches(expected, whole.get(i)))) {
                return List.of("expected  " + expected, "was       " + whole.get(i));
            }
        }
        return splits ? splits(given, whole) : List.of();
    }

    private List<String> inPieces(Case given) {
        return transcript(
                given,
                (message, bytes) -> given.messages().get(message).bytes().stream()
                        .map(ByteBuffer::wrap)
                        .toList());
    }

    /** Returns a client for a case or a trial. */
    public static Client client(@Nullable InetSocketAddress peer) {
        return new Client(1, peer == null ? SOMEBODY : peer, HERE);
    }

    private interface Chunks {
        List<ByteBuffer> of(int message, byte[] bytes);
    }

    /** Returns what was answered to each message. */
    private List<String> transcript(Case given, Chunks chunks) {
        Conversation conversation = new Conversation(router, client(given.peer()), maxPrereadBytes);
        List<String> texts = new ArrayList<>();
        int answered = 0;
        int last = -1;
        for (int i = 0; i < given.messages().size(); i++) {
            boolean over = i > 0 && conversation.isOver();
            byte[] bytes = given.messages().get(i).joined();
            Duration silence = given.messages().get(i).silence();
            if (silence != null) {
                conversation.isSilent(silence);
            }
            for (ByteBuffer chunk : chunks.of(i, bytes)) {
                conversation.hear(chunk);
            }
            List<Answer> all = conversation.answers();
            texts.add(over ? "nothing, as it was decided before" : Answer.summary(all.subList(answered, all.size())));
            answered = all.size();
            last = !over && conversation.isOver() ? i : last;
        }
        byte[] delivered = conversation.replacement();
        if (delivered != null && last >= 0 && !Arrays.equals(delivered, sent(given))) {
            texts.set(last, Answer.withData(texts.get(last), delivered));
        }
        return texts;
    }

    private static byte[] sent(Case given) {
        ByteArrayOutputStream sent = new ByteArrayOutputStream();
        given.messages().forEach(each -> sent.writeBytes(each.joined()));
        return sent.toByteArray();
    }

    private static boolean matches(String expected, String actual) {
        if (Message.isPattern(expected)) {
            return Pattern.compile(expected.substring(1, expected.length() - 1), Pattern.DOTALL)
                    .matcher(actual)
                    .matches();
        }
        // What follows may say more of the same answer, but not be another one: a list of servers, a decision after a
        // reply.
        return actual.equals(expected)
                || (actual.startsWith(expected + " ") && actual.indexOf("\"; ", expected.length()) < 0);
    }

    private List<String> splits(Case given, List<String> whole) {
        List<String> single = transcript(given, (message, bytes) -> byteByByte(bytes));
        List<String> problem = difference(given, whole, single, "byte by byte");
        if (problem.isEmpty()) {
            problem = difference(given, whole, inPieces(given), "in the pieces of the case");
        }
        for (int i = 0; i < given.messages().size() && problem.isEmpty(); i++) {
            int length = given.messages().get(i).joined().length;
            for (int at = 1; at < Math.min(length, maxPrereadBytes) && problem.isEmpty(); at++) {
                int message = i;
                int split = at;
                tell(given, at, length);
                List<String> two = transcript(
                        given, (j, bytes) -> j == message ? split(bytes, split) : List.of(ByteBuffer.wrap(bytes)));
                String where = "split at byte " + at + " of " + length
                        + (given.messages().size() > 1 ? " of message " + (i + 1) : "");
                problem = difference(given, whole, two, where);
            }
        }
        return problem;
    }

    private static List<String> difference(Case given, List<String> whole, List<String> now, String where) {
        for (int i = 0; i < whole.size(); i++) {
            String expected = given.messages().get(i).expected();
            boolean same = (expected != null && Message.isPattern(expected))
                    ? matches(expected, now.get(i))
                    : now.get(i).equals(whole.get(i));
            if (!same) {
                return List.of("whole     " + whole.get(i), "was       " + now.get(i), "when      " + where);
            }
        }
        return List.of();
    }

    private void tell(Case given, int at, int length) {
        if (System.nanoTime() - toldNanos > PROGRESS_NANOS) {
            toldNanos = System.nanoTime();
            progress.accept(String.format(
                    Locale.ROOT, "%s %s: split at byte %d of %d", given.where(), given.name(), at, length));
        }
    }

    private static List<ByteBuffer> byteByByte(byte[] bytes) {
        List<ByteBuffer> chunks = new ArrayList<>(bytes.length);
        for (int i = 0; i < bytes.length; i++) {
            chunks.add(ByteBuffer.wrap(bytes, i, 1));
        }
        return chunks;
    }

    private static List<ByteBuffer> split(byte[] bytes, int at) {
        return List.of(ByteBuffer.wrap(bytes, 0, at), ByteBuffer.wrap(bytes, at, bytes.length - at));
    }
}
