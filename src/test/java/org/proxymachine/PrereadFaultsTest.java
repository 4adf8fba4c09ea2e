package org.proxymachine;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Random;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;
import org.proxymachine.Peer.End;
import org.proxymachine.session.CloseReason;

/** What clients say, or do not say, before they are routed. {@link LimitsTest} has the limits. */
class PrereadFaultsTest {
    /** One byte of length, so many bytes of a name, and behind it what the backend is to get. */
    private static final String PREFIXED = """
            proxy { data ->
                if (data.isEmpty() || data.size() < 1 + (data[0] as char as int)) return null
                def name = data.substring(1, 1 + (data[0] as char as int))
                [remote: '%s', data: data.substring(1 + name.size()), reply: "${name}:"]
            }""";

    @Test
    void shouldCloseAClientThatConnectsAndNeverWrites() throws IOException {
        try (Scene scene = new Scene("proxy { data -> null }")) {
            Peer client = scene.client();
            scene.awaitSessions(1);
            scene.pass(Duration.ofMillis(29_999));
            scene.proxy().assertIdle();
            scene.pass(Duration.ofMillis(1));
            client.expectAnEnd();
            scene.ends(CloseReason.ROUTE_TIMEOUT, 0, 0);
        }
    }

    @Test
    void shouldServeOthersWhileOneClientHalfSends() throws IOException {
        try (Scene scene = new Scene(PREFIXED)) {
            Peer half = scene.client().say("\5al");
            for (int i = 0; i < 20; i++) {
                Peer other = scene.client().say("\3bob").send(10).fin();
                scene.backend().receive(10).expect(End.FIN).send(5).close();
                other.hear("bob:").receive(5).expect(End.FIN);
                scene.ends(CloseReason.DONE, 14, 9);
            }
            half.say("ice").send(10).fin();
            scene.backend().receive(10).expect(End.FIN).close();
            half.hear("alice:").expect(End.FIN);
            scene.ends(CloseReason.DONE, 16, 6);
        }
    }

    @Test
    void shouldDeliverThePayloadThatComesInOneReadWithItsHeader() throws IOException {
        try (Scene scene = new Scene(PREFIXED)) {
            scene.atOnce(() -> scene.client().say("\5alice").send(10_000).fin());
            scene.backend().receive(10_000).expect(End.FIN).fin();
            scene.ends(CloseReason.DONE, 10_006, 6);
        }
    }

    @Test
    void shouldWaitForAMessageThatIsShorterThanItsLengthSaysAndLetGoAtItsEnd() throws IOException {
        try (Scene scene = new Scene(PREFIXED)) {
            Peer client = scene.client().say("\u00c8too short");
            scene.awaitSessions(1);
            scene.proxy().assertIdle();
            client.fin().expectAnEnd();
            scene.ends(CloseReason.CLIENT_LEFT, 10, 0);
        }
    }

    @Test
    void shouldTakeWhatIsBehindALengthThatIsTooShortForPayload() throws IOException {
        try (Scene scene = new Scene(PREFIXED)) {
            Peer client = scene.client().say("\3alice").fin();
            scene.backend().hear("ce").expect(End.FIN).close();
            client.hear("ali:").expect(End.FIN);
            scene.ends(CloseReason.DONE, 6, 4);
        }
    }

    @Test
    void shouldShowNulBytesAndLongNames() throws IOException {
        try (Scene scene = new Scene(PREFIXED)) {
            String nul = "\0".repeat(200);
            Peer client = scene.client().say("\u00c8" + nul).send(1).fin();
            scene.backend().receive(1).expect(End.FIN).fin();
            client.hear(nul + ":").expect(End.FIN);
            scene.ends(CloseReason.DONE, 202, 201);
        }
        try (Proxy proxy = Proxy.running("proxy { data -> data.size() < 300 ? null : [remote: \"${data}:80\"] }")) {
            assertThat(proxy.exchange("n".repeat(300))).isEmpty();
            proxy.assertClosedBecause(CloseReason.UNRESOLVED);
            assertThat(proxy.problem()).hasLineCount(1).contains("unknown host nnn");
        }
    }

    @Test
    void shouldAskAgainAboutWhatADialogueLeftOfOneRead() throws IOException {
        try (Scene scene = new Scene("""
                proxy { data ->
                    def end = data.indexOf('\\n')
                    if (end < 0) return null
                    def line = data.take(end)
                    line == 'quit' ? [close: 'bye'] : [noop: true, reply: line ? line + ',' : '', data: data.substring(end + 1)]
                }""")) {
            String silent = "\n".repeat(3_000);
            scene.atOnce(() -> scene.client().say("a\nb\n" + silent + "quit\n").fin());
            scene.ends(CloseReason.SCRIPT_CLOSE, 3_009, 7);
            scene.atOnce(() -> scene.client().say("a\nb\n" + silent + "qui").fin());
            scene.ends(CloseReason.CLIENT_LEFT, 3_007, 4);
            Peer client = scene.client().say("a\n" + silent + "qui").hear("a,");
            client.say("t\n").hear("bye").expect(End.FIN);
        }
    }

    @ParameterizedTest
    @ValueSource(strings = {"git", "http-host", "lookup", "socks4", "socks5"})
    void shouldOutliveGarbage(String example) throws IOException {
        long seed = System.nanoTime();
        Random random = new Random(seed);
        // Garbage names servers too, and some would answer: nobody is dialled who is not of this test.
        String script = Files.readString(Path.of("config-examples", example + ".groovy"))
                .replace("[remote: request.remote,", "[remote: '127.0.0.1:%d',".formatted(Backend.deadPort()));
        try (Proxy proxy = Proxy.running(script)) {
            for (int i = 0; i < 50; i++) {
                byte[] garbage = new byte[1 + random.nextInt(random.nextBoolean() ? 20 : 20_000)];
                random.nextBytes(garbage);
                if (random.nextInt(4) == 0) {
                    // What begins well gets further.
                    garbage[0] = (byte) (example.equals("socks4") ? 4 : 5);
                }
                try (Connection client = proxy.connect()) {
                    client.sendWhatItTakes(garbage);
                    client.receiveAll();
                }
                assertThat(proxy.report().reason())
                        .as("seed %d, connection %d", seed, i)
                        .isIn(
                                CloseReason.SCRIPT_CLOSE,
                                CloseReason.CLIENT_LEFT,
                                CloseReason.CLIENT_RESET,
                                CloseReason.CONNECT_REFUSED);
            }
        }
    }
}
