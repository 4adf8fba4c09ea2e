package org.proxymachine;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.IOException;
import java.net.ConnectException;
import java.time.Duration;
import org.junit.jupiter.api.Test;
import org.proxymachine.route.RoutingException;
import org.proxymachine.session.CloseReason;

/** Reload, drain and stop, with sessions under way. */
class LifeTest {
    private static final String ECHO = "proxy { data -> data.endsWith('!') ? [close: '%s'] : null }";

    @Test
    void shouldRouteNewClientsByTheNewScriptAndOldOnesByTheOld() throws IOException {
        try (Proxy proxy = Proxy.running(ECHO.formatted("old"));
                Connection before = proxy.connect()) {
            before.send("x");
            proxy.await(() -> proxy.server().sessionCount() == 1);
            proxy.reload(ECHO.formatted("new"));
            assertThat(proxy.exchange("!")).isEqualTo("new");
            assertThat(before.send("!").receiveAll()).isEqualTo("old");
        }
    }

    @Test
    void shouldKeepTheOldScriptWhereTheNewOneIsBroken() throws IOException {
        try (Proxy proxy = Proxy.running(ECHO.formatted("old"))) {
            assertThatThrownBy(() -> proxy.reload("proxy { data ->\n  [remote: 'x\n}"))
                    .isInstanceOf(RoutingException.class)
                    .message()
                    .matches("router\\d+\\.groovy:2:\\d+: .+");
            assertThat(proxy.exchange("!")).isEqualTo("old");
        }
    }

    @Test
    void shouldServeWhatIsConnectedWhenDrainedAndRefuseWhatComesAfter() throws IOException {
        try (Backend backend = Backend.named("n");
                Proxy proxy = Proxy.running(
                        "proxy { data -> data == 'w' ? null : [remote: '%s'] }".formatted(backend.address()));
                Connection spliced = proxy.connect();
                Connection unrouted = proxy.connect()) {
            spliced.send("x");
            assertThat(spliced.receive(3)).isEqualTo("n<x");
            unrouted.send("w");
            proxy.server().drain();
            proxy.ask(() -> true);
            proxy.ask(() -> true);
            proxy.ask(() -> true);
            assertThatThrownBy(proxy::connect).isInstanceOf(ConnectException.class);
            assertThat(proxy.stopped()).isFalse();
            spliced.send("more").finish();
            assertThat(spliced.receiveAll()).isEqualTo("more>");
            unrouted.send("x").finish();
            assertThat(unrouted.receiveAll()).isEqualTo("n<wx>");
            assertThat(proxy.cut()).isZero();
        }
    }

    @Test
    void shouldServeWhatTheKernelHadAcceptedBeforeTheDrain() throws IOException {
        Proxy.Setup setup = new Proxy.Setup();
        setup.maxConnections = 1;
        try (Proxy proxy = setup.running(ECHO.formatted("served"));
                Connection first = proxy.connect()) {
            first.send("x");
            proxy.await(() -> proxy.server().sessionCount() == 1);
            try (Connection waiting = proxy.connect()) {
                proxy.server().drain();
                assertThat(waiting.send("!").receiveAll()).isEqualTo("served");
            }
            assertThat(first.send("!").receiveAll()).isEqualTo("served");
            first.leave();
            assertThat(proxy.cut()).isZero();
        }
    }

    @Test
    void shouldCutWhatIsLeftAfterThePatienceOfAStop() throws IOException {
        Proxy.Setup setup = new Proxy.Setup();
        ManualClock clock = new ManualClock();
        setup.clock = clock;
        try (Proxy proxy = setup.running(ECHO.formatted("x"));
                Connection client = proxy.connect()) {
            client.send("x");
            proxy.await(() -> proxy.server().sessionCount() == 1);
            proxy.server().stop(Duration.ofSeconds(10));
            clock.advance(Duration.ofSeconds(9), proxy);
            assertThat(proxy.stopped()).isFalse();
            proxy.ask(() -> true);
            proxy.server().stop(Duration.ofSeconds(10));
            assertThat(client.receiveAll()).isEmpty();
            assertThat(proxy.cut()).isEqualTo(1);
            proxy.assertClosedBecause(CloseReason.SHUTDOWN);
        }
    }

    @Test
    void shouldCutAtThePatiencesEndWithoutASecondCall() throws IOException {
        try (Proxy proxy = Proxy.running(ECHO.formatted("x"));
                Connection client = proxy.connect()) {
            client.send("x");
            proxy.await(() -> proxy.server().sessionCount() == 1);
            proxy.server().stop(Duration.ofMillis(50));
            assertThat(client.receiveAll()).isEmpty();
            assertThat(proxy.cut()).isEqualTo(1);
        }
    }
}
