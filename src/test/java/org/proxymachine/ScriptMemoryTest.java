package org.proxymachine;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.IOException;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.proxymachine.Peer.End;
import org.proxymachine.route.RoutingException;
import org.proxymachine.session.CloseReason;

/** Errors of the virtual machine, and worse ones, in a script: each ends its own session. */
class ScriptMemoryTest {

    private static final String CLASSES = """
            class Broken { static int number = Integer.parseInt('x') }
            class OwnError extends Error { OwnError() { super('mine') } }
            class Sullen extends RuntimeException { String getMessage() { throw new IllegalStateException() } }
            class Hollow extends RuntimeException { StackTraceElement[] getStackTrace() { null } }
            """;

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            quoteCharacter = '~',
            value = {
                "new byte[Integer.MAX_VALUE] | OutOfMemoryError: Requested array size exceeds VM limit",
                "throw new NoClassDefFoundError('gone/Away') | NoClassDefFoundError: gone/Away",
                "throw new UnsatisfiedLinkError('no native') | UnsatisfiedLinkError: no native",
                "throw new InternalError('inner') | InternalError: inner",
                "throw new ThreadDeath() | ThreadDeath",
                "throw new OwnError() | OwnError: mine",
                "throw new Hollow() | Hollow",
            })
    void shouldEndItsOwnSessionWhateverErrorAScriptThrows(String code, String problem) throws IOException {
        try (Scene scene = new Scene(CLASSES + """
                import java.util.concurrent.*
                def wrong = { %s }
                proxy { data ->
                    switch (data) {
                        case 'now': return wrong()
                        case 'later': return CompletableFuture.supplyAsync { wrong() }
                        case 'late': def task = new FutureTask({ wrong() }); new Thread(task).start(); return task
                        default: return [remote: '%%s']
                    }
                }""".formatted(code))) {
            Peer other = scene.client().send(1);
            Peer backend = scene.backend().receive(1);
            for (String when : new String[] {"now", "later", "late"}) {
                scene.client().say(when).expectAnEnd();
                scene.ends(CloseReason.SCRIPT_ERROR, when.length(), 0);
                String said = scene.proxy().problem();
                assertThat(said)
                        .hasLineCount(1)
                        .contains(when.equals("now") ? problem : problem.replaceFirst(":.*", ""));
            }
            other.send(1_000);
            backend.receive(1_000);
            other.fin();
            backend.expect(End.FIN).fin();
            scene.ends(CloseReason.DONE, 1_001, 0);
        }
    }

    @Test
    void shouldSayOneLineOfAnErrorThatCannotEvenSayWhatItIs() throws IOException {
        try (Proxy proxy = Proxy.running(CLASSES + "proxy { data -> throw new Sullen() }")) {
            assertThat(proxy.exchange("x")).isEmpty();
            assertThat(proxy.problem()).hasLineCount(1).endsWith(".groovy: proxy: Sullen");
        }
    }

    @Test
    void shouldEndItsOwnSessionForABrokenClass() throws IOException {
        try (Proxy proxy = Proxy.running(CLASSES + "proxy { data -> data ? [close: Broken.number] : null }")) {
            assertThat(proxy.exchange("x")).isEmpty();
            assertThat(proxy.problem())
                    .hasLineCount(1)
                    .contains("proxy: ExceptionInInitializerError: NumberFormatException: For input string");
            assertThat(proxy.exchange("y")).isEmpty();
            assertThat(proxy.problem()).hasLineCount(1).contains("proxy: NoClassDefFoundError: Could not initialize");
        }
    }

    @Test
    void shouldRefuseALoadThatNeedsTooMuchAndKeepTheOldScript() throws IOException {
        try (Proxy proxy = Proxy.running("proxy { data -> [close: 'old'] }")) {
            assertThatThrownBy(() -> proxy.reload("""
                            def table = new byte[Integer.MAX_VALUE]
                            proxy { data -> [close: 'new'] }"""))
                    .isInstanceOf(RoutingException.class)
                    .hasMessageContaining("OutOfMemoryError: Requested array size exceeds VM limit");
            assertThat(proxy.exchange("x")).isEqualTo("old");
        }
    }

    @Test
    void shouldRunTheTrialCallThatNeedsTooMuchAsAnyError() throws IOException {
        try (Proxy proxy = Proxy.running("proxy { data -> data ? [close: 'served'] : new byte[Integer.MAX_VALUE] }")) {
            assertThat(proxy.exchange("x")).isEqualTo("served");
        }
    }

    @Test
    void shouldSleepAndServeAfterAScriptInterruptedTheLoop() throws IOException {
        try (Scene scene = new Scene("""
                proxy { data ->
                    if (data == 'interrupt') { Thread.currentThread().interrupt(); return [close: 'done'] }
                    [remote: '%s']
                }""")) {
            Peer other = scene.client().send(1);
            Peer backend = scene.backend().receive(1);
            assertThat(scene.proxy().exchange("interrupt")).isEqualTo("done");
            scene.proxy().assertIdle();
            other.send(1_000);
            backend.receive(1_000).send(10);
            other.receive(10);
        }
    }
}
