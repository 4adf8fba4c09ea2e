package org.proxymachine.proof;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.function.Function;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;
import org.proxymachine.route.Client;
import org.proxymachine.route.ConnectPolicy;
import org.proxymachine.route.Decision;
import org.proxymachine.route.Destination;
import org.proxymachine.route.Router;
import org.proxymachine.route.RoutingException;

// In a class file NullAway does not see that the arrays of a decision may be null.
@SuppressWarnings("NullAway")
class CaseRunnerTest {
    private static byte[] bytes(String text) {
        return text.getBytes(StandardCharsets.ISO_8859_1);
    }

    private static Router router(Function<String, Decision> script) {
        return new Router() {
            @Override
            public Decision received(Client client, byte[] data, int length) {
                return script.apply(new String(data, 0, length, StandardCharsets.ISO_8859_1));
            }
        };
    }

    private static Decision to(String remote, byte @Nullable [] data) {
        return new Decision.Connect(
                List.of(Destination.parse(remote)),
                data,
                null,
                new ConnectPolicy(
                        null, null, null, ConnectPolicy.DEFAULT_RETRIES, ConnectPolicy.DEFAULT_RETRY_DELAY, 0));
    }

    private static Case given(@Nullable String... saidAndExpected) {
        List<Case.Message> messages = new java.util.ArrayList<>();
        for (int i = 0; i < saidAndExpected.length; i += 2) {
            messages.add(new Case.Message(List.of(bytes(String.valueOf(saidAndExpected[i]))), saidAndExpected[i + 1]));
        }
        return new Case("here:1", "a case", null, messages);
    }

    private static List<String> run(Function<String, Decision> script, @Nullable String... saidAndExpected) {
        return CaseRunner.splitting(router(script)).run(given(saidAndExpected));
    }

    @Test
    void shouldSayTheTagOfADecision() {
        assertThat(new Answer(1, new Decision.Close(null, "é"), null)).hasToString("close tag \"\\xc3\\xa9\"");
        assertThat(new Answer(
                        1,
                        new Decision.Connect(
                                List.of(Destination.parse("a:1")), bytes("d"), bytes("r"), ConnectPolicy.DEFAULT, "t"),
                        null))
                .hasToString("remote a:1 data \"d\" reply \"r\" tag \"t\"");
    }

    @Test
    void shouldFindNothingWrongWithAScriptThatWaits() {
        assertThat(run(data -> data.endsWith("\n") ? to("a:1", null) : Decision.await(), "hello\n", "remote a:1"))
                .isEmpty();
    }

    @Test
    void shouldSayWhatWasAnsweredInPlaceOfWhatWasExpected() {
        assertThat(run(data -> to("a:1", null), "hello", "remote b:1"))
                .containsExactly("expected  remote b:1", "was       remote a:1");
    }

    @Test
    void shouldFindTheSplitAtWhichAScriptDecidesTooEarly() {
        assertThat(run(data -> data.startsWith("hel") ? to("a:1", null) : Decision.close(), "hello", "remote a:1"))
                .containsExactly("whole     remote a:1", "was       close", "when      byte by byte");
        assertThat(run(
                        data -> data.length() == 3
                                ? Decision.close()
                                : data.length() < 5 ? Decision.await() : to("a:1", null),
                        "hello",
                        null))
                .containsExactly("whole     remote a:1", "was       close", "when      byte by byte");
    }

    @Test
    void shouldFindASplitThatByteByByteDoesNotShow() {
        // Decides by the size of the first chunk.
        assertThat(run(
                        data -> data.length() == 1 || data.length() == 5 ? to("a:1", null) : Decision.close(),
                        "hello",
                        null))
                .containsExactly("whole     remote a:1", "was       close", "when      split at byte 2 of 5");
    }

    @Test
    void shouldNotSplitAcrossAnAnswer() {
        Function<String, Decision> dialogue = data -> switch (data) {
            case "hi" -> new Decision.Wait(bytes(""), bytes("yes?"));
            case "go" -> to("a:1", null);
            case "h", "g" -> Decision.await();
            default -> Decision.close();
        };
        assertThat(run(dialogue, "hi", "wait reply \"yes?\"", "go", "remote a:1 data \"go\""))
                .isEmpty();
    }

