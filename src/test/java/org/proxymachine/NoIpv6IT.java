package org.proxymachine;

import static org.assertj.core.api.Assertions.assertThat;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** A machine without IPv6: the rest goes on. */
class NoIpv6IT {
    private static final String SWITCH_OFF = "echo 1 > /proc/sys/net/ipv6/conf/all/disable_ipv6";

    @TempDir
    Path directory;

    private OwnNetwork network;
    private Path script;

    @BeforeEach
    void setUp() throws IOException {
        network = new OwnNetwork();
        assumeTrue(network.migrates(), "a network namespace of its own");
        String[] command = Stream.concat(network.entrance().stream(), Stream.of("sh", "-c", SWITCH_OFF))
                .toArray(String[]::new);
        Program.run(directory, command);
        script = Files.writeString(directory.resolve("router.groovy"), """
                proxy { data -> data ? [remote: data, retries: 0] : null }
                proxy_connect_error { remote, conn, error -> [close: error] }""");
    }

    @AfterEach
    void tearDown() throws IOException {
        network.close();
    }

    private Program daemon(String... arguments) throws IOException {
        String[] all = Stream.concat(Stream.of("-c", script.toString()), Stream.of(arguments))
                .toArray(String[]::new);
        return Program.daemonWithin(network.entrance(), Map.of(), all);
    }

    @Test
    void shouldSayOnOneLineThatItCannotListen() throws IOException {
        for (List<String> each : List.of(List.of("-h", "::", "-p", "0"), List.of("-p", "0", "--admin", "[::1]:0"))) {
            try (Program daemon = daemon(each.toArray(String[]::new))) {
                assertThat(daemon.exitCode()).isEqualTo(1);
                assertThat(daemon.output().strip())
                        .matches(
                                "proxymachine: (--admin: )?cannot listen on \\[::1?]:0: this machine, or its Java, has no IPv6");
            }
        }
    }

    @Test
    void shouldTakeARemoteOfIpv6ForOneThatCannotBeConnected() throws IOException {
        Path socket = directory.resolve("pm.sock");
        try (Program daemon = daemon("--listen", "unix:" + socket, "--listen", "0.0.0.0:0", "--admin", "0")) {
            daemon.await("admin endpoint on 127.0.0.1");
            for (String each : List.of("[2001:db8::1]:80", "[::1]:80", "[fe80::1%lo]:80")) {
                try (UnixClient client = new UnixClient(socket)) {
                    assertThat(client.send(each).receiveAll()).isEqualTo("IPv6 not available");
                }
            }
            daemon.await("session id=1 .* reason=connect-failed .* attempts=1");
            try (UnixClient client = new UnixClient(socket)) {
                assertThat(client.send("127.0.0.1:9").receiveAll()).isEqualTo("Connection refused");
            }
        }
    }
}
