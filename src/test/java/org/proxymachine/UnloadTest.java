package org.proxymachine;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import ch.qos.logback.classic.Logger;
import ch.qos.logback.classic.spi.ILoggingEvent;
import ch.qos.logback.core.AppenderBase;
import groovy.lang.Closure;
import java.io.IOException;
import java.time.Duration;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.proxymachine.route.RoutingException;
import org.proxymachine.session.CloseReason;
import org.slf4j.LoggerFactory;

/** What a script opened ends with the last client that came to it. */
class UnloadTest {
    private static final String KEY = "proxymachine.unloaded";
    private static final String NEXT = "proxy { data -> [close: 'next'] }";

    private final BlockingQueue<Object> calls = new LinkedBlockingQueue<>();
    private final BlockingQueue<String> lines = new LinkedBlockingQueue<>();
    private final Logger log = (Logger) LoggerFactory.getLogger("proxymachine");
    private final AppenderBase<ILoggingEvent> appender = new AppenderBase<>() {
        @Override
        protected void append(ILoggingEvent event) {
            lines.add(event.getFormattedMessage());
        }
    };

    @BeforeEach
    void watch() {
        System.getProperties().put(KEY, calls);
        appender.start();
        log.addAppender(appender);
    }

    @AfterEach
    void unwatch() {
        System.getProperties().remove(KEY);
        log.detachAppender(appender);
    }

    private static String script(String unload) {
        return """
                def note = { System.properties['%s'] << it }
                proxy { data -> data == 'x' ? [close: 'first'] : null }
                proxy_unload { -> %s }""".formatted(KEY, unload);
    }

    private static String next(BlockingQueue<?> queue) throws InterruptedException {
        return String.valueOf(queue.poll(Backend.DEADLINE_MILLIS, TimeUnit.MILLISECONDS));
    }

    @Test
    void shouldUnloadAReplacedScriptWhenItsLastClientIsGone() throws Exception {
        try (Proxy proxy = Proxy.running(script("note 'unloaded'"));
                Connection client = proxy.connect()) {
            client.send("?");
            proxy.await(() -> proxy.server().sessionCount() == 1);
            proxy.reload(NEXT);
            assertThat(proxy.exchange("x")).isEqualTo("next");
            proxy.report();
            assertThat(calls).isEmpty();
            client.leave();
            proxy.assertClosedBecause(CloseReason.CLIENT_LEFT);
            assertThat(next(calls)).isEqualTo("unloaded");
        }
        assertThat(calls).isEmpty();
    }

    @Test
    void shouldUnloadAScriptThatNeverHadAClient() throws Exception {
        try (Proxy proxy = Proxy.running(script("note 'unloaded'"))) {
            proxy.reload(NEXT);
            assertThat(next(calls)).isEqualTo("unloaded");
        }
    }

    @Test
    void shouldUnloadAtTheEnd() throws Exception {
        Proxy proxy = Proxy.running(script("note 'unloaded'"));
        assertThat(proxy.exchange("x")).isEqualTo("first");
        assertThat(calls).isEmpty();
        proxy.server().stop(Duration.ZERO);
        proxy.cut();
        assertThat(calls).containsExactly("unloaded");
        proxy.close();
        assertThat(calls).hasSize(1);
    }

    @Test
    void shouldUnloadWhatWasLoadedButRefused() {
        for (String refused : new String[] {
            script("note 'unloaded'").replace("null }", "42 }"),
            script("note 'unloaded'") + "\nthrow new IOException('no')",
            script("note 'unloaded'").replace("proxy {", "def unused = {")
        }) {
            assertThatThrownBy(() -> Proxy.running(refused).close()).isInstanceOf(RoutingException.class);
            assertThat(calls.poll()).isEqualTo("unloaded");
        }
    }

    @Test
    void shouldNeitherStopNorStayForAnUnloadThatHangs() throws Exception {
        try (Proxy proxy = Proxy.running(script("note 'called'; new java.util.concurrent.CountDownLatch(1).await()"))) {
            proxy.reload(NEXT);
            assertThat(next(calls)).isEqualTo("called");
            assertThat(proxy.exchange("x")).isEqualTo("next");
        }
        assertThat(next(lines))
                .matches("router\\d+\\.groovy:3: proxy_unload has not returned within 5 s, and is not waited for");
    }

    @Test
    void shouldSayInOneLineWhyAnUnloadFailed() throws Exception {
        try (Proxy proxy = Proxy.running(script("throw new IOException('no')"))) {
            proxy.reload(NEXT);
            assertThat(next(lines)).matches("router\\d+\\.groovy:3: proxy_unload: IOException: no");
        }
    }

    @Test
    void shouldSayWhichThreadsOfAScriptOutOfUseStillRun() throws IOException, InterruptedException {
        try (Proxy proxy = Proxy.running("""
                def gate = new java.util.concurrent.CountDownLatch(1)
                System.properties['%s'] << { gate.countDown() }
                Thread.startDaemon('my thread') { gate.await() }
                def pool = java.util.concurrent.Executors.newFixedThreadPool(1)
                proxy { data -> if (data) pool.submit { }; data ? [close: 'x'] : null }
                proxy_unload { pool.shutdown() }""".formatted(KEY))) {
            assertThat(proxy.exchange("x")).isEqualTo("x");
            proxy.report();
            proxy.reload(NEXT);
            assertThat(next(lines))
                    .matches(
                            "router\\d+\\.groovy: still running, 1 thread of a script that is out of use, for proxy_unload to"
                                    + " end: my thread");
            ((Closure<?>) calls.remove()).call();
        }
    }
}
