package org.proxymachine.session;

import static org.assertj.core.api.Assertions.assertThat;

import java.net.InetAddress;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.Test;

class NameResolverTest {

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
