package org.proxymachine;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.proxymachine.Peer.End;
import org.proxymachine.session.CloseReason;
import org.proxymachine.session.SessionState;

/** Bytes that clients make the proxy hold: counted, and bounded by the heap. */
class HeldMemoryTest {
    private static final int BYTES = 60_000;

    // Buffers of 2 MiB, and so 1 MiB of the heap.
    private static Scene scene(String script) throws IOException {
        Proxy.Setup setup = new Proxy.Setup();
        setup.maxBufferBytes = 2 << 20;
        return new Scene(script, setup);
    }

    private static long held(Scene scene) {
        return scene.proxy().ask(() -> scene.proxy().server().reactor().pool().heldBytes());
    }

    @Test
    void shouldShedTheNewestUnroutedClientsBeforeTheHeapIsFullAndLetSplicedOnesLive() throws IOException {
        try (Scene scene = scene("proxy { data -> data.size() < 100 ? [remote: '%s'] : null }")) {
            Peer spliced = scene.client().send(1);
            Peer backend = scene.backend().receive(1);
            List<Peer> clients = new ArrayList<>();
            for (int i = 0; i < 40; i++) {
                clients.add(scene.client().send(BYTES));
            }
            for (int i = 0; i < 20; i++) {
                assertThat(scene.ends(CloseReason.MEMORY_LIMIT).id())
                        .as("a newer one")
                        .isGreaterThan(9);
            }
            assertThat(held(scene)).isBetween(8L * BYTES, 1L << 20);
            // Another is served, and the eldest is there still.
            Peer late = scene.client().send(1);
            Peer lateBackend = scene.backend().receive(1);
            late.send(1_000);
            lateBackend.receive(1_000);
            clients.get(0).send(1_000);
            spliced.send(1_000);
            backend.receive(1_000).send(10);
            spliced.receive(10);
            clients.forEach(HeldMemoryTest::leave);
            scene.awaitSessions(2);
            assertThat(held(scene)).isZero();
            late.fin();
            lateBackend.expect(End.FIN).fin();
            spliced.fin();
            backend.expect(End.FIN).fin();
            scene.awaitSessions(0);
        }
    }

    @Test
    void shouldHoldNoMoreForSlowReceiversThanAnEighthOfTheHeapHoweverManyTheyAreAndServeTheOthers() throws IOException {
        Proxy.Setup setup = new Proxy.Setup();
        // Hardly a buffer, and 320 KiB of the heap, of which half are for slow receivers: 40 reads of 4 KiB.
        setup.maxBufferBytes = 640 << 10;
        try (Scene scene = new Scene("proxy { data -> [remote: '%s'] }", setup)) {
            List<Peer> slow = new ArrayList<>();
            for (int i = 0; i < 100; i++) {
                slow.add(scene.clientWithASmallWindow().send(1));
                scene.backend().receive(1).flood();
            }
            scene.proxy().await(() -> scene.proxy().server().reactor().pool().isUsedUp());
            scene.proxy().awaitIdle();
            assertThat(held(scene)).isBetween(160L << 10, 170L << 10);
            Peer fast = scene.client().send(1);
            Peer backend = scene.backend().receive(1);
            for (int i = 0; i < 100; i++) {
                fast.send(10_000);
                backend.receive(10_000).send(20_000);
                fast.receive(20_000);
            }
            assertThat(held(scene)).isLessThan(180L << 10);
            // A new one is heard, too, and none of the slow ones has been lost or waits for ever.
            scene.client().send(1);
            scene.backend().receive(1);
            for (Peer client : slow) {
                client.receive(1 << 20);
            }
            slow.forEach(HeldMemoryTest::leave);
            scene.proxy()
                    .await(() -> scene.proxy().states().stream()
                                    .filter(SessionState.SPLICING::equals)
                                    .count()
                            == 2);
            // Their backends' resets wait for what was just sent.
            scene.pass(Duration.ofMinutes(1));
            scene.awaitSessions(2);
            assertThat(held(scene)).isZero();
        }
    }

    private static void leave(Peer client) {
        try {
            client.reset();
        } catch (IOException e) {
            throw new AssertionError(e);
        }
    }

    @Test
    void shouldShedWhoDoesNotReadWhatAScriptSaysAtItsEnd() throws IOException {
        try (Scene scene = scene("proxy { data -> data == 's' ? [close: 'served'] : [close: 'x' * 8_000_000] }")) {
            Peer client = scene.clientWithASmallWindow().say("x");
            assertThat(scene.ends().reason()).isEqualTo(CloseReason.MEMORY_LIMIT);
            assertThat(scene.proxy().exchange("s")).isEqualTo("served");
            client.reset();
            scene.proxy().report();
            assertThat(scene.proxy().states()).doesNotContain(SessionState.FLUSHING);
        }
    }
}
