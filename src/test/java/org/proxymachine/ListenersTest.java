package org.proxymachine;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.IOException;
import java.net.BindException;
import java.net.ConnectException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.SocketAddress;
import java.net.StandardProtocolFamily;
import java.net.UnixDomainSocketAddress;
import java.nio.channels.ServerSocketChannel;
import java.nio.channels.SocketChannel;
import java.nio.file.Files;
import java.nio.file.LinkOption;
import java.nio.file.Path;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;
import org.proxymachine.address.Addresses;
import org.proxymachine.session.CloseReason;
import org.proxymachine.session.SessionReport;

/** Several addresses to listen on, and unix sockets among them: their files, and who is served where. */
class ListenersTest {
    private static final String LOCAL =
            "proxy { data, conn -> [close: \"${conn.local} ${conn.local.host} ${conn.local.port} ${conn.peer} ${data}\"] }";
    private static final SocketAddress TCP = new InetSocketAddress(InetAddress.getLoopbackAddress(), 0);

    @TempDir
    Path directory;

    private Path path() {
        return directory.resolve("pm.sock");
    }

    private UnixDomainSocketAddress unix() {
        return UnixDomainSocketAddress.of(path());
    }

    private static Proxy.Setup on(SocketAddress... addresses) {
        Proxy.Setup setup = new Proxy.Setup();
        setup.addresses = List.of(addresses);
        return setup;
    }

    @Test
    void shouldTellTheScriptWhereAClientCame() throws IOException {
        try (Proxy proxy = on(TCP, TCP, unix()).running(LOCAL)) {
            for (SocketAddress address : proxy.server().addresses().subList(0, 2)) {
                try (Connection client = new Connection((InetSocketAddress) address)) {
                    int port = ((InetSocketAddress) address).getPort();
                    assertThat(client.send("!").receiveAll())
                            .startsWith("127.0.0.1:%1$d 127.0.0.1 %1$d 127.0.0.1:".formatted(port));
                }
            }
            try (UnixClient client = new UnixClient(path())) {
                assertThat(client.send("!").receiveAll()).isEqualTo("unix:%1$s unix:%1$s 0 unix: !".formatted(path()));
            }
            Path own = directory.resolve("client");
            try (UnixClient client = new UnixClient(own, path())) {
                assertThat(client.send("!").receiveAll())
                        .isEqualTo("unix:%1$s unix:%1$s 0 unix:%2$s !".formatted(path(), own));
            }
            proxy.report();
            proxy.report();
            assertThat(Addresses.format(proxy.report().client())).isEqualTo("unix:");
            SessionReport report = proxy.report();
            assertThat(report.reason()).isEqualTo(CloseReason.SCRIPT_CLOSE);
            assertThat(Addresses.format(report.client())).isEqualTo("unix:" + own);
        }
    }

    @Test
    void shouldSpliceAClientOfAUnixSocketAndTellItsBackendThatItHasNoAddress() throws IOException {
        try (Backend backend = Backend.named("b");
                Proxy proxy = on(TCP, unix())
                        .running("proxy { data -> [remote: '%s', proxy_protocol: 1] }".formatted(backend.address()));
                UnixClient client = new UnixClient(path())) {
            assertThat(client.send("hello").finish().receiveAll()).isEqualTo("b<PROXY UNKNOWN\r\nhello>");
            SessionReport report = proxy.report();
            assertThat(report.reason()).isEqualTo(CloseReason.DONE);
            assertThat(report.bytesUp()).isEqualTo(5);
        }
    }

    @Test
    void shouldPauseAllAtMaxConnectionsAndGoOnWithAll() throws IOException {
        Proxy.Setup setup = on(TCP, TCP, unix());
        setup.maxConnections = 1;
        try (Proxy proxy = setup.running("proxy { data -> data == 'wait' ? null : [close: data] }");
                Connection first = proxy.connect()) {
            first.send("wait");
            proxy.await(() -> proxy.server().sessionCount() == 1);
            try (Connection second = new Connection(
                            (InetSocketAddress) proxy.server().addresses().get(1));
                    UnixClient third = new UnixClient(path())) {
                second.send("second");
                third.send("third");
                proxy.assertIdle();
                assertThat(proxy.ask(() -> proxy.server().sessionCount())).isEqualTo(1);
                first.leave();
                assertThat(second.receiveAll()).isEqualTo("second");
                second.leave();
                assertThat(third.receiveAll()).isEqualTo("third");
            }
        }
    }

