package org.proxymachine;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.File;
import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.Socket;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.atomic.AtomicInteger;
import org.jspecify.annotations.Nullable;
import org.proxymachine.address.Addresses;
import org.proxymachine.session.SessionReport;

/** A proxy under the exchanges of many workers at a time. */
final class Exchanges implements AutoCloseable {
    private final long seed;
    private final Backend backend = new Backend(this::serve);
    private final Proxy proxy;
    private final AtomicInteger lastNumber = new AtomicInteger();
    private final AtomicInteger serving = new AtomicInteger();
    private final Map<Integer, Exchange> running = new ConcurrentHashMap<>();
    private final Map<String, Exchange> byClient = new ConcurrentHashMap<>();

    /** Ports that two clients of a run had: nobody can say whose reports these are. */
    private final Set<String> ambiguous = ConcurrentHashMap.newKeySet();

    private final ConcurrentLinkedQueue<Throwable> failures = new ConcurrentLinkedQueue<>();
    private int connections;

    Exchanges(long seed, Proxy.Setup setup) throws IOException {
        this.seed = seed;
        this.proxy = setup.running(Exchange.SCRIPT.formatted(backend.address(), Backend.deadPort()));
    }

    /** Runs exchange after exchange for this long on so many threads, then checks each report. */
    void run(int workers, Duration duration) throws InterruptedException {
        long end = System.nanoTime() + duration.toNanos();
        List<Thread> threads = new ArrayList<>();
        for (int i = 0; i < workers; i++) {
            Thread thread = new Thread(() -> work(end), "worker");
            thread.start();
            threads.add(thread);
        }
        for (Thread thread : threads) {
            thread.join();
        }
        proxy.await(() -> proxy.server().sessionCount() == 0 && serving.get() == 0);
        for (; connections < lastNumber.get(); connections++) {
            check(proxy.report());
        }
        while (proxy.problems() > 0) {
            // Of lists whose first is down, and of backends that have nothing to say.
            assertThat(proxy.problem()).matches(".*(Connection refused|closed before its first byte)");
        }
        running.clear();
        byClient.clear();
        ambiguous.clear();
        assertThat(failures).as("seed %d", seed).isEmpty();
    }

    private void work(long end) {
        while (System.nanoTime() - end < 0 && failures.isEmpty()) {
            Exchange exchange = new Exchange(seed, lastNumber.incrementAndGet());
            running.put(exchange.number(), exchange);
            try (Socket socket = new Socket()) {
                socket.bind(new InetSocketAddress(InetAddress.getLoopbackAddress(), 0));
                String address = "127.0.0.1:" + socket.getLocalPort();
                if (byClient.put(address, exchange) != null) {
                    ambiguous.add(address);
                }
                exchange.runClient(socket, proxy.address());
            } catch (IOException | InterruptedException | RuntimeException | AssertionError e) {
                failures.add(new AssertionError(exchange.toString(), e));
            }
        }
    }

    private void serve(Socket socket) throws IOException {
        serving.incrementAndGet();
        // Out of the queue of those that a test would take itself.
        Objects.requireNonNull(backend).next();
        Exchange exchange = null;
        try (socket) {
            byte[] header = socket.getInputStream().readNBytes(Exchange.HEADER);
            if (header.length == Exchange.HEADER) {
                exchange = running.get(Exchange.number(header));
                if (exchange == null) {
                    throw new AssertionError("an exchange that has ended");
                }
                exchange.runBackend(socket);
            }
        } catch (IOException | RuntimeException | AssertionError e) {
            if (exchange != null || e instanceof AssertionError) {
                failures.add(new AssertionError(String.valueOf(exchange), e));
            }
        } finally {
            serving.decrementAndGet();
        }
    }

    private void check(SessionReport report) {
        @Nullable Exchange exchange = byClient.get(Addresses.format(report.client()));
        if (exchange != null && !ambiguous.contains(Addresses.format(report.client()))) {
            try {
                exchange.check(report);
            } catch (AssertionError e) {
                failures.add(new AssertionError(exchange + ", " + report, e));
            }
        }
    }

    /** Returns how many files this process has open once all is over. */
    int descriptorsAtRest() {
        proxy.assertIdle();
        return Objects.requireNonNull(new File("/proc/self/fd").list()).length;
    }

    int connections() {
        return connections;
    }

    @Override
    public void close() throws IOException {
        proxy.close();
        backend.close();
    }
}
