package org.proxymachine;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.IOException;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.CopyOnWriteArrayList;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;
import org.proxymachine.address.Network;
import org.proxymachine.route.RoutingException;
import org.proxymachine.session.CloseReason;
import org.proxymachine.session.Limits;
import org.proxymachine.session.Session;
import org.proxymachine.session.SessionListener;
import org.proxymachine.session.SessionState;

/** Clients that say nothing at first: {@code proxy_silent}, answers at accept that come late, and scripts without {@code proxy}. */
class SilentClientsTest {
    private static final Duration SILENCE = Duration.ofSeconds(2);
    private static final String SPOKE = "proxy { data -> [close: 'spoke ' + data] }\n";
    private static final String BOTH = SPOKE + "proxy_silent(2) { conn -> [close: 'silent ' + conn.id] }";

    private static void hears(Scene scene, Peer client, String text) throws IOException {
        client.hear(text).fin().expect(Peer.End.FIN);
        scene.ends(CloseReason.SCRIPT_CLOSE);
    }

    @Test
    void shouldSendAClientThatWaitsToAServerThatSpeaksFirst() throws IOException {
        try (Scene scene = new Scene(SPOKE + "proxy_silent(2) { conn -> [remote: '%s'] }")) {
            Peer client = scene.client();
            scene.awaitSessions(1);
            scene.pass(SILENCE.minusMillis(1));
            assertThat(scene.connections()).isZero();
            scene.pass(Duration.ofMillis(1));
            Peer backend = scene.backend().send(10);
            client.receive(10).send(5).fin();
            backend.receive(5).expect(Peer.End.FIN).fin();
            scene.ends(CloseReason.DONE, 5, 10);
        }
    }

    @ParameterizedTest
    @ValueSource(strings = {"0.5", "'500ms'", "1/2", "\"${500}ms\"", "0.5d"})
    void shouldTakeItsTimeAsANumberOrAText(String time) throws IOException {
        try (Scene scene = new Scene(SPOKE + "proxy_silent(" + time + ") { [close: 'silent'] }")) {
            Peer client = scene.client();
            scene.awaitSessions(1);
            scene.pass(Duration.ofMillis(500));
            hears(scene, client, "silent");
        }
    }

    @ParameterizedTest
    @ValueSource(strings = {"(0) { null }", "('soon') { null }", "(-1) { null }", " { null }", "(null) { null }"})
    void shouldRefuseWhatIsNoTime(String rest) {
        assertThatThrownBy(() -> Proxy.running(SPOKE + "proxy_silent" + rest))
                .isInstanceOf(RoutingException.class)
                .message()
                .matches(
                        "router\\d+\\.groovy:2: .*proxy_silent takes a number of seconds, more than 0, or text such as "
                                + "'500ms', and then a block, was .+");
    }

    @Test
    void shouldNotAskAboutAClientThatHasSaidAByte() throws IOException {
        try (Scene scene = new Scene(
                "proxy { data -> data == 'ab' ? [close: 'spoke'] : null }\nproxy_silent(2) { [close: 'silent'] }")) {
            Peer client = scene.client().say("a");
            scene.awaitSessions(1);
            scene.pass(SILENCE);
            scene.pass(SILENCE);
            client.say("b");
            hears(scene, client, "spoke");
        }
    }

    @Test
    void shouldReadWhatHasArrivedBeforeItCallsAClientSilent() throws IOException {
        try (Scene scene = new Scene(BOTH)) {
            Peer client = scene.client();
            scene.awaitSessions(1);
            scene.atOnce(() -> {
                scene.passForTheLastTime(SILENCE);
                client.say("x");
            });
            hears(scene, client, "spoke x");
        }
    }

    @Test
    void shouldAskOnceAndWaitOnWhereTheAnswerIsNull() throws IOException {
        try (Scene scene = new Scene(SPOKE
                + "proxy_silent(2) { conn -> conn.session.n = (conn.session.n ?: 0) + 1\n"
                + "  conn.session.n == 1 ? [noop: true, reply: 'well?'] : [close: 'twice'] }")) {
            Peer client = scene.client();
            scene.awaitSessions(1);
            scene.pass(SILENCE);
            client.hear("well?");
            scene.pass(SILENCE);
            client.say("x");
            hears(scene, client, "spoke x");
        }
    }

    @Test
    void shouldEndAClientThatIsSilentForLongerThanItMayTakeToBeRouted() throws IOException {
        try (Scene scene = new Scene(SPOKE + "proxy_silent(2) { null }")) {
            scene.client();
            scene.awaitSessions(1);
            scene.pass(SILENCE);
            scene.pass(Limits.DEFAULT.routeTimeout().minus(SILENCE).minusMillis(1));
            scene.assertNothingExpires(1);
            scene.pass(Duration.ofMillis(1));
            scene.ends(CloseReason.ROUTE_TIMEOUT);
        }
    }

    @Test
    void shouldNotAskAboutASilentClientThatHasLeft() throws IOException {
        try (Scene scene = new Scene(BOTH)) {
            scene.client().fin();
            scene.ends(CloseReason.CLIENT_LEFT);
            scene.pass(SILENCE);
            assertThat(scene.proxy().problems()).isZero();
        }
    }

    @Test
    void shouldAskTheScriptThatASilentClientCameTo() throws IOException {
        try (Scene scene = new Scene(BOTH)) {
            Peer client = scene.client();
            scene.awaitSessions(1);
            scene.proxy().reload(SPOKE + "proxy_silent(1) { [close: 'new'] }");
            scene.pass(SILENCE);
            hears(scene, client, "silent 1");
        }
    }