    @Test
    void shouldDrainAllAndServeWhatTheKernelHadAccepted() throws IOException {
        Proxy.Setup setup = on(TCP, unix());
        setup.maxConnections = 1;
        try (Proxy proxy = setup.running("proxy { data -> data == 'wait' ? null : [close: data] }");
                Connection first = proxy.connect()) {
            first.send("wait");
            proxy.await(() -> proxy.server().sessionCount() == 1);
            try (Connection second = proxy.connect();
                    UnixClient third = new UnixClient(path())) {
                proxy.server().drain();
                proxy.await(() -> proxy.server().sessionCount() == 3);
                assertThat(path()).doesNotExist();
                proxy.ask(() -> true);
                proxy.ask(() -> true);
                assertThatThrownBy(proxy::connect).isInstanceOf(ConnectException.class);
                assertThat(second.send("second").receiveAll()).isEqualTo("second");
                assertThat(third.send("third").receiveAll()).isEqualTo("third");
                assertThat(proxy.stopped()).isFalse();
            }
            first.leave();
            assertThat(proxy.cut()).isZero();
        }
    }

    @Test
    void shouldServeWhoComesAfterTheDrainBeganAndBeforeTheClose() throws Exception {
        try (Proxy proxy = on(TCP).running("proxy { data -> [close: data] }")) {
            CompletableFuture<Connection> late = new CompletableFuture<>();
            proxy.ask(() -> {
                // Both in the next turn, and its socket is closed in the one after that.
                proxy.server().drain();
                proxy.server().reactor().execute(() -> connect(proxy, late));
                return true;
            });
            try (Connection client = late.get(Backend.DEADLINE_MILLIS, TimeUnit.MILLISECONDS)) {
                assertThat(client.send("late").receiveAll()).isEqualTo("late");
            }
            assertThat(proxy.cut()).isZero();
        }
    }

    private static void connect(Proxy proxy, CompletableFuture<Connection> to) {
        try {
            to.complete(proxy.connect());
        } catch (IOException e) {
            to.completeExceptionally(e);
        }
    }

    @Test
    void shouldShareAPortWithThoseThatShareIt() throws IOException {
        Proxy.Setup setup = on(TCP);
        setup.reusePort = true;
        try (Proxy first = setup.running("proxy { data -> [close: 'first'] }")) {
            setup.addresses = List.of(first.address());
            try (Proxy second = setup.running("proxy { data -> [close: 'second'] }")) {
                assertThat(second.address()).isEqualTo(first.address());
                assertThatThrownBy(() -> on(first.address()).running(LOCAL).close())
                        .isInstanceOf(BindException.class)
                        .hasMessageEndingWith(": Address already in use");
                first.server().drain();
                assertThat(first.cut()).isZero();
                assertThat(second.exchange("!")).isEqualTo("second");
            }
        }
    }

    @ParameterizedTest
    @ValueSource(ints = {0660, 0600, 0777, 0})
    void shouldGiveTheFileItsModeAndLeaveNothingElse(int mode) throws IOException {
        Proxy.Setup setup = on(TCP, unix());
        setup.socketMode = mode;
        try (Proxy proxy = setup.running(LOCAL)) {
            assertThat((Integer) Files.getAttribute(path(), "unix:mode") & 0777).isEqualTo(mode);
            assertThat(directory.toFile().list()).containsExactly("pm.sock");
            proxy.assertServes();
        }
        assertThat(directory).isEmptyDirectory();
    }

    @Test
    void shouldTakeThePlaceOfASocketThatNobodyAcceptsOn() throws IOException {
        listening(path()).close();
        assertThat(path()).exists();
        try (Proxy proxy = on(TCP, unix()).running(LOCAL);
                UnixClient client = new UnixClient(path())) {
            assertThat(client.send("!").receiveAll()).endsWith("!");
            proxy.assertServes();
        }
        assertThat(directory).isEmptyDirectory();
    }

