package org.proxymachine;

import static org.assertj.core.api.Assertions.assertThat;

import ch.qos.logback.classic.Logger;
import ch.qos.logback.classic.spi.ILoggingEvent;
import ch.qos.logback.core.read.ListAppender;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.time.Instant;
import java.time.InstantSource;
import java.util.ArrayList;
import java.util.List;
import java.util.Objects;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.TimeUnit;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;
import org.proxymachine.AdminEndpoint.Answer;
import org.proxymachine.admin.About;
import org.proxymachine.admin.Admin;
import org.proxymachine.admin.Control;
import org.slf4j.LoggerFactory;

/** Faults of the daemon's own while it answers at its admin endpoint. */
class AdminFaultsTest {
    private static final String TOKEN = "0123456789abcdef";

    private static final Control BROKEN = new Control() {
        @Override
        public void drain() {
            throw new IllegalStateException("drain is\nbroken");
        }

        @Override
        public @Nullable String reload() {
            throw new IllegalStateException("reload is broken");
        }

        @Override
        public boolean reloadHangs() {
            return false;
        }
    };

    private static About about() {
        return new About("0", "name", 1, "script", Instant.EPOCH, System.nanoTime(), 10, () -> {
            throw new IllegalStateException("the count is broken");
        });
    }

    @Test
    void shouldAnswerWithAProblemAndSayInOneLineThatAnAnswerCouldNotBeMade() throws IOException {
        ListAppender<ILoggingEvent> log = new ListAppender<>();
        log.start();
        Logger logger = (Logger) LoggerFactory.getLogger("proxymachine");
        logger.addAppender(log);
        Proxy.Setup setup = new Proxy.Setup();
        try (Admin admin = new Admin(InstantSource.system())) {
            setup.listeners = new ArrayList<>(admin.listeners());
            try (Proxy proxy = setup.running("proxy { data -> [close: 'served'] }")) {
                admin.listen(List.of(new InetSocketAddress(InetAddress.getLoopbackAddress(), 0)), TOKEN, false);
                admin.serve(proxy.server(), about(), BROKEN);
                int port = ((InetSocketAddress) admin.addresses().get(0)).getPort();
                AdminEndpoint endpoint = AdminEndpoint.tcp(port).with("-H", "Authorization: Bearer " + TOKEN);
                for (String path : List.of("GET /metrics", "POST /reload")) {
                    log.list.clear();
                    Answer answer = endpoint.ask(path.split(" ", 2)[0], path.split(" ", 2)[1]);
                    assertThat(answer.status()).as(path).isEqualTo(500);
                    assertThat(answer.json().get("error")).isEqualTo("a fault of the daemon itself; its log has more");
                    assertThat(log.list).as(path).hasSize(1);
                    assertThat(log.list.get(0).getFormattedMessage())
                            .matches("the admin endpoint cannot answer " + path.split(" ", 2)[1]
                                    + ": java.lang.IllegalStateException: .* is broken");
                }
                // Nobody else notices, and the next one is answered.
                assertThat(endpoint.get("/healthz").status()).isEqualTo(200);
                log.list.clear();
                // What is done after an answer cannot change it any more.
                assertThat(endpoint.ask("POST", "/drain").status()).isEqualTo(202);
                assertThat(endpoint.get("/healthz").status()).isEqualTo(200);
                assertThat(log.list).hasSize(1);
            }
        } finally {
            logger.detachAppender(log);
        }
    }

    /** A daemon whose reloads last until they are told to end. */
    private static final class SlowReloads implements Control {
        private final BlockingQueue<CompletableFuture<@Nullable String>> begun = new LinkedBlockingQueue<>();
        private volatile boolean hangs;

        @Override
        public void drain() {}

        @Override
        public @Nullable String reload() {
            CompletableFuture<@Nullable String> reload = new CompletableFuture<>();
            begun.add(reload);
            return reload.orTimeout(Backend.DEADLINE_MILLIS, TimeUnit.MILLISECONDS)
                    .join();
        }

        @Override
        public boolean reloadHangs() {
            return hangs;
        }

        CompletableFuture<@Nullable String> next() throws InterruptedException {
            return Objects.requireNonNull(begun.poll(Backend.DEADLINE_MILLIS, TimeUnit.MILLISECONDS));
        }
    }

    // Each on a thread of its own: on a machine of two processors the common pool has one.
    private static CompletableFuture<Answer> reload(AdminEndpoint endpoint) {
        return CompletableFuture.supplyAsync(
                () -> {
                    try {
                        return endpoint.ask("POST", "/reload");
                    } catch (IOException e) {
                        throw new UncheckedIOException(e);
                    }
                },
                request -> new Thread(request).start());
    }

    @Test
    void shouldRefuseAReloadUntilTheOneThatTookAHangingOnesPlaceIsOver() throws Exception {
        SlowReloads reloads = new SlowReloads();
        try (WatchedScene watched =
                new WatchedScene("proxy { data -> [close: 'x'] }", InstantSource.system(), reloads)) {
            AdminEndpoint endpoint = watched.endpoint();
            CompletableFuture<Answer> hanging = reload(endpoint);
            CompletableFuture<@Nullable String> abandoned = reloads.next();
            assertThat(endpoint.ask("POST", "/reload").status()).isEqualTo(409);

            reloads.hangs = true;
            CompletableFuture<Answer> next = reload(endpoint);
            CompletableFuture<@Nullable String> load = reloads.next();

            reloads.hangs = false;
            abandoned.complete("abandoned");
            assertThat(hanging.get().status()).isEqualTo(422);
            assertThat(endpoint.ask("POST", "/reload").status())
                    .as("a third, while the second one loads")
                    .isEqualTo(409);

            load.complete(null);
            assertThat(next.get().status()).isEqualTo(200);
            CompletableFuture<Answer> last = reload(endpoint);
            reloads.next().complete(null);
            assertThat(last.get().status()).isEqualTo(200);
        }
    }
}