    @Test
    void shouldCountSilenceFromTheAcceptWhereAProxyHeaderComesFirst() throws IOException {
        Proxy.Setup setup = new Proxy.Setup();
        setup.acceptProxy = List.of(Network.parse("127.0.0.1"));
        setup.introduction = "PROXY UNKNOWN\r\n";
        try (Scene scene = new Scene(BOTH, setup)) {
            Peer early = scene.client().say("PROXY UNKNOWN\r\n");
            Peer late = scene.client();
            Peer lateButTalking = scene.client();
            scene.awaitSessions(3);
            scene.pass(SILENCE);
            hears(scene, early, "silent 1");
            late.say("PROXY UNKNOWN\r\n");
            hears(scene, late, "silent 2");
            lateButTalking.say("PROXY UNKNOWN\r\nx");
            hears(scene, lateButTalking, "spoke x");
        }
    }

    /** The first client's answer at accept comes once the second has said so. */
    private static String answering(String answer) {
        return "import java.util.concurrent.CompletableFuture\ndef later = new CompletableFuture()\n"
                + "proxy_accept { conn -> conn.id == 1 ? later : null }\n"
                + "proxy { data, conn -> if (conn.id == 2) later.complete(" + answer
                + ")\n  [close: 'spoke ' + data] }\n";
    }

    private static void completes(Scene scene) throws IOException {
        Peer other = scene.client().say("go");
        hears(scene, other, "spoke go");
    }

    @Test
    void shouldAskAboutWhatCameWhileTheAnswerAtAcceptWasPending() throws IOException {
        List<Session> opened = new CopyOnWriteArrayList<>();
        Proxy.Setup setup = new Proxy.Setup();
        setup.listeners.add(new SessionListener() {
            @Override
            public void opened(Session session) {
                opened.add(session);
            }
        });
        try (Scene scene = new Scene(answering("null"), setup)) {
            Peer client = scene.client().say("abc");
            scene.await(SessionState.ROUTING);
            client.say("def");
            scene.proxy().await(() -> opened.get(0).receivedBytes() == 6);
            completes(scene);
            client.hear("spoke abcdef");
        }
    }

    @Test
    void shouldHoldNoMoreThanThePrereadLimitWhileTheAnswerAtAcceptIsPending() throws IOException {
        Proxy.Setup setup = new Proxy.Setup();
        setup.limits = new Limits(Duration.ofHours(1), 4);
        try (Scene scene = new Scene(
                answering("null")
                        .replace("[close: 'spoke ' + data]", "conn.id == 2 ? " + "[close: 'spoke ' + data] : null"),
                setup)) {
            Peer client = scene.client().say("abcdefgh");
            scene.await(SessionState.ROUTING);
            Peer other = scene.client().say("go").hear("spoke go").fin();
            assertThat(List.of(scene.ends().reason(), scene.ends().reason()))
                    .containsExactlyInAnyOrder(CloseReason.PREREAD_LIMIT, CloseReason.SCRIPT_CLOSE);
            other.expect(Peer.End.FIN);
            client.expectAnEnd();
        }
    }

    @Test
    void shouldCallAClientSilentOnceTheAnswerAtAcceptIsToWait() throws IOException {
        try (Scene scene = new Scene(answering("null") + "proxy_silent(2) { [close: 'silent'] }")) {
            Peer client = scene.client();
            scene.await(SessionState.ROUTING);
            scene.pass(SILENCE.multipliedBy(2));
            scene.assertNothingExpires(1);
            completes(scene);
            hears(scene, client, "silent");
        }
    }

    @Test
    void shouldNotCallAClientSilentThatSpokeWhileTheAnswerAtAcceptWasPending() throws IOException {
        try (Scene scene = new Scene(answering("null") + "proxy_silent(2) { [close: 'silent'] }")) {
            Peer client = scene.client().say("x");
            scene.await(SessionState.ROUTING);
            scene.pass(SILENCE.multipliedBy(2));
            completes(scene);
            hears(scene, client, "spoke x");
        }
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "null",
                "[noop: true, reply: 'hello']",
                "java.util.concurrent.CompletableFuture.completedFuture(null)"
            })
    void shouldEndAClientThatProxyAcceptAloneDoesNotDecide(String answer) throws IOException {
        try (Scene scene = new Scene("proxy_accept { conn -> " + answer + " }")) {
            Peer client = scene.client();
            scene.ends(CloseReason.SCRIPT_ERROR);
            client.expectAnEnd();
            assertThat(scene.proxy().problem())
                    .matches(
                            "router\\d+\\.groovy: proxy_accept: decided nothing, and there is no proxy block to ask next");
        }
    }

    @Test
    void shouldServeByProxyAcceptAlone() throws IOException {
        try (Scene scene = new Scene("proxy_accept { conn -> [close: 'hello'] }")) {
            hears(scene, scene.client(), "hello");
        }
    }

    @Test
    void shouldServeByProxyAcceptAndProxySilentAlone() throws IOException {
        try (Scene scene = new Scene("proxy_accept { null }\nproxy_silent(2) { [close: 'silent'] }")) {
            Peer silent = scene.client();
            Peer talking = scene.client().say("x");
            scene.ends(CloseReason.SCRIPT_ERROR);
            talking.expectAnEnd();
            scene.pass(SILENCE);
            hears(scene, silent, "silent");
        }
    }

    @Test
    void shouldRefuseAScriptThatDecidesAboutSilentClientsOnly() {
        assertThatThrownBy(() -> Proxy.running("proxy_silent(2) { [close: true] }"))
                .isInstanceOf(RoutingException.class)
                .hasMessageContaining(
                        "registers no proxy block, expected proxy { data -> [remote: 'host:port'] } or proxy_accept");
    }
}
