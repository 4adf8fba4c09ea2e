package org.proxymachine.admin;

import io.prometheus.metrics.model.registry.PrometheusRegistry;
import java.io.IOException;
import java.net.BindException;
import java.net.InetSocketAddress;
import java.net.SocketAddress;
import java.net.SocketException;
import java.net.UnixDomainSocketAddress;
import java.time.InstantSource;
import java.util.List;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.Executors;
import java.util.concurrent.ScheduledExecutorService;
import java.util.concurrent.ScheduledFuture;
import java.util.concurrent.TimeUnit;
import org.eclipse.jetty.server.AbstractConnector;
import org.eclipse.jetty.util.thread.QueuedThreadPool;
import org.jspecify.annotations.Nullable;
import org.proxymachine.address.Addresses;
import org.proxymachine.reactor.Exhaustion;
import org.proxymachine.route.Router;
import org.proxymachine.server.ListenError;
import org.proxymachine.server.OpenFiles;
import org.proxymachine.server.OwnSockets;
import org.proxymachine.server.Server;
import org.proxymachine.server.SocketFile;
import org.proxymachine.session.SessionListener;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * The admin endpoint of a daemon. Made before its server, of which it hears as a listener; then {@link #listen} and {@link #serve}.
 *
 * <p>Its threads are its own, and what they read needs none of the loop's.
 */
public final class Admin implements AutoCloseable {
    private static final Logger LOG = LoggerFactory.getLogger(Admin.class);

    /** Of the unix socket: who may open it may change things. */
    private static final int SOCKET_MODE = 0660;

    private static final long RETRY_MILLIS = 500;
    /** Of HTTP, at each address, where there are descriptors for them. */
    private static final int MAX_CONNECTIONS = 256;

    private static final int MIN_CONNECTIONS = 16;

    /** What Jetty has open for an address. */
    private static final int OWN_DESCRIPTORS = 16;

    /** Longer than what may come at once, so that nobody's SYN is dropped: the client would try again after a second. */
    private static final int BACKLOG = 1_024;

    private static final long MAX_UNTAKEN_BYTES = 16 << 20;
    private static final int MAX_THREADS = 8;

    /** There from the start, for later the system may give none. */
    private static final int MIN_THREADS = 2;

    /** Longer than all that {@link Connections} allows. */
    private static final long IDLE_MILLIS = TimeUnit.SECONDS.toMillis(150);

    private final InstantSource wall;
    private final Sessions sessions;
    private final PrometheusRegistry registry = new PrometheusRegistry();
    private final Metrics metrics = new Metrics(registry);
    private final ScheduledExecutorService sampler = Executors.newSingleThreadScheduledExecutor(Admin::thread);
    private final List<SocketFile> files = new CopyOnWriteArrayList<>();
    private final List<SocketAddress> addresses = new CopyOnWriteArrayList<>();
    private final OwnSockets own = new OwnSockets();
    private @Nullable AdminHandler handler;
    private int connections = MAX_CONNECTIONS;
    private volatile @Nullable Watched daemon;
    private org.eclipse.jetty.server.@Nullable Server http;

    /** Somebody else listens there, in words that tell of it. */
    private static final class AddressInUseException extends BindException {
        private static final long serialVersionUID = 1L;

        AddressInUseException(String message) {
            super(message);
        }
    }

    /** An endpoint that tells people when things happened by this clock. Nothing that it measures depends on it. */
    public Admin(InstantSource wall) {
        this.wall = wall;
        this.sessions = new Sessions(wall);
    }

    private static Thread thread(Runnable work) {
        Thread thread = new Thread(work, "admin-history");
        thread.setDaemon(true);
        return thread;
    }

    /** Returns those that have to hear of sessions, in the order in which they have to. */
    public List<SessionListener> listeners() {
        return List.of(sessions, metrics);
    }

    /** Returns a router that answers as this one, and is watched. */
    public Router watch(Router router) {
        return new WatchedRouter(router, sessions, metrics);
    }

    /** Notes that the script was loaded anew, or why it was not. */
    public void reloaded(@Nullable String problem) {
        Watched watched = daemon;
        if (watched != null) {
            watched.reloaded(new Reloads(wall.instant(), problem));
        }
    }

    /**
     * Listens at these addresses; {@link #serve} answers.
     *
     * @param token for changes over TCP; null for none
     * @param patient whether to wait for addresses that are in use, as by a daemon that this one follows
     * @throws IOException if an address cannot be listened on, with one line that says which and why
     */
    public void listen(List<SocketAddress> where, @Nullable String token, boolean patient) throws IOException {
        connections = maxConnections(where.size());
        org.eclipse.jetty.server.Server jetty = new org.eclipse.jetty.server.Server(threads(where.size()));
        http = jetty;
        jetty.setStopAtShutdown(false);
        AdminHandler answering = new AdminHandler(new Access(token));
        handler = answering;
        jetty.setHandler(answering);
        jetty.setErrorHandler(new Errors());
        try {
            jetty.start();
        } catch (Exception e) {
            throw new IOException(e);
        }
        for (SocketAddress each : where) {
            try {
                listen(jetty, each);
            } catch (AddressInUseException e) {
                if (!patient) {
                    throw e;
                }
                LOG.warn("{} is in use; the admin endpoint takes it once it is free", Addresses.format(each));
                awaitAddress(jetty, each);
            }
        }
    }

    /** Returns how many descriptors it takes for so many addresses. */
    public static int descriptors(int addresses) {
        return addresses == 0 ? 0 : addresses * (maxConnections(addresses) + OWN_DESCRIPTORS);
    }

    // An eighth of the descriptors at most, but for a few.
    private static int maxConnections(int addresses) {
        long share = OpenFiles.limit() / 8 / Math.max(1, addresses);
        return (int) Math.max(MIN_CONNECTIONS, Math.min(MAX_CONNECTIONS, share));
    }

    private void awaitAddress(org.eclipse.jetty.server.Server jetty, SocketAddress address) {
        ScheduledFuture<?> waiting = sampler.schedule(
                () -> {
                    try {
                        listen(jetty, address);
                        LOG.info("admin endpoint on {}", Addresses.format(address));
                    } catch (AddressInUseException e) {
                        awaitAddress(jetty, address);
                    } catch (IOException e) {
                        LOG.error("--admin: {}", e.getMessage());
                    }
                },
                RETRY_MILLIS,
                TimeUnit.MILLISECONDS);
        LOG.debug("waiting: {}", waiting);
    }

    /** Answers from here on. */
    public void serve(Server server, About about, Control control) {
        Watched watched = new Watched(about, server, sessions, metrics, new LoopLag(server.reactor(), metrics));
        daemon = watched;
        Gauges.register(registry, watched);
        server.keepFrom(own);
        History history = new History(watched, wall);
        AdminHandler answering = handler;
        if (answering != null) {
            answering.open(new Queries(watched, history, registry), new Changes(watched, control));
        }
        long interval = History.INTERVAL.toNanos();
        ScheduledFuture<?> sampling =
                sampler.scheduleAtFixedRate(() -> sample(history), interval, interval, TimeUnit.NANOSECONDS);
        LOG.debug("sampling: {}", sampling);
    }

    // What it threw would end the sampling, and nobody would know.
    private static void sample(History history) {
        try {
            history.sample();
        } catch (RuntimeException e) {
            LOG.error("unexpected: {}", e.toString(), e);
        } catch (OutOfMemoryError e) {
            Exhaustion.endThread(e);
        }
    }

    // Each address has a thread that selects, and one that accepts.
    private static QueuedThreadPool threads(int addresses) {
        QueuedThreadPool threads = new AdminThreads(MAX_THREADS + 2 * addresses, MIN_THREADS + 2 * addresses);
        threads.setName("admin");
        threads.setDaemon(true);
        threads.setReservedThreads(0);
        return threads;
    }

    private void listen(org.eclipse.jetty.server.Server jetty, SocketAddress address) throws IOException {
        try {
            if (address instanceof UnixDomainSocketAddress unix) {
                files.add(SocketFile.bind(unix.getPath(), SOCKET_MODE, inside -> {
                    start(jetty, new UnixConnector(jetty, inside, BACKLOG, new HttpFactory()));
                }));
                listens(address);
            } else if (address instanceof InetSocketAddress inet) {
                TcpConnector connector = new TcpConnector(jetty, BACKLOG, new HttpFactory());
                connector.setHost(inet.getAddress().getHostAddress());
                connector.setPort(inet.getPort());
                start(jetty, connector);
                listens(new InetSocketAddress(inet.getAddress(), connector.getLocalPort()));
            }
        } catch (IOException e) {
            // Jetty's own message is the address alone.
            String reason = ListenError.reason(e instanceof SocketException || e.getCause() == null ? e : e.getCause());
            String problem = "cannot listen on " + Addresses.format(address) + ": " + reason;
            throw reason.equals("Address already in use")
                    ? new AddressInUseException(problem)
                    : new IOException(problem, e);
        }
    }

    private void listens(SocketAddress address) {
        addresses.add(address);
        own.add(address);
    }

    private void start(org.eclipse.jetty.server.Server jetty, AbstractConnector connector) throws IOException {
        connector.setIdleTimeout(IDLE_MILLIS);
        // One for each address: strangers on one must not keep an operator from another.
        connector.addBean(new Connections(
                connections,
                Math.min(MAX_UNTAKEN_BYTES, Runtime.getRuntime().maxMemory() / 32),
                connector.getScheduler()));
        jetty.addConnector(connector);
        try {
            connector.start();
            // Has its thread start now.
            connector.getScheduler().schedule(() -> {}, 0, TimeUnit.MILLISECONDS);
        } catch (Exception e) {
            jetty.removeConnector(connector);
            throw e instanceof IOException io ? io : new IOException(e);
        }
    }

    /** Returns the addresses listened on, with the ports that were picked. */
    public List<SocketAddress> addresses() {
        return List.copyOf(addresses);
    }

    /** Removes the files of unix sockets, which the end of the process would leave. */
    public void removeFiles() {
        files.forEach(SocketFile::remove);
    }

    /** Ends it: nobody is waited for. */
    @Override
    public void close() {
        sampler.shutdownNow();
        removeFiles();
        org.eclipse.jetty.server.Server jetty = http;
        if (jetty != null) {
            jetty.setStopTimeout(0);
            try {
                jetty.stop();
            } catch (Exception e) {
                // It ends with the process.
            }
        }
    }
}
