package org.proxymachine;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** The daemon in a small heap: what ends a session, and what ends the process. */
class MemoryIT {
    private static final String HUNGRY = """
            import groovy.transform.Field
            @Field static hold = []
            proxy { data ->
                switch (data) {
                    case 'array': return new byte[Integer.MAX_VALUE]
                    case 'text': return [close: 'x' * 2_000_000_000]
                    case 'heap': def mine = []; while (true) { mine << new byte[1 << 16] }
                    case 'thread': Thread.start { new byte[Integer.MAX_VALUE] }; return [close: 'started']
                    case 'bare':
                        def bare = new OutOfMemoryError('Java heap space')
                        bare.stackTrace = new StackTraceElement[0]
                        Thread.start('mine') { throw bare }.join()
                        return [close: 'joined']
                    case 'exit': System.exit(0)
                    case 'fill':
                        for (size in [1 << 16, 1 << 10, 16]) {
                            try { while (true) hold << new byte[size] } catch (OutOfMemoryError e) {}
                        }
                        return [close: 'filled']
                    default: return [remote: '%s']
                }
            }""";

    @TempDir
    Path directory;

    private Program daemon(String script) throws IOException {
        Path file = Files.writeString(directory.resolve("router.groovy"), script);
        return Program.daemon(Map.of("JAVA_OPTS", "-Xmx64m"), "-c", file.toString(), "-p", "0");
    }

    private static Connection connect(Program daemon) throws IOException {
        return new Connection(new InetSocketAddress(InetAddress.getLoopbackAddress(), daemon.port()));
    }

    private static String answer(Program daemon, String request) throws IOException {
        try (Connection client = connect(daemon)) {
            return client.send(request).receiveAll();
        }
    }

    @Test
    void shouldServeOnAfterAScriptAskedForMoreMemoryThanThereIs() throws IOException {
        try (Backend backend = Backend.echo();
                Program daemon = daemon(HUNGRY.formatted(backend.address()));
                Connection spliced = connect(daemon)) {
            assertThat(spliced.send("before").receive(6)).isEqualTo("before");
            // More often than the JVM has errors with a stack trace ready: 4.
            for (int i = 0; i < 6; i++) {
                assertThat(answer(daemon, "array")).isEmpty();
                assertThat(answer(daemon, "text")).isEmpty();
                assertThat(answer(daemon, "heap")).isEmpty();
                assertThat(answer(daemon, "thread")).isEqualTo("started");
            }
            assertThat(answer(daemon, "bare")).isEqualTo("joined");
            daemon.await("thread mine ended: java.lang.OutOfMemoryError: Java heap space");
            assertThat(spliced.send("after").receive(5)).isEqualTo("after");
            assertThat(daemon.output()).contains("proxy: OutOfMemoryError: Java heap space");
        }
    }

    @Test
    void shouldLiveWithThreeThousandUnroutedClientsInASmallHeap() throws IOException {
        String script = "proxy { data -> def seen = data + '.'; data.startsWith('s') ? [remote: '%s'] : null }";
        List<Connection> clients = new ArrayList<>();
        try (Backend backend = Backend.echo();
                Program daemon = daemon(script.formatted(backend.address()));
                Connection spliced = connect(daemon)) {
            assertThat(spliced.send("s before").receive(8)).isEqualTo("s before");
            for (int i = 0; i < 3_000; i++) {
                Connection client = connect(daemon);
                clients.add(client);
                try {
                    client.send("x".repeat(60_000));
                } catch (IOException e) {
                    // It was shed while it sent.
                }
            }
            daemon.await("reason=memory-limit");
            assertThat(spliced.send("after").receive(5)).isEqualTo("after");
            try (Connection late = connect(daemon)) {
                assertThat(late.send("s late").receive(6)).isEqualTo("s late");
            }
            assertThat(daemon.isAlive()).isTrue();
        } finally {
            for (Connection client : clients) {
                client.close();
            }
        }
    }

    @Test
    void shouldTakeNoMoreClientsAtATimeThanASmallHeapHolds() throws IOException {
        Path file = Files.writeString(
                directory.resolve("router.groovy"), "proxy { data -> data.endsWith('.') ? [close: 'served'] : null }");
        List<Connection> clients = new ArrayList<>();
        try (Program daemon = Program.daemon(Map.of("JAVA_OPTS", "-Xmx40m"), "-c", file.toString(), "-p", "0")) {
            daemon.await(" connections, pid");
            Matcher most = Pattern.compile("at most (\\d+) connections").matcher(daemon.output());
            assertThat(most.find()).as(daemon.output()).isTrue();
            int atATime = Integer.parseInt(most.group(1));
            assertThat(atATime).isBetween(100, 40 << 20 >> 13);
            for (int i = 0; i < atATime + 500; i++) {
                Connection client = connect(daemon);
                clients.add(client);
                client.send("x");
            }
            for (Connection client : clients) {
                assertThat(client.send(".").receiveAll()).isEqualTo("served");
            }
            assertThat(daemon.output()).doesNotContain("memory", "ERROR", "full with");
        } finally {
            for (Connection client : clients) {
                client.close();
            }
        }
    }

    @Test
    void shouldEndWithOneLineAndACodeOfItsOwnWhereMemoryIsUsedUp() throws IOException {
        try (Program daemon = daemon(HUNGRY.formatted("127.0.0.1:1"))) {
            try (Connection client = connect(daemon)) {
                client.send("fill").receiveAll();
                for (int i = 0; i < 1_000; i++) {
                    answer(daemon, "array");
                }
            } catch (IOException e) {
                // It ended.
            }
            assertThat(daemon.exitCode()).as(daemon.output()).isEqualTo(4);
            assertThat(daemon.output().lines().filter(line -> line.contains("out of memory")))
                    .hasSize(1);
        }
    }

    @Test
    void shouldSayWhichLineOfAScriptEndedTheProcess() throws IOException {
        try (Program daemon = daemon(HUNGRY.formatted("127.0.0.1:1"))) {
            assertThat(answer(daemon, "exit")).isEmpty();
            assertThat(daemon.exitCode()).isEqualTo(1);
            assertThat(daemon.output()).contains("ended by the script, which calls System.exit at router.groovy:14");
        }
    }
}
