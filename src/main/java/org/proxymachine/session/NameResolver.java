package org.proxymachine.session;

import java.net.InetAddress;
import java.net.UnknownHostException;
import java.security.Security;
import java.time.Duration;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.Executor;
import java.util.concurrent.RejectedExecutionException;
import org.jspecify.annotations.Nullable;
import org.proxymachine.reactor.Clock;
import org.proxymachine.reactor.Exhaustion;

/**
 * Resolves names, and keeps the answers for a time. The system's resolver blocks, so it is asked on threads of its own;
 * names of the hosts file have one that no name server can hold up. Those who ask for a name that is being looked up wait
 * for that one look-up.
 */
public final class NameResolver implements AutoCloseable {
    /** How long answers are kept where nothing else is said. */
    public static final Duration DEFAULT_TTL = Duration.ofSeconds(30);

    /** How long it is kept at most that a name has no address. */
    static final Duration MAX_REFUSAL_TTL = Duration.ofSeconds(5);

    /** Names whose answers are kept at a time; more are forgotten, those first that were asked for longest ago. */
    static final int MAX_NAMES = 10_000;

    /** The blocking look-up: the system's, or a test's. */
    @FunctionalInterface
    public interface Lookup {
        /**
         * Returns all addresses of a name.
         *
         * @throws UnknownHostException if it has none
         */
        InetAddress[] addresses(String host) throws UnknownHostException;
    }

    /** There was nobody to ask the system. */
    static final class NotAsked extends UnknownHostException {
        private static final long serialVersionUID = 1;

        NotAsked(String why) {
            super(why);
        }
    }

    private static final class Answer {
        private final CompletableFuture<List<InetAddress>> addresses = new CompletableFuture<>();
        private volatile long untilNanos;
    }

    private final Lookup lookup;
    private final Duration ttl;
    private final Clock clock;
    private final Executor threads;
    private final @Nullable HostsThread hosts;
    private final SilentAddresses silent;
    private final Map<String, Answer> answers = new LinkedHashMap<>(16, 0.75f, true) {
        private static final long serialVersionUID = 1;

        @Override
        protected boolean removeEldestEntry(Map.Entry<String, Answer> eldest) {
            return size() > MAX_NAMES;
        }
    };

    /** A resolver over the system's own, which keeps answers for {@link #DEFAULT_TTL}. */
    public NameResolver() {
        this(DEFAULT_TTL);
    }

    /** A resolver over the system's own, which keeps answers for this time; with 0 it asks anew for each connect. */
    public NameResolver(Duration ttl) {
        this(
                InetAddress::getAllByName,
                ttl,
                Clock.system(),
                new LookupThreads(),
                new HostsThread(HostsFile.ofSystem()));
    }

    /** A resolver over this look-up alone. */
    public NameResolver(Lookup lookup) {
        this(lookup, DEFAULT_TTL, Clock.system(), new LookupThreads(), null);
    }

    NameResolver(Lookup lookup, Duration ttl, Clock clock, Executor threads, @Nullable HostsThread hosts) {
        this.lookup = lookup;
        this.ttl = ttl;
        this.clock = clock;
        this.threads = threads;
        this.hosts = hosts;
        this.silent = new SilentAddresses(clock);
    }

    /**
     * Has the JDK keep no answers, for all of the process: it would keep them beneath this one, and longer. To be called
     * before the first look-up.
     */
    public static void keepAnswersHereAlone() {
        Security.setProperty("networkaddress.cache.ttl", "0");
        Security.setProperty("networkaddress.cache.negative.ttl", "0");
    }

    /**
     * Returns the addresses, at least one: at once if they are known, or later. Fails with {@link UnknownHostException}.
     * The answer is the same object for all who ask.
     */
    CompletableFuture<List<InetAddress>> resolve(String host) {
        // Names know no case (RFC 4343).
        String name = host.toLowerCase(Locale.ROOT);
        Answer answer = new Answer();
        synchronized (answers) {
            Answer known = answers.get(name);
            if (known != null && (!known.addresses.isDone() || known.untilNanos - clock.nanoTime() > 0)) {
                return known.addresses;
            }
            answers.put(name, answer);
        }
        if (hosts == null) {
            lookUp(name, answer);
        } else {
            var unused = hosts.addresses(name).thenAccept(found -> inHostsFile(found, name, answer));
        }
        return answer.addresses;
    }

    private void inHostsFile(List<InetAddress> found, String name, Answer answer) {
        if (found.isEmpty()) {
            lookUp(name, answer);
        } else {
            complete(answer, found);
        }
    }

    // Whatever goes wrong is the answer: those who wait for it would wait for ever.
    private void lookUp(String name, Answer answer) {
        try {
            threads.execute(() -> ask(name, answer));
        } catch (RejectedExecutionException e) {
            refuse(answer, Duration.ZERO, new NotAsked(String.valueOf(e.getMessage())));
        } catch (Throwable e) {
            refuse(answer, Duration.ZERO, e);
        }
    }

    private void ask(String name, Answer answer) {
        try {
            complete(answer, List.of(lookup.addresses(name)));
        } catch (UnknownHostException e) {
            refuse(answer, MAX_REFUSAL_TTL, e);
        } catch (Throwable e) {
            refuse(answer, Duration.ZERO, e);
        }
    }

    private void complete(Answer answer, List<InetAddress> found) {
        answer.untilNanos = clock.nanoTime() + ttl.toNanos();
        answer.addresses.complete(found);
    }

    private void refuse(Answer answer, Duration maxTtl, Throwable refusal) {
        Duration kept = ttl.compareTo(maxTtl) < 0 ? ttl : maxTtl;
        answer.untilNanos = clock.nanoTime() + kept.toNanos();
        answer.addresses.completeExceptionally(refusal);
        Exhaustion.rethrow(refusal);
    }

    /** Has a name asked again by who connects next: at its addresses there was nobody. */
    void forget(String host) {
        String name = host.toLowerCase(Locale.ROOT);
        synchronized (answers) {
            Answer known = answers.get(name);
            if (known != null && known.addresses.isDone()) {
                answers.remove(name);
            }
        }
    }

    /** Returns what is known of addresses that do not answer. */
    SilentAddresses silent() {
        return silent;
    }

    @Override
    public void close() {
        if (threads instanceof LookupThreads own) {
            own.close();
        }
        if (hosts != null) {
            hosts.close();
        }
    }
}
