package org.proxymachine;

import static org.assertj.core.api.Assertions.assertThat;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.regex.Pattern;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.proxymachine.server.OpenFiles;

/** The daemon when open files are few, or clients come all at once. */
class DescriptorsIT {
    private static final int OPEN_FILES = 200;
    private static final int MORE_CLIENTS_THAN_FILES = 400;
    private static final int BURST = 10_000;

    @TempDir
    Path directory;

    private String script(String text) throws IOException {
        return Files.writeString(directory.resolve("router.groovy"), text).toString();
    }

    private static InetSocketAddress address(Program daemon) {
        return new InetSocketAddress(InetAddress.getLoopbackAddress(), daemon.port());
    }

    @Test
    void shouldNeitherLeakNorSpinWhenOutOfDescriptorsAndServeAllInTheEnd() throws Exception {
        String text = """
                proxy { data ->
                    data.endsWith('!') ? [close: 'served'] : data.endsWith('?') ? [remote: '127.0.0.1:1', retries: 0] : null
                }""";
        try (Program daemon =
                Program.daemonWithOpenFiles(OPEN_FILES, "-c", script(text), "-p", "0", "--max-connections", "1000")) {
            InetSocketAddress address = address(daemon);
            try (Connection first = new Connection(address)) {
                assertThat(first.send("!").finish().receiveAll()).isEqualTo("served");
            }
            int openFiles = daemon.openFiles();
            List<Connection> clients = new ArrayList<>();
            for (int i = 0; i < MORE_CLIENTS_THAN_FILES; i++) {
                clients.add(new Connection(address).send("x"));
            }
            daemon.await("cannot accept: Too many open files");
            assertThat(daemon.cpuMillisOfMainThread(1_000)).isLessThanOrEqualTo(50);
            // There is no descriptor to connect with: that is this client's misfortune alone.
            assertThat(clients.remove(0).send("?").receiveAll()).isEmpty();
            daemon.await("backend=127.0.0.1:1 reason=connect-failed up=2 down=0 ");
            for (Connection client : clients) {
                assertThat(client.send("!").finish().receiveAll()).isEqualTo("served");
                client.close();
            }
            try (Connection last = new Connection(address)) {
                assertThat(last.send("!").finish().receiveAll()).isEqualTo("served");
            }
            awaitOpenFiles(daemon, openFiles);
            daemon.signal("QUIT");
            assertThat(daemon.exitCode()).isZero();
            assertThat(Pattern.compile(" session id=\\d+ .* reason=script-close ")
                            .matcher(daemon.output())
                            .results()
                            .count())
                    .isEqualTo(clients.size() + 2);
        }
    }

    // What a client has seen closed is closed within two turns of the daemon's loop.
    private static void awaitOpenFiles(Program daemon, int expected) throws Exception {
        for (int i = 0; i < 100 && daemon.openFiles() > expected; i++) {
            assertThat(daemon.cpuMillisOfMainThread(20)).isLessThanOrEqualTo(20);
        }
        assertThat(daemon.openFiles()).as("open files").isLessThanOrEqualTo(expected);
    }

    @Test
    void shouldServeTenThousandThatConnectAtOnce() throws Exception {
        assumeTrue(OpenFiles.connections(0) * 2 > BURST + 500, "needs more open files than are allowed here");
        try (Program daemon =
                Program.daemon(java.util.Map.of(), "-c", script("proxy { data -> [close: 'served'] }"), "-p", "0")) {
            InetSocketAddress address = address(daemon);
            assertThat(Burst.of(1, address, "x", "served")).isEqualTo(1);
            int openFiles = daemon.openFiles();
            assertThat(Burst.of(BURST, address, "x", "served")).isEqualTo(BURST);
            awaitOpenFiles(daemon, openFiles);
            assertThat(daemon.cpuMillisOfMainThread(1_000)).isLessThanOrEqualTo(20);
            daemon.signal("QUIT");
            assertThat(daemon.exitCode()).isZero();
        }
    }
}
