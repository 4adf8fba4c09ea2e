package org.proxymachine;

import java.io.IOException;
import java.time.Duration;
import java.util.concurrent.CompletableFuture;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.proxymachine.Peer.End;
import org.proxymachine.session.CloseReason;

/**
 * A great deal through one connection, both ways at once: some hundred megabytes each way, or as many as
 * {@code -Dproxymachine.megabytes} says, as {@code -Psoak} does.
 */
class BulkTransferTest {
    private static final int PARTS = 9;

    @Test
    @Tag("soak")
    void shouldCarryAsMuchAsThereIsThroughOneConnectionWithoutGrowing() throws IOException {
        long part = Long.getLong("proxymachine.megabytes", 180) * (1 << 20) / PARTS;
        long bytes = PARTS * part;
        Duration deadline = Duration.ofHours(1);
        try (Scene scene = new Scene("proxy_accept { [remote: '%s'] }\nproxy { null }")) {
            Peer client = scene.client();
            Peer backend = scene.backend();
            CompletableFuture<Void> upload =
                    client.meanwhile(peer -> peer.send(bytes).fin(), deadline);
            CompletableFuture<Void> download =
                    backend.meanwhile(peer -> peer.send(bytes).fin(), deadline);
            CompletableFuture<Void> downloaded =
                    client.meanwhile(peer -> peer.receive(bytes).expect(End.FIN), deadline);
            Growth growth = new Growth();
            for (int i = 0; i < PARTS; i++) {
                backend.receive(part);
                growth.sample();
            }
            backend.expect(End.FIN);
            downloaded.join();
            upload.join();
            download.join();
            scene.ends(CloseReason.DONE, bytes, bytes);
            growth.assertNone();
        }
    }
}
