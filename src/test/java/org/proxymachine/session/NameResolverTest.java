package org.proxymachine.session;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.IOException;
import java.net.InetAddress;
import java.net.UnknownHostException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.RejectedExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.atomic.AtomicLong;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class NameResolverTest {
    private final AtomicLong nanos = new AtomicLong();
    private final AtomicInteger lookups = new AtomicInteger();

    @TempDir
    Path directory;

    private NameResolver resolver(NameResolver.Lookup lookup, Duration ttl) {
        return new NameResolver(
                host -> {
                    lookups.incrementAndGet();
                    return lookup.addresses(host);
                },
                ttl,
                nanos::get,
                Runnable::run,
                null);
    }

    private static InetAddress[] here(String host) {
        return new InetAddress[] {InetAddress.getLoopbackAddress()};
    }

    private static InetAddress[] nowhere(String host) throws UnknownHostException {
        throw new UnknownHostException(host);
    }

    private static <T> T in15Seconds(CompletableFuture<T> future) throws Exception {
        return future.get(15, TimeUnit.SECONDS);
    }

    @Test
    void shouldLookUpANameOnceForAllWhoAskMeanwhile() throws Exception {
        CountDownLatch answer = new CountDownLatch(1);
        try (NameResolver resolver = new NameResolver(host -> {
            lookups.incrementAndGet();
            try {
                answer.await();
            } catch (InterruptedException e) {
                Thread.currentThread().interrupt();
            }
            return here(host);
        })) {
            CompletableFuture<?> first = resolver.resolve("name.invalid");
            CompletableFuture<?> second = resolver.resolve("NAME.invalid");
            answer.countDown();
            assertThat(in15Seconds(first)).isEqualTo(in15Seconds(second));
            assertThat(lookups).hasValue(1);
        }
    }

    @Test
    void shouldKeepAnAnswerForItsTimeAndThenAskAgain() {
        try (NameResolver resolver = resolver(NameResolverTest::here, Duration.ofSeconds(30))) {
            for (int second = 0; second < 30; second++) {
                assertThat(resolver.resolve("name.invalid").join()).hasSize(1);
                nanos.addAndGet(TimeUnit.SECONDS.toNanos(1));
            }
            assertThat(lookups).hasValue(1);
            resolver.resolve("name.invalid").join();
            assertThat(lookups).hasValue(2);
        }
    }

    @Test
    void shouldKeepARefusalForFiveSecondsAtMost() {
        try (NameResolver resolver = resolver(NameResolverTest::nowhere, Duration.ofHours(1))) {
            assertThat(resolver.resolve("name.invalid")).isCompletedExceptionally();
            nanos.addAndGet(TimeUnit.SECONDS.toNanos(4));
            assertThat(resolver.resolve("name.invalid")).isCompletedExceptionally();
            assertThat(lookups).hasValue(1);
            nanos.addAndGet(TimeUnit.SECONDS.toNanos(1));
            assertThat(resolver.resolve("name.invalid")).isCompletedExceptionally();
            assertThat(lookups).hasValue(2);
        }
    }

    @Test
    void shouldKeepNothingWhereTheTimeIsZero() {
        try (NameResolver resolver = resolver(NameResolverTest::here, Duration.ZERO)) {
            resolver.resolve("name.invalid").join();
            resolver.resolve("name.invalid").join();
            assertThat(lookups).hasValue(2);
        }
    }

    @Test
    void shouldAskAgainForANameThatWasForgotten() {
        try (NameResolver resolver = resolver(NameResolverTest::here, Duration.ofSeconds(30))) {
            resolver.resolve("name.invalid").join();
            resolver.forget("Name.Invalid");
            resolver.resolve("name.invalid").join();
            assertThat(lookups).hasValue(2);
        }
    }

    @Test
    void shouldForgetTheNameThatWasAskedForLongestAgoWhereThereAreTooMany() {
        try (NameResolver resolver = resolver(NameResolverTest::here, Duration.ofSeconds(30))) {
            for (int i = 0; i <= NameResolver.MAX_NAMES; i++) {
                resolver.resolve(i + ".invalid").join();
            }
            resolver.resolve("1.invalid").join();
            assertThat(lookups).hasValue(NameResolver.MAX_NAMES + 1);
            resolver.resolve("0.invalid").join();
            assertThat(lookups).hasValue(NameResolver.MAX_NAMES + 2);
        }
    }

    @Test
    void shouldAnswerANameOfTheHostsFileWhateverHangs() throws Exception {
        Path file = Files.writeString(directory.resolve("hosts"), "127.0.0.5\tone One.Invalid # two\n");
        try (NameResolver resolver = new NameResolver(
                NameResolverTest::nowhere,
                Duration.ZERO,
                nanos::get,
                lookup -> {
                    throw new RejectedExecutionException("all threads hang");
                },
                new HostsThread(new HostsFile(file)))) {
            assertThat(in15Seconds(resolver.resolve("ONE.invalid")))
                    .containsExactly(InetAddress.getByAddress(new byte[] {127, 0, 0, 5}));
            assertThatThrownBy(() -> in15Seconds(resolver.resolve("two")))
                    .hasRootCauseInstanceOf(NameResolver.NotAsked.class)
                    .hasRootCauseMessage("all threads hang");
        }
    }

    @Test
    void shouldReadTheHostsFileAgainWhenItHasChanged() throws IOException {
        Path path = directory.resolve("hosts");
        HostsFile file = new HostsFile(path);
        assertThat(file.addresses("a")).isEmpty();
        Files.writeString(path, "::1 a\n127.0.0.1 a\nnonsense a\n");
        assertThat(file.addresses("a"))
                .as("IPv4 first, as the JDK has it")
                .containsExactly(
                        InetAddress.getByAddress(new byte[] {127, 0, 0, 1}),
                        InetAddress.getByAddress(new byte[] {0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 1}));
        Files.writeString(path, "127.0.0.2 a b\n");
        assertThat(file.addresses("a")).isEqualTo(file.addresses("b")).hasSize(1);
        Files.delete(path);
        assertThat(file.addresses("a")).isEmpty();
    }

    @Test
    void shouldLetLookUpsWaitForAThreadWhereTheSystemGivesNoFurtherOne() throws Exception {
        AtomicInteger threads = new AtomicInteger();
        CountDownLatch first = new CountDownLatch(1);
        CompletableFuture<String> second = new CompletableFuture<>();
        try (LookupThreads lookups = new LookupThreads(work -> {
            if (threads.incrementAndGet() > 1) {
                throw new OutOfMemoryError("unable to create native thread");
            }
            return new Thread(work);
        })) {
            lookups.execute(() -> await(first));
            lookups.execute(() -> second.complete("done"));
            assertThat(second).isNotDone();
            first.countDown();
            assertThat(in15Seconds(second)).isEqualTo("done");
        }
    }

    @Test
    void shouldRefuseALookUpWhereTheSystemGivesNoThreadAtAll() {
        try (LookupThreads lookups = new LookupThreads(work -> {
            throw new OutOfMemoryError("unable to create native thread");
        })) {
            assertThatThrownBy(() -> lookups.execute(() -> {})).isInstanceOf(RejectedExecutionException.class);
        }
    }

    @Test
    void shouldPutAddressesThatWereSilentLastForTenMinutes() {
        SilentAddresses silent = new SilentAddresses(nanos::get);
        var one = new java.net.InetSocketAddress(InetAddress.getLoopbackAddress(), 1);
        var two = new java.net.InetSocketAddress(InetAddress.getLoopbackAddress(), 2);
        silent.add(one);
        assertThat(silent.inOrder(List.of(one, two))).containsExactly(two, one);
        nanos.addAndGet(SilentAddresses.REMEMBERED.toNanos());
        assertThat(silent.inOrder(List.of(one, two))).containsExactly(one, two);
        silent.add(one);
        silent.remove(one);
        assertThat(silent.inOrder(List.of(one, two))).containsExactly(one, two);
    }

    private static void await(CountDownLatch latch) {
        try {
            latch.await();
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
    }
}
