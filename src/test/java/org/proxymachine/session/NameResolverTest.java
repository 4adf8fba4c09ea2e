package org.proxymachine.session;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.IOException;
import java.io.RandomAccessFile;
import java.net.InetAddress;
import java.net.UnknownHostException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.RejectedExecutionException;
import java.util.concurrent.ThreadFactory;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.atomic.AtomicLong;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

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

    private static NameResolver withFile(HostsThread.Source file, NameResolver.Lookup lookup) {
        return new NameResolver(
                lookup, Duration.ofSeconds(30), System::nanoTime, new LookupThreads(), new HostsThread(file));
    }

    @Test
    void shouldKnowANameOfTheHostsFileWithAFinalDot() throws Exception {
        Path file = Files.writeString(directory.resolve("hosts"), "127.0.0.5 one two.\n");
        try (NameResolver resolver = withFile(new HostsFile(file), NameResolverTest::nowhere)) {
            for (String name : List.of("one", "ONE.", "two", "Two.")) {
                assertThat(in15Seconds(resolver.resolve(name)))
                        .as(name)
                        .containsExactly(InetAddress.getByAddress(new byte[] {127, 0, 0, 5}));
            }
        }
    }

    @Test
    void shouldAskTheSystemForANameAsItIsSpelledThere() throws Exception {
        List<String> asked = new CopyOnWriteArrayList<>();
        try (NameResolver resolver = new NameResolver(host -> {
            asked.add(host);
            return here(host);
        })) {
            in15Seconds(resolver.resolve("db.example"));
            in15Seconds(resolver.resolve("db.example."));
            in15Seconds(resolver.resolve("DB.example."));
        }
        // With a final dot no search list is tried (resolv.conf(5)): they may be two hosts.
        assertThat(asked).containsExactly("db.example", "db.example.");
    }

    @ParameterizedTest
    @ValueSource(strings = {"fifo", "directory", "/dev/zero"})
    void shouldLookNamesUpWithoutAHostsFileThatIsNone(String kind) throws Exception {
        Path file = directory.resolve(kind);
        if (kind.equals("fifo")) {
            assertThat(new ProcessBuilder("mkfifo", file.toString()).start().waitFor())
                    .isZero();
        } else if (kind.equals("directory")) {
            Files.createDirectory(file);
        }
        try (NameResolver resolver = withFile(new HostsFile(file), NameResolverTest::here)) {
            assertThat(in15Seconds(resolver.resolve("one"))).hasSize(1);
        }
        assertThatThrownBy(() -> new HostsFile(file).addresses("one"))
                .isInstanceOf(IOException.class)
                .hasMessage(file + ": must be a regular file");
    }

    @Test
    void shouldReadNoHostsFileThatCouldFillTheHeap() throws Exception {
        Path file = directory.resolve("hosts");
        try (RandomAccessFile sparse = new RandomAccessFile(file.toFile(), "rw")) {
            sparse.setLength(HostsFile.MAX_BYTES + 1);
        }
        assertThatThrownBy(() -> new HostsFile(file).addresses("one"))
                .isInstanceOf(IOException.class)
                .hasMessage(file + ": must have at most 16777216 bytes, was 16777217");
    }

    @Test
    void shouldLookUpANameThatTheHostsFileFailsToTell() throws Exception {
        HostsThread.Source failing = host -> {
            if (host.equals("one")) {
                throw new IllegalStateException("a bug");
            }
            throw new StackOverflowError("another");
        };
        try (NameResolver resolver = withFile(failing, NameResolverTest::here)) {
            assertThat(in15Seconds(resolver.resolve("one"))).hasSize(1);
            assertThat(in15Seconds(resolver.resolve("two"))).hasSize(1);
        }
    }

    @Test
    void shouldLookNamesUpWhileTheHostsFileHangs() throws Exception {
        CountDownLatch never = new CountDownLatch(1);
        HostsThread.Source hanging = host -> {
            await(never);
            return List.of();
        };
        try (NameResolver resolver = withFile(hanging, NameResolverTest::here)) {
            // More than the queue holds.
            List<CompletableFuture<List<InetAddress>>> answers = new ArrayList<>();
            for (int i = 0; i < 2 * HostsThread.QUEUED; i++) {
                answers.add(resolver.resolve(i + ".invalid"));
            }
            for (CompletableFuture<List<InetAddress>> answer : answers) {
                assertThat(in15Seconds(answer.exceptionally(full -> List.of(InetAddress.getLoopbackAddress()))))
                        .hasSize(1);
            }
        }
    }

    @Test
    void shouldFailWithWhateverALookUpFailsWith() throws Exception {
        try (NameResolver resolver = new NameResolver(host -> {
            throw new StackOverflowError("deep");
        })) {
            assertThatThrownBy(() -> in15Seconds(resolver.resolve("one"))).hasCauseInstanceOf(StackOverflowError.class);
        }
    }

    @Test
    void shouldServeTheLookUpsBehindOneThatThrows() throws Exception {
        CountDownLatch first = new CountDownLatch(1);
        CompletableFuture<String> second = new CompletableFuture<>();
        try (LookupThreads lookups = new LookupThreads(oneThread())) {
            lookups.execute(() -> {
                await(first);
                throw new IllegalStateException("a bug");
            });
            lookups.execute(() -> second.complete("done"));
            first.countDown();
            assertThat(in15Seconds(second)).isEqualTo("done");
        }
    }

    private static ThreadFactory oneThread() {
        AtomicInteger threads = new AtomicInteger();
        return work -> {
            if (threads.incrementAndGet() > 1) {
                throw new OutOfMemoryError("unable to create native thread");
            }
            return new Thread(work);
        };
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
        CountDownLatch first = new CountDownLatch(1);
        CompletableFuture<String> second = new CompletableFuture<>();
        try (LookupThreads lookups = new LookupThreads(oneThread())) {
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