    @Test
    void shouldCompareWhatTheBackendGetsInTheEnd() {
        assertThat(run(data -> to("a:1", bytes(data)), "hello", "remote a:1")).isEmpty();
        assertThat(run(data -> to("a:1", bytes(data.toUpperCase(java.util.Locale.ROOT))), "he", null))
                .containsExactly(
                        "whole     remote a:1 data \"HE\"",
                        "was       remote a:1 data \"He\"",
                        "when      byte by byte");
    }

    @Test
    void shouldTakeThePatternOfAnAnswerInPlaceOfTheAnswer() {
        int[] turn = {0};
        Function<String, Decision> roundRobin = data -> to("app" + (1 + turn[0]++ % 2) + ":80", null);
        assertThat(run(roundRobin, "hello", "/remote app[12]:80/")).isEmpty();
        assertThat(run(roundRobin, "hello", "/remote app[34]:80/")).isNotEmpty();
    }

    @Test
    void shouldShowAFailureAsAnAnswer() {
        Function<String, Decision> broken = data -> {
            throw new RoutingException("r.groovy:3: proxy: MissingPropertyException", null);
        };
        assertThat(run(broken, "x", "failed")).isNotEmpty();
        assertThat(run(broken, "x", "failed: r.groovy:3: proxy: MissingPropertyException"))
                .isEmpty();
    }

    @Test
    void shouldWaitForFutures() {
        assertThat(run(
                        data -> data.length() < 5
                                ? Decision.await()
                                : new Decision.Pending(CompletableFuture.supplyAsync(() -> to("a:1", null))),
                        "hello",
                        "remote a:1"))
                .isEmpty();
    }

    @Test
    void shouldShowARecordingOnlyAsItWas() {
        Function<String, Decision> early = data -> data.startsWith("hel") ? to("a:1", null) : Decision.close();
        assertThat(CaseRunner.asRecorded(router(early)).run(given("hello", "remote a:1")))
                .isEmpty();
    }

    @Test
    void shouldNotTakeAnotherAnswerForMoreOfTheSame() {
        Decision two = new Decision.Connect(
                List.of(Destination.parse("a:1"), Destination.parse("b:1")),
                bytes("x"),
                null,
                new ConnectPolicy(null, null, null, 0, ConnectPolicy.DEFAULT_RETRY_DELAY, 0));
        assertThat(run(data -> two, "x", "remote a:1")).isNotEmpty();
        Function<String, Decision> replies =
                data -> data.equals("x") ? new Decision.Wait(bytes("y"), bytes("N")) : to("a:1", null);
        assertThat(run(replies, "x", "wait")).isEmpty();
        assertThat(run(data -> data.length() < 2 ? new Decision.Wait(null, bytes("N")) : to("a:1", null), "xy", "wait"))
                .isNotEmpty();
    }

    @Test
    void shouldTakeTheAnswerOfARecordingForAllOfIt() {
        Case recorded = new Case(
                "here:1", "a case", null, List.of(new Case.Message(null, List.of(bytes("x")), "remote a:1", true)));
        assertThat(CaseRunner.asRecorded(router(data -> to("a:1", null))).run(recorded))
                .isEmpty();
        assertThat(CaseRunner.asRecorded(router(data -> to("a:1", bytes("changed"))))
                        .run(recorded))
                .isNotEmpty();
    }

    @Test
    void shouldJoinThePiecesOfAMessageForTheWhole() {
        Case pieces = new Case(
                "here:1",
                "a case",
                null,
                List.of(new Case.Message(List.of(bytes("ab"), bytes("cd")), "remote whole:1")));
        assertThat(CaseRunner.splitting(router(data -> to(data.length() == 4 ? "whole:1" : "piece:1", null)))
                        .run(pieces))
                .contains("was       remote piece:1");
    }

    @Test
    void shouldEndWhereTheDaemonWouldStopReading() {
        Conversation conversation = new Conversation(router(data -> Decision.await()), CaseRunner.client(null));
        conversation.hear(new byte[65_536]);
        assertThat(conversation.isOver()).isFalse();
        conversation.hear(new byte[1]);
        assertThat(conversation.answers().get(0))
                .hasToString("failed: preread-limit, as it still waits after 65536 bytes");
    }
}
