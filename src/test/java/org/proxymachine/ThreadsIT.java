package org.proxymachine;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Map;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** The daemon where the system gives it no further thread: only what needs one fails, until one can be had again. */
class ThreadsIT {
    private static final String REFUSED = "unable to create native thread";

    @TempDir
    Path directory;

    private Backend backend;
    private Program daemon;
    private ThreadLimit limit;

    @BeforeEach
    void start() throws IOException {
        backend = Backend.echo();
        daemon = Program.daemon(
                Map.of(),
                "-c",
                script("address").toString(),
                "-p",
                "0",
                "--admin",
                "unix:" + directory.resolve("admin.sock"),
                "--access-log",
                directory.resolve("access.log").toString(),
                "--record",
                directory.resolve("cases").toString());
        daemon.port();
        daemon.await("admin endpoint on");
        limit = ThreadLimit.of(daemon.child().pid());
    }

    @AfterEach
    void stop() throws IOException {
        if (limit != null) {
            limit.close();
        }
        daemon.close();
        backend.close();
    }

    private Path script(String word) throws IOException {
        return Files.writeString(directory.resolve("router.groovy"), """
                import java.util.concurrent.*
                proxy { data ->
                    if (data.startsWith('%s')) return [remote: '%s']
                    switch (data) {
                        case 'name': return [remote: 'no-such-name.invalid:1', retries: 0]
                        case 'thread': Thread.start { }; return [close: 'started']
                        case 'future': return new FutureTask({ [close: 'never'] } as Callable)
                    }
                }""".formatted(word, backend.address()));
    }

    private Connection connect() throws IOException {
        return new Connection(new InetSocketAddress(InetAddress.getLoopbackAddress(), daemon.port()));
    }

    private String answer(String request) throws IOException {
        try (Connection client = connect()) {
            return client.send(request).receiveAll();
        }
    }

    private void assertServed(String request) throws IOException {
        try (Connection client = connect()) {
            assertThat(client.send(request).receive(request.length())).isEqualTo(request);
        }
    }

    private void allowNoMoreThreads() throws IOException {
        limit.close(() -> answer("thread").isEmpty());
    }

    private String admin(String command) throws IOException {
        return Program.run(
                Path.of("").toAbsolutePath(),
                "curl",
                "-sS",
                "--max-time",
                "20",
                "--unix-socket",
                directory.resolve("admin.sock").toString(),
                "http://localhost" + command);
    }

    @Test
    void shouldEndOnlyWhatNeedsAThreadThatCannotBeHad() throws IOException {
        allowNoMoreThreads();
        daemon.await("proxy: OutOfMemoryError: " + REFUSED);
        assertServed("address");
        assertThat(answer("name")).isEmpty();
        daemon.await("unknown host no-such-name.invalid: the system gives no thread to look it up");
        assertServed("address again");
        for (int i = 0; i < 5; i++) {
            assertThat(admin("/healthz")).contains("ok");
        }
        assertThat(daemon.isAlive()).isTrue();
        limit.lift();
        assertThat(answer("thread")).isEqualTo("started");
        assertThat(answer("name")).isEmpty();
        daemon.await(
                "(?s)unknown host no-such-name.invalid: the system gives.*unknown host no-such-name.invalid(?!: the)");
    }

    @Test
    void shouldRefuseAReloadInOneLineUntilAThreadCanBeHad() throws IOException {
        allowNoMoreThreads();
        script("other");
        daemon.signal("HUP");
        daemon.await("not reloaded, the old script stays in force: .*" + REFUSED);
        assertServed("address");
        limit.lift();
        daemon.signal("HUP");
        daemon.await("reloaded .*router.groovy in");
        assertServed("other");
    }

    @ParameterizedTest
    @CsvSource({"TERM", "INT", "QUIT"})
    void shouldEndByASignalThoughNoThreadCanBeHad(String signal) throws IOException {
        try (Connection client = connect()) {
            assertThat(client.send("address").receive(7)).isEqualTo("address");
            allowNoMoreThreads();
            daemon.signal(signal);
            daemon.await("stopping: no new connections");
            assertThat(client.send("served").receive(6)).isEqualTo("served");
            client.finish();
            assertThat(client.receiveAll()).isEmpty();
        }
        assertThat(daemon.exitCode()).isZero();
        assertThat(Files.readString(directory.resolve("access.log"))).contains("reason=done");
    }

    @Test
    void shouldCutAtOnceBySecondTermThoughNoThreadCanBeHad() throws IOException {
        try (Connection client = connect()) {
            assertThat(client.send("address").receive(7)).isEqualTo("address");
            allowNoMoreThreads();
            daemon.signal("TERM");
            daemon.await("stopping: no new connections");
            daemon.signal("TERM");
            assertThat(client.receiveAll()).isEmpty();
        }
        assertThat(daemon.exitCode()).isEqualTo(1);
    }
}
