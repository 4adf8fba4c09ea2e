package org.proxymachine.session;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.net.InetAddress;
import java.net.UnknownHostException;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class NameResolverTest {

    @ParameterizedTest
    @ValueSource(strings = {"127.0.0.1", "255.255.255.255", "0.0.0.0", "10.20.30.40", "::1", "2001:db8::1"})
    void shouldTakeAddressesAsTheyAre(String literal) throws UnknownHostException {
        assertThat(NameResolver.isLiteral(literal)).isTrue();
        assertThat(NameResolver.literal(literal)).hasSize(1);
    }

    @ParameterizedTest
    @ValueSource(strings = {"localhost", "256.1.1.1", "1.2.3", "1.2.3.4.5", "1.2.3.4.", "1..2.3", "a1.b2"})
    void shouldTakeAnythingElseForAName(String name) {
        assertThat(NameResolver.isLiteral(name)).isFalse();
    }

    @Test
    void shouldAskNobodyAboutAMalformedV6Literal() {
        assertThat(NameResolver.isLiteral("zz::1")).isTrue();
        assertThatThrownBy(() -> NameResolver.literal("zz::1")).isInstanceOf(UnknownHostException.class);
    }

    @Test
    void shouldLookUpANameOnceForAllWhoAskMeanwhile() throws Exception {
        AtomicInteger lookups = new AtomicInteger();
        CountDownLatch answer = new CountDownLatch(1);
        try (NameResolver resolver = new NameResolver(host -> {
            lookups.incrementAndGet();
            try {
                answer.await();
            } catch (InterruptedException e) {
                Thread.currentThread().interrupt();
            }
            return new InetAddress[] {InetAddress.getLoopbackAddress()};
        })) {
            CompletionStage<?> first = resolver.resolve("name.invalid");
            CompletionStage<?> second = resolver.resolve("name.invalid");
            answer.countDown();
            assertThat(first.toCompletableFuture().get(15, TimeUnit.SECONDS))
                    .isEqualTo(second.toCompletableFuture().get(15, TimeUnit.SECONDS));
            assertThat(lookups).hasValue(1);
        }
    }
}
