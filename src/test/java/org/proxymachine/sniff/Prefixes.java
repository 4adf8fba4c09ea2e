package org.proxymachine.sniff;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.Random;
import java.util.function.Function;
import org.jspecify.annotations.Nullable;

/** Holds a parser to what all promise, at every prefix of a message: a split of it is nothing but one of those. */
final class Prefixes {
    private Prefixes() {}

    /** Asks for more at each prefix of the message, and gives this value from its last byte on, whatever follows. */
    static <T> void assertReads(Function<String, @Nullable T> parser, String message, T value) {
        for (int i = 0; i < message.length(); i++) {
            assertThat(answer(parser, message.substring(0, i)))
                    .as("after %d bytes", i)
                    .isEqualTo("more");
        }
        for (String follows : new String[] {"", "\0", "x", message, "\u00ff".repeat(70_000)}) {
            assertThat(answer(parser, message + follows)).isEqualTo(value);
        }
    }

    /** Asks for more at each prefix shorter than this, and says no from there on. */
    static void assertRefuses(Function<String, ?> parser, String message, int decidedAt) {
        for (int i = 0; i <= message.length(); i++) {
            assertThat(answer(parser, message.substring(0, i)))
                    .as("after %d bytes", i)
                    .isEqualTo(i < decidedAt ? "more" : "no");
        }
        assertThat(decidedAt).isLessThanOrEqualTo(message.length());
    }

    /** Once it has answered, for whatever bytes, more bytes change nothing. Returns the answer to all of them. */
    static Object assertSteady(Function<String, ?> parser, String bytes) {
        Object decided = "more";
        for (int i = 0; i <= bytes.length(); i++) {
            Object now = answer(parser, bytes.substring(0, i));
            if (!decided.equals("more")) {
                assertThat(now).as("after %d bytes of %s", i, bytes).isEqualTo(decided);
            }
            decided = now;
        }
        return decided;
    }

    /** Returns a message with some of its bytes changed, lost, or doubled. */
    static String mutated(String message, Random random) {
        StringBuilder bytes = new StringBuilder(message);
        for (int i = random.nextInt(4); i >= 0 && !bytes.isEmpty(); i--) {
            int at = random.nextInt(bytes.length());
            switch (random.nextInt(4)) {
                case 0 -> bytes.setCharAt(at, (char) random.nextInt(256));
                case 1 -> bytes.setCharAt(at, (char) (bytes.charAt(at) ^ 1 << random.nextInt(8)));
                case 2 -> bytes.delete(at, at + random.nextInt(bytes.length() - at + 1));
                default -> bytes.insert(at, bytes.substring(at, at + random.nextInt(bytes.length() - at + 1)));
            }
        }
        return bytes.toString();
    }

    static Object answer(Function<String, ?> parser, String bytes) {
        try {
            Object value = parser.apply(bytes);
            return value == null ? "no" : value;
        } catch (NeedMore e) {
            return "more";
        }
    }
}
