package org.proxymachine.server;

import java.io.IOException;
import java.net.BindException;
import java.net.InetAddress;
import java.net.SocketAddress;
import java.nio.channels.ServerSocketChannel;
import java.nio.channels.SocketChannel;
import java.nio.channels.UnsupportedAddressTypeException;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.ConcurrentModificationException;
import java.util.IdentityHashMap;
import java.util.List;
import java.util.Set;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicLong;
import java.util.function.Consumer;
import java.util.function.Predicate;
import org.jspecify.annotations.Nullable;
import org.proxymachine.address.Addresses;
import org.proxymachine.reactor.BufferPool;
import org.proxymachine.reactor.Clock;
import org.proxymachine.reactor.Reactor;
import org.proxymachine.reactor.Timer;
import org.proxymachine.route.Client;
import org.proxymachine.route.Router;
import org.proxymachine.session.AddressLimits;
import org.proxymachine.session.BackendPlaces;
import org.proxymachine.session.CloseReason;
import org.proxymachine.session.KeepAlive;
import org.proxymachine.session.KeepAliveSweep;
import org.proxymachine.session.Limits;
import org.proxymachine.session.NameResolver;
import org.proxymachine.session.OwnAddresses;
import org.proxymachine.session.Session;
import org.proxymachine.session.SessionContext;
import org.proxymachine.session.SessionListener;
import org.proxymachine.session.SessionReport;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * A listening proxy: accepts clients into sessions until it is told to stop. One thread calls {@link #run}; the other
 * public methods may be called from any.
 */
public final class Server implements AutoCloseable {
    private static final Logger LOG = LoggerFactory.getLogger(Server.class);
    private static final long WARN_NANOS = TimeUnit.SECONDS.toNanos(10);

    private enum Phase {
        RUNNING,
        /** Waits for the sessions there are, as long as it takes. */
        DRAINING,
        /** Waits for them until a deadline. */
        STOPPING
    }

    private final ServerOptions options;
    private final Reactor reactor;
    private final NameResolver resolver;
    private final SessionContext context;
    // By identity: no entry object per session.
    private final IdentityHashMap<Session, Load> sessions = new IdentityHashMap<>();
    private final Set<Load> loads = ConcurrentHashMap.newKeySet();
    private final List<Listener> listeners = new ArrayList<>();
    private final Timer shutdown;
    private @Nullable CountsWatch counts;
    private @Nullable KeepAliveSweep keepAlive;
    private final OwnSockets listened = new OwnSockets();
    private OwnSockets admin = new OwnSockets();
    private volatile Current current;
    private volatile Phase phase = Phase.RUNNING;
    private volatile boolean served;
    private int listening;
    private final AtomicLong turnedAway = new AtomicLong();
    private long warnedNanos;
    private long lastId;
    private int cut;
    private long shedAtBytes;
    private long shedNanos;

    /** The router for new clients, and its load. */
    private record Current(Router router, Load load) {}

    /**
     * Binds and listens: the kernel accepts from here on, and {@link #run} serves.
     *
     * @throws BindException if an address cannot be listened on, with one line that says which and why
     * @throws IOException if the system has no descriptors left
     */
    public Server(
            ServerOptions options, Router router, SessionListener sessionListener, Clock clock, NameResolver resolver)
            throws IOException {
        this.options = options;
        this.current = current(router);
        this.resolver = resolver;
        initialiseClosing();
        this.reactor = new Reactor(clock, options.maxBufferBytes());
        this.context = new SessionContext(
                reactor,
                options.limits(),
                resolver,
                sessionListener,
                options::isProxy,
                addressLimits(options),
                options.limits().maxPerBackend() == 0
                        ? null
                        : new BackendPlaces(options.limits().maxPerBackend()),
                new Own(),
                this::shed,
                sessions::size,
                this::reaped);
        this.shutdown = reactor.timer(this::cutAll);
        this.keepAlive = new KeepAliveSweep(reactor, KeepAlive.DEFAULT, sessions.keySet());
        try {
            for (SocketAddress address : options.addresses()) {
                listeners.add(listen(address));
            }
            listening = listeners.size();
            listeners.forEach(listener -> listened.add(listener.address()));
        } catch (IOException | RuntimeException e) {
            listeners.forEach(Listener::close);
            reactor.close();
            throw e;
        }
    }

    /**
     * Listens on this socket, too, which somebody else has bound, and keeps. To be called before {@link #run}.
     *
     * @throws IOException if it is closed
     */
    public void listenOn(ServerSocketChannel passed) throws IOException {
        Listener listener = new Listener(reactor, passed, options.limits().routeTimeout(), new Clients());
        listeners.add(listener);
        listened.add(listener.address());
        listening++;
    }

    private static @Nullable AddressLimits addressLimits(ServerOptions options) {
        Limits limits = options.limits();
        return limits.maxPerAddress() == 0 && limits.maxRatePerAddress() == 0
                ? null
                : new AddressLimits(
                        limits.maxPerAddress(),
                        limits.maxRatePerAddress(),
                        Math.max(AddressLimits.CAPACITY, options.maxConnections()));
    }

    private Listener listen(SocketAddress address) throws BindException {
        try {
            return new Listener(reactor, address, options, new Clients());
        } catch (IOException | UnsupportedOperationException | UnsupportedAddressTypeException e) {
            String problem = "cannot listen on " + Addresses.format(address) + ": " + ListenError.reason(e);
            throw (BindException) new BindException(problem).initCause(e);
        }
    }

    // On JDK 17 the first close, or the first look-up of a name, that happens while out of descriptors leaves classes
    // uninitialised, and no socket can ever be closed again: so have it behind us.
    private static void initialiseClosing() throws IOException {
        SocketChannel.open().close();
        InetAddress.getByName("localhost");
    }

    private final class Own implements OwnAddresses {
        @Override
        public @Nullable String at(SocketAddress remote) {
            return admin.have(remote) ? "admin endpoint" : listened.have(remote) ? "listener" : null;
        }

        @Override
        public @Nullable String reached(SocketAddress remote, SocketAddress local) {
            return admin.have(remote, local) ? "admin endpoint" : listened.have(remote, local) ? "listener" : null;
        }
    }

    private final class Clients implements Listener.Acceptor {
        @Override
        public boolean hasRoom() {
            return sessions.size() < options.maxConnections();
        }

        @Override
        public void accepted(SocketChannel channel, SocketAddress local) throws IOException {
            open(channel, local);
        }

        @Override
        public void turnedAway() {
            if (turnedAway.getAndIncrement() == 0 || reactor.nowNanos() - warnedNanos > WARN_NANOS) {
                warnedNanos = reactor.nowNanos();
                LOG.warn(
                        "full with {} connections, of which none has ended for {} s; closing those that wait ({} so far)",
                        sessions.size(),
                        options.limits().routeTimeout().toSeconds(),
                        turnedAway.get());
            }
        }

        @Override
        public void listenerClosed() {
            listening--;
            finishIfIdle();
        }
    }

    private void open(SocketChannel channel, SocketAddress local) throws IOException {
        Current now = current;
        Session session;
        try {
            channel.configureBlocking(false);
            Client client = new Client(++lastId, channel.getRemoteAddress(), local);
            session = new Session(context, now.router(), client, channel);
        } catch (IOException | RuntimeException e) {
            // Gone already, before its first look at us.
            channel.close();
            return;
        }
        sessions.put(session, now.load());
        now.load().clientCame();
        if (counts != null) {
            counts.opened();
        }
        if (keepAlive != null) {
            keepAlive.opened(session);
        }
        session.start();
    }

    private void reaped(Session session) {
        Load load = sessions.remove(session);
        if (load != null) {
            load.clientLeft();
            endIfOver(load);
        }
        if (keepAlive != null) {
            keepAlive.closed(session);
        }
        if (counts != null) {
            counts.closed();
        }
        listeners.forEach(Listener::resume);
        finishIfIdle();
    }

    private void finishIfIdle() {
        if (listening == 0 && sessions.isEmpty()) {
            reactor.stop();
        }
    }

    // The newest, and some more than there must be: to look for them takes a look at all.
    private void shed() {
        BufferPool pool = reactor.pool();
        long step = pool.maxHeldBytes() / 16;
        if (pool.heldBytes() < shedAtBytes) {
            shedAtBytes = Math.min(shedAtBytes, pool.heldBytes() + step);
            return;
        }
        List<Session> newest = new ArrayList<>(sessions.keySet());
        newest.sort(Comparator.comparingLong(Session::id).reversed());
        long enough = pool.maxHeldBytes() - step;
        int shed = 0;
        for (Session session : newest) {
            if (pool.heldBytes() <= enough) {
                break;
            }
            shed += session.shed() > 0 ? 1 : 0;
        }
        // Where all is held for clients that are connected, another look finds no more: not before as much has come
        // anew.
        shedAtBytes = pool.heldBytes() <= enough ? 0 : pool.heldBytes() + step;
        if (shed > 0 && (shedNanos == 0 || reactor.nowNanos() - shedNanos > WARN_NANOS)) {
            shedNanos = reactor.nowNanos();
            LOG.warn(
                    "clients that are not connected yet have the proxy hold {} bytes, at most: the newest are closed",
                    pool.maxHeldBytes());
        }
    }

    private void cutAll() {
        listeners.forEach(Listener::close);
        cut += close(session -> true, CloseReason.SHUTDOWN);
    }

    private int close(Predicate<Session> which, CloseReason why) {
        List<Session> chosen = sessions.keySet().stream().filter(which).toList();
        chosen.forEach(session -> session.cut(why));
        return chosen.size();
    }

    /** Closes the sessions that this holds for, because an operator wants it. Completes with their number. */
    public CompletableFuture<Integer> close(Predicate<Session> which) {
        CompletableFuture<Integer> closed = new CompletableFuture<>();
        reactor.execute(() -> closed.complete(close(which, CloseReason.ADMIN_CLOSE)));
        return closed;
    }

    /** Serves until a drain or stop is complete. Returns how many connections were cut. */
    public int run() {
        reactor.run();
        served = true;
        unload();
        return cut;
    }

    /** Whether all sessions have ended, and only scripts are unloaded, which takes some seconds at most. */
    public boolean hasServed() {
        return served;
    }

    /** Returns the addresses listened on, in the order of the options, with the ports that were picked. */
    public List<SocketAddress> addresses() {
        return listeners.stream().map(Listener::address).toList();
    }

    /**
     * Routes the clients from now on with this router; those that are here keep the one they came to, which is unloaded
     * when the last of them is gone.
     */
    public synchronized void reload(Router next) {
        Load before = current.load();
        current = current(next);
        reactor.execute(() -> {
            before.replace();
            endIfOver(before);
        });
    }

    private Current current(Router router) {
        Load load = new Load(router.unload());
        loads.add(load);
        return new Current(router, load);
    }

    private void endIfOver(Load load) {
        if (load.isOver()) {
            var unused = load.unload().begin().thenRun(() -> loads.remove(load));
        }
    }

    // All begin before one is waited for: together they take no longer than one may.
    private void unload() {
        loads.forEach(load -> load.unload().begin());
        loads.forEach(load -> load.unload().finish());
    }

    /** Returns the router for new clients. */
    public Router router() {
        return current.router();
    }

    /** Stops accepting, and ends when the last session does. What the kernel has accepted already is served. */
    public void drain() {
        reactor.execute(() -> stopAccepting(Phase.DRAINING));
    }

    /** Like {@link #drain}, but cuts what is left after this time; called again, cuts at once. */
    public void stop(Duration patience) {
        reactor.execute(() -> {
            if (phase == Phase.STOPPING) {
                cutAll();
                return;
            }
            shutdown.arm(reactor.after(patience));
            stopAccepting(Phase.STOPPING);
        });
    }

    /** Whether it accepts no more clients. */
    public boolean isDraining() {
        return phase != Phase.RUNNING;
    }

    private void stopAccepting(Phase next) {
        boolean first = phase == Phase.RUNNING;
        if (next.compareTo(phase) > 0) {
            phase = next;
        }
        if (first) {
            listeners.forEach(Listener::drain);
        }
    }

    /**
     * Tells this, on the reactor's thread, how many sessions there are whenever that changes, but no more often than
     * once in an interval. To be called before {@link #run}.
     */
    public void watchCounts(Duration interval, Consumer<Counts> watcher) {
        counts = new CountsWatch(reactor, interval, watcher);
    }

    /** Has idle peers probed by these times, or never. To be called before {@link #run}. */
    public void keepAlive(@Nullable KeepAlive times) {
        keepAlive = times == null ? null : new KeepAliveSweep(reactor, times, sessions.keySet());
    }

    /** Connects nobody to the admin endpoint's sockets either, whatever the router says. To be called before {@link #run}. */
    public void keepFrom(OwnSockets adminEndpoint) {
        admin = adminEndpoint;
    }

    /** Returns how many sessions there are. On the reactor's thread. */
    public int sessionCount() {
        return sessions.size();
    }

    /** Returns how many clients were closed without a session, as all were taken for too long. Any thread. */
    public long turnedAway() {
        return turnedAway.get();
    }

    /**
     * Returns what there is to say of all sessions, which end with the process as the loop is stuck. Any thread, while it is:
     * a loop that goes on after all ends them itself.
     */
    public List<SessionReport> cutByTheEnd() {
        List<SessionReport> reports = new ArrayList<>();
        try {
            sessions.keySet().forEach(session -> reports.add(session.report(CloseReason.SHUTDOWN)));
        } catch (ConcurrentModificationException e) {
            LOG.debug("the loop goes on: {}", e.toString());
        }
        reports.sort(Comparator.comparingLong(SessionReport::id));
        return reports;
    }

    /** Removes the files of unix sockets, which the end of the process would leave. Any thread. */
    public void removeFiles() {
        listeners.forEach(Listener::removeFile);
    }

    /** Returns the reactor, for those who watch it or have a task for it. */
    public Reactor reactor() {
        return reactor;
    }

    /** Frees what is left once {@link #run} has returned. */
    @Override
    public void close() throws IOException {
        listeners.forEach(Listener::close);
        reactor.close();
        resolver.close();
        unload();
    }
}
