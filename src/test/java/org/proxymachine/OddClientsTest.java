package org.proxymachine;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.Socket;
import java.nio.charset.StandardCharsets;
import org.junit.jupiter.api.Test;
import org.proxymachine.session.CloseReason;

/** Clients that do with TCP what few do. */
class OddClientsTest {
    private static final String SCRIPT = "proxy { data -> data ? [remote: '%s'] : null }";

    /** A byte of urgent data is not in the stream (RFC 6093, section 3.2). */
    @Test
    void shouldServeAClientThatSendsUrgentDataAtAnyTime() throws IOException {
        try (Backend backend = Backend.echo();
                Proxy proxy = Proxy.running(SCRIPT.formatted(backend.address()));
                Connection client = proxy.connect()) {
            client.socket().sendUrgentData('!');
            assertThat(client.send("hello").receive(5)).isEqualTo("hello");
            client.socket().sendUrgentData('!');
            assertThat(client.send("again").receive(5)).isEqualTo("again");
            client.socket().sendUrgentData('!');
            assertThat(client.finish().receiveAll()).isEmpty();
            assertThat(proxy.report().reason()).isEqualTo(CloseReason.DONE);
        }
    }

    /** To close a socket with a byte that was not read would reset it. */
    @Test
    void shouldDeliverTheWholeAnswerToAClientThatSentUrgentDataLast() throws IOException {
        String answer = "answer".repeat(20_000);
        try (Backend backend = Backend.manual();
                Proxy proxy = Proxy.running(SCRIPT.formatted(backend.address()));
                Connection client = proxy.connect()) {
            client.send("x");
            try (Socket accepted = backend.next()) {
                assertThat(Backend.read(accepted.getInputStream(), 1)).isEqualTo("x");
                client.socket().sendUrgentData('!');
                accepted.getOutputStream().write(answer.getBytes(StandardCharsets.US_ASCII));
            }
            assertThat(client.receiveAll()).isEqualTo(answer);
            client.leave();
            proxy.report();
        }
    }

    @Test
    void shouldServeAClientThatComesAgainFromThePortOfAConnectionThatItReset() throws IOException {
        try (Backend backend = Backend.echo();
                Proxy proxy = Proxy.running(SCRIPT.formatted(backend.address()))) {
            InetSocketAddress own = new InetSocketAddress(InetAddress.getLoopbackAddress(), Backend.deadPort());
            for (int i = 0; i < 20; i++) {
                try (Socket client = new Socket()) {
                    client.setReuseAddress(true);
                    client.bind(own);
                    client.connect(proxy.address(), Backend.DEADLINE_MILLIS);
                    client.setSoTimeout(Backend.DEADLINE_MILLIS);
                    client.getOutputStream().write('x');
                    assertThat(Backend.read(client.getInputStream(), 1)).isEqualTo("x");
                    client.setSoLinger(true, 0);
                }
            }
            for (int i = 0; i < 20; i++) {
                assertThat(proxy.report().reason()).isEqualTo(CloseReason.CLIENT_RESET);
            }
        }
    }

    @Test
    void shouldOutliveClientsThatResetBeforeTheyAreAccepted() throws IOException {
        try (Scene scene = new Scene("proxy { data -> data.size() == 10 ? [remote: '%s'] : null }")) {
            scene.atOnce(() -> {
                for (int i = 0; i < 100; i++) {
                    Connection client = scene.proxy().connect();
                    if (i % 2 == 0) {
                        client.send("x");
                    }
                    client.reset();
                }
            });
            for (int i = 0; i < 100; i++) {
                assertThat(scene.proxy().report().reason()).isEqualTo(CloseReason.CLIENT_RESET);
            }
            scene.client().send(10);
            scene.backend().receive(10);
        }
    }
}
