package org.proxymachine;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.net.StandardProtocolFamily;
import java.net.UnixDomainSocketAddress;
import java.nio.channels.ServerSocketChannel;
import java.nio.file.Files;
import java.nio.file.Path;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;
import org.proxymachine.session.CloseReason;

/** Remotes to which no connection can be made: each fails as one that refuses does, and the next of the list is tried. */
class OddRemotesTest {
    private static final String SCRIPT = """
            proxy { data -> data ? [remote: ['%s', '%s'], connect_timeout: 10] : null }""";

    @TempDir
    Path directory;

    private static void assertPassedOver(String remote) throws IOException {
        try (Backend backend = Backend.named("there");
                Proxy proxy = Proxy.running(SCRIPT.formatted(remote, backend.address()))) {
            assertThat(proxy.exchange("x")).isEqualTo("there<x>");
            assertThat(proxy.report().reason()).isEqualTo(CloseReason.DONE);
        }
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "under_score.invalid:80",
                "a..b:80",
                ".:80",
                "-:80",
                "bücher.invalid:80",
                "%00:80",
                "a/b:80",
                "u@127.0.0.1:80",
                "127.0.0.1.:80",
                "[fe80::1%nosuch]:80",
                "[fe80::1%99999]:80",
                "[ff02::1]:80",
                "224.0.0.1:80",
                "255.255.255.255:80",
                "127.0.0.1:65535"
            })
    void shouldPassOverWhatIsNoHostOrHasNobody(String remote) throws IOException {
        assertPassedOver(remote);
    }

    @ParameterizedTest
    @ValueSource(ints = {63, 64, 253, 255, 1_000})
    void shouldPassOverNamesOfAnyLength(int chars) throws IOException {
        assertPassedOver("a".repeat(chars) + ".invalid:80");
    }

    @Test
    void shouldPassOverUnixSocketsThatAreNone() throws IOException {
        assertPassedOver("unix:" + directory);
        assertPassedOver("unix:" + Files.createFile(directory.resolve("file")));
        assertPassedOver("unix:" + directory.resolve("missing"));
        assertPassedOver("unix:" + directory.resolve("x".repeat(200)));
        assertPassedOver("unix:relative");
        assertPassedOver("unix:@abstract");
        Path stale = directory.resolve("stale");
        ServerSocketChannel.open(StandardProtocolFamily.UNIX)
                .bind(UnixDomainSocketAddress.of(stale))
                .close();
        assertPassedOver("unix:" + stale);
        assertPassedOver("unix:" + Files.createSymbolicLink(directory.resolve("loop"), directory.resolve("loop")));
    }

    @Test
    void shouldPassOverAUnixSocketOfDatagrams() throws IOException, InterruptedException {
        Path socket = directory.resolve("datagrams");
        Process owner = new ProcessBuilder(
                        "python3",
                        "-c",
                        "import socket,sys\ns=socket.socket(socket.AF_UNIX,socket.SOCK_DGRAM)\ns.bind(sys.argv[1])\n"
                                + "print('bound',flush=True)\nsys.stdin.read()",
                        socket.toString())
                .start();
        try {
            assertThat(owner.getInputStream().read()).isEqualTo('b');
            assertPassedOver("unix:" + socket);
        } finally {
            owner.destroyForcibly().waitFor();
        }
    }

    @Test
    void shouldTryARemoteAsOftenAsTheListHasIt() throws IOException {
        String dead = "127.0.0.1:" + Backend.deadPort();
        try (Proxy proxy = Proxy.running("""
                proxy { data -> data ? [remote: ['%1$s', '%1$s', '%1$s']] : null }""".formatted(dead))) {
            assertThat(proxy.exchange("x")).isEmpty();
            assertThat(proxy.report().connectAttempts()).isEqualTo(3);
        }
    }
}
