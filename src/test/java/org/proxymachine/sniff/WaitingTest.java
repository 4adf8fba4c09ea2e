package org.proxymachine.sniff;

import static org.assertj.core.api.Assertions.assertThat;

import java.lang.reflect.Field;
import java.lang.reflect.Modifier;
import java.nio.charset.StandardCharsets;
import java.util.Collections;
import java.util.IdentityHashMap;
import java.util.Map;
import java.util.Objects;
import java.util.Set;
import java.util.function.Function;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/** What a parser that waits keeps of its client. Nobody counts it, so it must be little. */
class WaitingTest {
    private static final int CHUNKS = 100;
    private static final int MAX_KEPT = 100;

    @ParameterizedTest(name = "{0}")
    @MethodSource("org.proxymachine.sniff.ChunkCostTest#messages")
    void shouldHoldNoneOfTheBytesOfALongMessage(
            String name, Function<String, @Nullable Object> parser, String message) {
        byte[] bytes = message.getBytes(StandardCharsets.ISO_8859_1);
        Waiting waiting = waiting(parser, message.substring(0, message.length() / CHUNKS));
        assertThat(kept(waiting)).isLessThan(MAX_KEPT);
        for (int chunk = 2; chunk < CHUNKS; chunk++) {
            assertThat(waiting.goesOn(bytes, (int) ((long) bytes.length * chunk / CHUNKS)))
                    .isTrue();
            assertThat(kept(waiting)).as("after chunk %d", chunk).isLessThan(MAX_KEPT);
        }
        assertThat(waiting.goesOn(bytes, bytes.length)).isFalse();
    }

    @Test
    void shouldWaitForWhatFollowsTheVeryStringThatItWasGiven() {
        String data = "GET / ";
        try {
            Http.parse(data);
        } catch (NeedMore e) {
            assertThat(e.waitingAfter(data)).isNotNull();
            assertThat(e.waitingAfter(String.valueOf(data.toCharArray()))).isNull();
            return;
        }
        throw new AssertionError("it does not wait");
    }

    private static Waiting waiting(Function<String, @Nullable Object> parser, String data) {
        try {
            throw new AssertionError("it is " + parser.apply(data));
        } catch (NeedMore e) {
            return Objects.requireNonNull(e.waitingAfter(data));
        }
    }

    /** Counts the values, and the chars of text, that can be reached from here. */
    private static long kept(Object root) {
        try {
            return kept(root, Collections.newSetFromMap(new IdentityHashMap<>()));
        } catch (IllegalAccessException e) {
            throw new AssertionError(e);
        }
    }

    private static long kept(@Nullable Object value, Set<Object> seen) throws IllegalAccessException {
        if (value == null || !seen.add(value)) {
            return 0;
        }
        if (value instanceof CharSequence text) {
            return text.length();
        }
        if (value instanceof Map<?, ?> map) {
            return map.size();
        }
        assertThat(value.getClass().isArray() || value instanceof Iterable)
                .as("to be counted, too: %s", value.getClass())
                .isFalse();
        long kept = 1;
        for (Field field : value.getClass().getDeclaredFields()) {
            boolean own = value.getClass().getName().startsWith("org.proxymachine.");
            if (own && !Modifier.isStatic(field.getModifiers())) {
                field.setAccessible(true);
                kept += kept(field.get(value), seen);
            }
        }
        return kept;
    }
}
