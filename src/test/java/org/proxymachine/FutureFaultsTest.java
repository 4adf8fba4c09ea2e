package org.proxymachine;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.net.StandardSocketOptions;
import java.nio.ByteBuffer;
import java.nio.channels.SocketChannel;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;
import org.proxymachine.session.CloseReason;
import org.proxymachine.session.SessionState;

/** Futures that do what no future should: each is its own client's misfortune. */
class FutureFaultsTest {
    private static final String FUTURES = """
            import java.util.concurrent.*
            import java.util.concurrent.atomic.*
            class Counted { static looks = new AtomicInteger(); static others = new AtomicInteger(); static gate = new CompletableFuture() }
            class Sullen extends RuntimeException { String getMessage() { throw new IllegalStateException() } }
            class Odd implements Future {
                Closure whether = { true }
                Closure what = { [close: 'odd'] }
                boolean isDone() { whether() }
                Object get() { what() }
                Object get(long time, TimeUnit unit) { what() }
                boolean cancel(boolean interrupt) { false }
                boolean isCancelled() { false }
            }
            """;

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            quoteCharacter = '~',
            value = {
                "whether: { throw new IllegalStateException('isDone') } | IllegalStateException: isDone",
                "what: { throw new IllegalStateException('get') } | IllegalStateException: get",
                "what: { throw new StackOverflowError() } | StackOverflowError",
                "what: { throw new CancellationException() } | CancellationException",
                "what: { throw new InterruptedException() } | InterruptedException",
                "what: { throw new ExecutionException(null, null) } | ExecutionException",
                "what: { [close: \"${throw new Sullen()}\"] } | Sullen",
                "what: { 42 } | the answer must be a Map",
            })
    void shouldEndItsOwnClientAtOnceWhereAPlainFutureThrows(String fault, String problem) throws IOException {
        try (Scene scene = new Scene(FUTURES + """
                def others = Executors.newSingleThreadExecutor { def t = new Thread(it); t.daemon = true; t }
                proxy { data ->
                    data == 'odd' ? new Odd(%s) : others.submit({ [close: 'served'] } as Callable)
                }""".formatted(fault))) {
            for (int i = 0; i < 3; i++) {
                scene.client().say("odd").expectAnEnd();
                scene.ends(CloseReason.SCRIPT_ERROR, 3, 0);
                assertThat(scene.proxy().problem()).hasLineCount(1).contains(problem);
                assertThat(scene.proxy().exchange("x")).isEqualTo("served");
                assertThat(scene.proxy().report().reason()).isEqualTo(CloseReason.SCRIPT_CLOSE);
            }
        }
    }

    @ParameterizedTest
    @ValueSource(strings = {"whether", "what"})
    void shouldAnswerOthersWhileAPlainFutureBlocksWhoeverAsksIt(String method) throws IOException {
        try (Scene scene = new Scene(FUTURES + """
                proxy { data ->
                    data == 'odd' ? new Odd(%s: { Counted.looks.incrementAndGet(); new CountDownLatch(1).await() })
                        : new Odd(what: { [close: Counted.looks.get() as String] })
                }""".formatted(method))) {
            // More, one after the other, than there are threads that look: a client that leaves frees its own.
            for (int i = 1; i <= 6; i++) {
                Peer client = scene.client().say("odd");
                String looks;
                do {
                    looks = scene.proxy().exchange("x");
                    scene.proxy().report();
                } while (!looks.equals(String.valueOf(i)));
                client.reset();
                scene.ends(CloseReason.CLIENT_RESET, 3, 0);
            }
        }
    }

    @Test
    void shouldLookNoMoreAtAPlainFutureWhoseClientHasLeft() throws IOException {
        try (Scene scene = new Scene(FUTURES + """
                proxy { data ->
                    if (data == 'odd') return new Odd(whether: { Counted.looks.incrementAndGet(); false })
                    if (data == 'other') return new Odd(whether: { Counted.others.incrementAndGet(); false })
                    [close: "${Counted.looks.getAndSet(0)} ${Counted.others.get()}"]
                }""")) {
            Peer client = scene.client().say("odd");
            scene.await(SessionState.ROUTING);
            scene.proxy().await(() -> true);
            client.reset();
            scene.ends(CloseReason.CLIENT_RESET, 3, 0);
            scene.proxy().exchange("x");
            scene.proxy().report();
            // Another that came later, and is still here, is looked at meanwhile: so would this one be.
            scene.client().say("other");
            String others;
            do {
                String[] looks = scene.proxy().exchange("x").split(" ", 2);
                scene.proxy().report();
                assertThat(looks[0]).isEqualTo("0");
                others = looks[1];
            } while (Integer.parseInt(others) < 5);
        }
    }

    @Test
    void shouldSleepAndServeOthersWhileThousandsWaitForPlainFuturesThatNeverComplete() throws IOException {
        int many = 4_000;
        try (Scene scene = new Scene(FUTURES + """
                proxy { data ->
                    data == 'odd' ? new Odd(whether: { Counted.looks.incrementAndGet(); false })
                        : new Odd(what: { [close: Counted.looks.get() as String] })
                }""")) {
            List<SocketChannel> clients = new ArrayList<>();
            for (int i = 0; i < many; i++) {
                SocketChannel client = SocketChannel.open(scene.proxy().address());
                // Its end is a reset: one that only sends no more still waits for its answer.
                client.setOption(StandardSocketOptions.SO_LINGER, 0);
                client.write(ByteBuffer.wrap("odd".getBytes(StandardCharsets.US_ASCII)));
                clients.add(client);
            }
            scene.await(many, SessionState.ROUTING);
            scene.proxy().awaitIdle();
            int looks = Integer.parseInt(scene.proxy().exchange("x"));
            scene.proxy().report();
            // They are looked at all the while, which is nothing that the loop hears of.
            while (Integer.parseInt(scene.proxy().exchange("x")) < looks + many) {
                scene.proxy().report();
            }
            scene.proxy().report();
            scene.proxy().awaitIdle();
            for (SocketChannel client : clients) {
                client.close();
            }
            for (int i = 0; i < many; i++) {
                scene.proxy().assertClosedBecause(CloseReason.CLIENT_RESET);
            }
            // One look at most was under way when its client left.
            looks = Integer.parseInt(scene.proxy().exchange("x"));
            scene.proxy().report();
            for (int i = 0; i < 20; i++) {
                assertThat(Integer.parseInt(scene.proxy().exchange("x"))).isEqualTo(looks);
                scene.proxy().report();
            }
        }
    }

    @Test
    void shouldBeLetGoOfByASharedFutureThatNeverCompletes() throws IOException {
        try (Scene scene = new Scene(FUTURES + """
                proxy { data -> data == 'x' ? Counted.gate : [close: Counted.gate.numberOfDependents as String] }""")) {
            for (int i = 0; i < 20; i++) {
                Peer client = scene.client().say("x");
                scene.await(SessionState.ROUTING);
                client.reset();
                scene.ends(CloseReason.CLIENT_RESET, 1, 0);
            }
            assertThat(scene.proxy().exchange("how many")).isEqualTo("0");
        }
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            quoteCharacter = '~',
            value = {
                "it.accept([close: 'first'], null); it.accept([close: 'second'], null) | first",
                "it.accept([close: 'first'], null); it.accept(null, new IOException('late')) | first",
                "it.accept([close: 'first'], null); throw new IllegalStateException() | ",
                "def to = it; Thread.start { to.accept([close: 'elsewhere'], null) } | elsewhere",
                "it.accept(null, null); it.accept([close: 'late'], null) | ",
                "throw new StackOverflowError() | ",
                "it.accept(7, null) | ",
                "it.accept(null, new Sullen()) | ",
            })
    void shouldTakeOneAnswerOfACompletionStageWhateverItsMethodsDo(String whenComplete, String answer)
            throws IOException {
        try (Proxy proxy = Proxy.running(FUTURES + """
                proxy { data ->
                    def stage = [whenComplete: { %s; null }] as CompletionStage
                    data.size() == 1 ? stage : [close: 'more']
                }""".formatted(whenComplete))) {
            try (Connection client = proxy.connect()) {
                client.send("x");
                if (whenComplete.startsWith("it.accept(null, null)")) {
                    // Null means: wait for more.
                    client.send("y");
                    answer = "more";
                }
                assertThat(client.receiveAll()).isEqualTo(answer == null ? "" : answer);
            }
            proxy.assertClosedBecause(answer == null ? CloseReason.SCRIPT_ERROR : CloseReason.SCRIPT_CLOSE);
        }
    }
}
