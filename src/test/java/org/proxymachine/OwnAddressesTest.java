package org.proxymachine;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.net.Inet6Address;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.NetworkInterface;
import java.net.SocketAddress;
import java.net.UnixDomainSocketAddress;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;
import org.proxymachine.session.CloseReason;
import org.proxymachine.session.NameResolver;
import org.proxymachine.session.SessionReport;

/** A client that names the proxy's own listener gets no connection to it, however it writes the address. */
class OwnAddressesTest {
    private static final String SCRIPT = """
            proxy { data -> data ? [remote: data, retries: 0, connect_timeout: 10] : null }
            proxy_connect_error { remote, conn, error -> [close: error] }""";

    @TempDir
    Path directory;

    private static Proxy.Setup on(SocketAddress... addresses) {
        Proxy.Setup setup = new Proxy.Setup();
        setup.addresses = List.of(addresses);
        return setup;
    }

    private static InetAddress address(int... numbers) throws IOException {
        byte[] bytes = new byte[numbers.length];
        for (int i = 0; i < numbers.length; i++) {
            bytes[i] = (byte) numbers[i];
        }
        return InetAddress.getByAddress(bytes);
    }

    private static void assertRefuses(Proxy proxy, String remote) throws IOException {
        assertThat(proxy.exchange(remote)).isEqualTo("it is this daemon's own listener");
        SessionReport report = proxy.report();
        assertThat(report.reason()).isEqualTo(CloseReason.CONNECT_FAILED);
        assertThat(report.id()).as("no session came of the dial").isEqualTo(id(proxy));
    }

    private static long id(Proxy proxy) throws IOException {
        long before = next(proxy);
        return before - 1;
    }

    /** The number of the next session, which this takes. */
    private static long next(Proxy proxy) throws IOException {
        proxy.exchange("127.0.0.1:" + Backend.deadPort());
        return proxy.report().id();
    }

    @ParameterizedTest
    @ValueSource(strings = {"127.0.0.1", "localhost", "0.0.0.0", "[::ffff:127.0.0.1]", "[::ffff:7f00:1]"})
    void shouldConnectNobodyToItsListenerHoweverItIsWritten(String host) throws IOException {
        try (Proxy proxy = on(new InetSocketAddress(address(127, 0, 0, 1), 0)).running(SCRIPT)) {
            assertRefuses(proxy, host + ":" + proxy.address().getPort());
        }
    }

    @ParameterizedTest
    @ValueSource(ints = {4, 16})
    void shouldConnectNobodyToAnyAddressOfThisMachineWhereItListensOnAll(int bytes) throws IOException {
        boolean both = bytes == 16;
        try (Proxy proxy = on(new InetSocketAddress(InetAddress.getByAddress(new byte[bytes]), 0))
                .running(SCRIPT)) {
            String port = ":" + proxy.address().getPort();
            assertRefuses(proxy, "127.0.0.1" + port);
            assertRefuses(proxy, "127.9.9.9" + port);
            for (InetAddress each : NetworkInterface.networkInterfaces()
                    .flatMap(NetworkInterface::inetAddresses)
                    .filter(address -> both || !(address instanceof Inet6Address))
                    .toList()) {
                // The first may be known from the system, or only once its connection was made.
                String host = each.getHostAddress();
                String remote = (each instanceof Inet6Address ? "[" + host + "]" : host) + port;
                assertThat(proxy.exchange(remote)).as(remote).isEqualTo("it is this daemon's own listener");
                proxy.await(() -> proxy.server().sessionCount() == 0);
            }
        }
    }

    @Test
    void shouldConnectToWhoeverHasThePortAtAnAddressThatItDoesNotListenOn() throws IOException {
        InetAddress other = address(127, 0, 0, 77);
        try (Proxy proxy = on(new InetSocketAddress(address(127, 0, 0, 1), 0))
                        .running("proxy { data -> data ? [remote: '127.0.0.77:' + data, data: 'x'] : null }");
                Backend backend = Backend.named("there", other, proxy.address().getPort())) {
            assertThat(proxy.exchange(String.valueOf(backend.port()))).isEqualTo("there<x>");
        }
    }

    @Test
    void shouldConnectNobodyToItsUnixSocketByWhateverPath() throws IOException {
        Path socket = directory.resolve("pm.sock");
        try (Proxy proxy = on(
                        new InetSocketAddress(InetAddress.getLoopbackAddress(), 0), UnixDomainSocketAddress.of(socket))
                .running(SCRIPT)) {
            Path symbolic = Files.createSymbolicLink(directory.resolve("symbolic"), socket);
            Path hard = Files.createLink(directory.resolve("hard"), socket);
            for (Path each :
                    List.of(socket, symbolic, hard, directory.resolve("../" + directory.getFileName() + "/pm.sock"))) {
                assertRefuses(proxy, "unix:" + each);
            }
        }
    }

    @Test
    void shouldConnectNobodyToItsListenerByAName() throws IOException {
        Proxy.Setup setup = on(new InetSocketAddress(address(0, 0, 0, 0), 0));
        setup.resolver = new NameResolver(host -> new InetAddress[] {InetAddress.getLoopbackAddress()});
        try (Proxy proxy = setup.running(SCRIPT)) {
            assertRefuses(proxy, "me.invalid:" + proxy.address().getPort());
        }
    }

    @Test
    void shouldKeepItsPlacesFromAClientThatLoops() throws IOException {
        Proxy.Setup setup = new Proxy.Setup();
        setup.maxConnections = 20;
        try (Proxy proxy = setup.running("""
                proxy_accept { conn -> conn.local.port ? [remote: "127.0.0.1:${conn.local.port}"] : null }
                proxy { data -> null }""")) {
            assertThat(proxy.exchange("x")).isEmpty();
            assertThat(proxy.report().id()).isEqualTo(1);
            proxy.await(() -> proxy.server().sessionCount() == 0);
        }
    }
}