    private static ServerSocketChannel listening(Path path) throws IOException {
        return ServerSocketChannel.open(StandardProtocolFamily.UNIX).bind(UnixDomainSocketAddress.of(path), 1);
    }

    @Test
    void shouldNotTakeThePlaceOfASocketThatIsListenedOn() throws IOException {
        try (ServerSocketChannel other = listening(path())) {
            assertRefused("Address already in use", on(TCP, unix()));
            other.accept().close();
            try (SocketChannel filler = SocketChannel.open(unix());
                    SocketChannel another = SocketChannel.open(unix())) {
                // Its backlog is full.
                assertRefused("Address already in use", on(TCP, unix()));
                assertThat(filler.isConnected() && another.isConnected()).isTrue();
            }
        }
    }

    private void assertRefused(String why, Proxy.Setup setup) {
        assertThatThrownBy(() -> setup.running(LOCAL).close())
                .isInstanceOf(BindException.class)
                .hasMessage("cannot listen on unix:%s: %s", path(), why);
        assertThat(path()).exists();
    }

    @Test
    void shouldLeaveAloneWhatIsNoSocket() throws IOException {
        String why = "something is there that is no socket";
        Files.writeString(path(), "precious");
        assertRefused(why, on(TCP, unix()));
        assertThat(path()).hasContent("precious");
        Files.delete(path());
        Files.createDirectory(path());
        assertRefused(why, on(TCP, unix()));
        Files.delete(path());
        Path socket = directory.resolve("elsewhere");
        listening(socket).close();
        Files.createSymbolicLink(path(), socket);
        assertRefused(why, on(TCP, unix()));
        assertThat(socket).exists();
    }

    @Test
    void shouldLeaveAloneWhatHasTakenThePlaceOfItsSocket() throws IOException {
        try (Proxy proxy = on(TCP, unix()).running(LOCAL)) {
            Files.delete(path());
            Files.writeString(path(), "precious");
            proxy.assertServes();
        }
        assertThat(path()).hasContent("precious");
    }

    @Test
    void shouldRemoveTheFilesOfThoseThatCouldListenWhereAnotherCannot() throws IOException {
        Path other = directory.resolve("other");
        try (ServerSocketChannel taken = listening(other)) {
            assertThatThrownBy(() -> on(TCP, unix(), UnixDomainSocketAddress.of(other))
                            .running(LOCAL)
                            .close())
                    .isInstanceOf(BindException.class)
                    .hasMessage("cannot listen on unix:%s: Address already in use", other);
            assertThat(Files.exists(path(), LinkOption.NOFOLLOW_LINKS)).isFalse();
            assertThat(taken.isOpen()).isTrue();
        }
    }

    @Test
    void shouldNotListenTwiceOnOneSocket() {
        assertThatThrownBy(() -> on(TCP, unix(), unix()).running(LOCAL).close())
                .isInstanceOf(BindException.class)
                .hasMessage("cannot listen on unix:%s: Address already in use", path());
        assertThat(directory).isEmptyDirectory();
    }

    @Test
    void shouldSayWhichPathIsTooLongOrInNoDirectory() throws IOException {
        Path longest = directory.resolve("n".repeat(106 - directory.toString().length() - 1));
        try (Proxy proxy = on(TCP, UnixDomainSocketAddress.of(longest)).running("proxy { data -> [close: data] }");
                UnixClient client = new UnixClient(longest)) {
            assertThat(client.send("!").receiveAll()).isEqualTo("!");
            proxy.assertServes();
        }
        Path longer = Path.of(longest + "n");
        assertThatThrownBy(() -> on(TCP, UnixDomainSocketAddress.of(longer))
                        .running(LOCAL)
                        .close())
                .isInstanceOf(BindException.class)
                .hasMessageMatching("cannot listen on unix:.*n: the path has 107 bytes, \\d+ of them its name; "
                        + "at most 106 are possible, and 99 besides the name")
                .message()
                .hasLineCount(1);
        Path nowhere = directory.resolve("no/pm.sock");
        assertThatThrownBy(() -> on(TCP, UnixDomainSocketAddress.of(nowhere))
                        .running(LOCAL)
                        .close())
                .isInstanceOf(BindException.class)
                .hasMessage("cannot listen on unix:%s: its directory does not exist", nowhere);
    }
}
