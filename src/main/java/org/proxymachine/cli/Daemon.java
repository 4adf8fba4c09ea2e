package org.proxymachine.cli;

import ch.qos.logback.classic.Level;
import ch.qos.logback.core.joran.spi.JoranException;
import java.io.IOException;
import java.net.BindException;
import java.net.SocketAddress;
import java.nio.channels.ServerSocketChannel;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.function.Consumer;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;
import org.proxymachine.address.Addresses;
import org.proxymachine.admin.About;
import org.proxymachine.admin.Admin;
import org.proxymachine.admin.Control;
import org.proxymachine.observe.AccessFormat;
import org.proxymachine.observe.AccessLog;
import org.proxymachine.observe.RecordingListener;
import org.proxymachine.observe.SessionListeners;
import org.proxymachine.observe.SessionLog;
import org.proxymachine.observe.StoppedLog;
import org.proxymachine.proof.RecordedCases;
import org.proxymachine.proof.Recorder;
import org.proxymachine.reactor.Clock;
import org.proxymachine.reactor.StallWatch;
import org.proxymachine.route.Router;
import org.proxymachine.route.RoutingException;
import org.proxymachine.script.ScriptCache;
import org.proxymachine.script.ScriptLoader;
import org.proxymachine.server.Counts;
import org.proxymachine.server.HeapLimit;
import org.proxymachine.server.OpenFiles;
import org.proxymachine.server.Server;
import org.proxymachine.server.ServerOptions;
import org.proxymachine.service.PassedSockets;
import org.proxymachine.service.PidFile;
import org.proxymachine.service.ProcessTitle;
import org.proxymachine.service.Systemd;
import org.proxymachine.session.NameResolver;
import org.proxymachine.session.SessionListener;
import org.proxymachine.session.SessionReport;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** One run of the daemon, from its options to its exit code. */
final class Daemon {
    private static final Logger LOG = LoggerFactory.getLogger("proxymachine");

    /** A turn of the loop that takes longer is reported. */
    private static final Duration STALL = Duration.ofSeconds(1);

    /** How often what others are told of the connections there are may change. */
    private static final Duration COUNTS_INTERVAL = Duration.ofSeconds(1);

    private final long pid = PidFile.pid(System.getenv());
    private final @Nullable Systemd systemd = Systemd.of(System.getenv(), pid);
    private final ProxyMachineCommand options;
    private final List<ListenAddress> listeners;
    private final ScriptLoader scripts;
    private final Reloads reloads = new Reloads(this::load, this::use, new Reported());
    private final @Nullable Admin admin;
    private @Nullable Recorder recorder;
    private @Nullable AccessLog accessLog;
    private @Nullable String token;
    private @Nullable Server server;
    private @Nullable StuckLoop stuckLoop;
    private boolean listens;
    private final List<Runnable> held = new ArrayList<>();
    private boolean reloadWanted;
    private boolean stopping;

    Daemon(ProxyMachineCommand options, List<ListenAddress> listeners) {
        this.options = options;
        this.listeners = listeners;
        this.scripts = new ScriptLoader(options.config, cache(options));
        this.admin = options.admin.isOn() ? new Admin(InstantSource.system()) : null;
    }

    private static @Nullable ScriptCache cache(ProxyMachineCommand options) {
        Path directory = options.cache != null ? options.cache : CacheDirectory.of(System.getenv());
        return options.noCache || directory == null ? null : new ScriptCache(directory);
    }

    int run() {
        NameResolver.keepAnswersHereAlone();
        try (systemd) {
            return supervised();
        }
    }

    private int supervised() {
        setLevels();
        // Before anything that takes time: a signal that comes while the script compiles must find its handler.
        handleSignals();
        Runtime.getRuntime().addShutdownHook(new Thread(Daemon::exited, "exit"));
        Router router;
        try {
            if (options.pidFile != null && !options.reusePort) {
                PidFile.check(options.pidFile, pid);
            }
        } catch (IOException e) {
            return fail(ExitCode.FAILED, "--pid-file: " + e.getMessage(), e);
        }
        try {
            accessLog = accessLog(options);
        } catch (IOException e) {
            return fail(ExitCode.FAILED, "--access-log: " + e.getMessage(), e);
        }
        try {
            token = options.admin.token();
        } catch (IOException e) {
            return fail(ExitCode.FAILED, "--admin-token-file: " + e.getMessage(), e);
        }
        try {
            recorder = recorder(options);
            router = loadAtStart();
        } catch (IOException e) {
            return fail(ExitCode.FAILED, "--record: " + e.getMessage(), e);
        } catch (RoutingException e) {
            return fail(ExitCode.SCRIPT, String.valueOf(e.getMessage()), e);
        }
        try {
            return listening(router);
        } finally {
            // Where it came to no server that does it.
            router.unload().finish();
        }
    }

    private int listening(Router router) {
        try {
            // Before the server, whose clients would be lost if this failed.
            if (admin != null) {
                admin.listen(options.admin.resolve(), token, options.reusePort);
            }
        } catch (IOException e) {
            return fail(ExitCode.FAILED, "--admin: " + e.getMessage(), e);
        }
        try (admin;
                Server started = start(router)) {
            return serve(started);
        } catch (BindException e) {
            return fail(ExitCode.FAILED, String.valueOf(e.getMessage()), e);
        } catch (IOException e) {
            return fail(ExitCode.FAILED, "cannot start: " + e, e);
        }
    }

    private void handleSignals() {
        LostSignals lost = new LostSignals(System.getenv());
        Signals.handle("TERM", lost.watched("TERM", 2, this::stop));
        Signals.handle("INT", this::stop);
        Signals.handle("HUP", lost.watched("HUP", 1, this::hup));
        // Last: the launcher sends nothing before this one is in place.
        Signals.handle("USR1", lost.watched("USR1", 1, this::drain));
    }

    // We end by halt, without hooks: so somebody else exits.
    private static void exited() {
        for (StackTraceElement[] stack : Thread.getAllStackTraces().values()) {
            String line = ScriptLoader.line(stack);
            if (line != null
                    && Arrays.stream(stack)
                            .anyMatch(frame -> frame.getMethodName().equals("exit"))) {
                LOG.error("ended by the script, which calls System.exit at {}", line);
                Main.exit(ExitCode.FAILED);
            }
        }
    }

    private void tellSystemd(Consumer<Systemd> news) {
        if (systemd != null) {
            news.accept(systemd);
        }
    }

    private static @Nullable Recorder recorder(ProxyMachineCommand options) throws IOException {
        return options.record == null ? null : new Recorder(new RecordedCases(options.record, options.recordLast));
    }

    private static @Nullable AccessLog accessLog(ProxyMachineCommand options) throws IOException {
        AccessFormat format = options.accessLogFormat;
        return options.accessLog == null
                ? null
                : AccessLog.to(options.accessLog, format != null ? format : AccessFormat.TEXT);
    }

    private Router loadAtStart() {
        return SlowLoad.watched(this::load);
    }

    private Router load() {
        Router router;
        try {
            router = scripts.load();
        } finally {
            restoreLog();
        }
        if (recorder != null) {
            router = recorder.of(router);
        }
        return admin == null ? router : admin.watch(router);
    }

    private SessionListener listener() {
        List<SessionListener> listeners = new ArrayList<>();
        if (accessLog == null) {
            listeners.add(new SessionLog());
        } else {
            listeners.add(SessionLog.withoutEnds());
            listeners.add(accessLog);
        }
        if (recorder != null) {
            listeners.add(new RecordingListener(recorder));
        }
        if (admin != null) {
            listeners.addAll(admin.listeners());
        }
        return SessionListeners.of(listeners);
    }

    private void restoreLog() {
        try {
            if (StoppedLog.restore()) {
                setLevels();
                LOG.error("the script stopped the log, whose lines were lost since; it is written again");
            }
        } catch (JoranException e) {
            Main.complain("the script stopped the log, which cannot be set up again: " + e.getMessage());
        }
    }

    private void setLevels() {
        if (options.verbose) {
            setLevel(Logger.ROOT_LOGGER_NAME, Level.DEBUG);
        }
        if (options.quiet) {
            setLevel(SessionLog.LOGGER, Level.WARN);
        }
    }

    private static void setLevel(String logger, Level level) {
        ((ch.qos.logback.classic.Logger) LoggerFactory.getLogger(logger)).setLevel(level);
    }

    private Server start(Router router) throws IOException {
        List<SocketAddress> addresses = new ArrayList<>();
        List<ServerSocketChannel> passed = PassedSockets.of(System.getenv(), pid);
        if (passed.isEmpty() || options.listensByItself()) {
            for (ListenAddress each : listeners) {
                addresses.add(each.resolve());
            }
        }
        int connections = maxConnections();
        int byOpenFiles = byOpenFiles();
        if (connections > byOpenFiles) {
            LOG.warn(
                    "--max-connections {} needs more open files than the limit: it allows {}",
                    connections,
                    byOpenFiles);
        }
        int byHeap = HeapLimit.connections();
        if (connections > byHeap) {
            LOG.warn(
                    "--max-connections {} needs more memory than the heap may take: it allows {} (JAVA_OPTS=-Xmx…)",
                    connections,
                    byHeap);
        }
        ServerOptions serverOptions = new ServerOptions(
                addresses, options.socketMode, options.reusePort, options.acceptProxy, options.limits(), connections);
        listens();
        Server started =
                new Server(serverOptions, router, listener(), Clock.system(), new NameResolver(options.resolveTtl));
        started.keepAlive(options.keepAlive);
        for (ServerSocketChannel each : passed) {
            started.listenOn(each);
        }
        return started;
    }

    private int maxConnections() {
        return options.maxConnections != null
                ? options.maxConnections
                : Math.min(byOpenFiles(), HeapLimit.connections());
    }

    private int byOpenFiles() {
        return OpenFiles.connections(Admin.descriptors(options.admin.addresses.size()));
    }

    private int serve(Server started) {
        LOG.info(
                "proxymachine {} routes by {} on {}, at most {} connections, pid {}",
                Version.number(),
                options.config,
                formatted(started.addresses()),
                maxConnections(),
                pid);
        PidFile pidFile;
        try {
            pidFile = pidFile();
        } catch (IOException e) {
            return fail(ExitCode.FAILED, "--pid-file: " + e.getMessage(), e);
        }
        try (pidFile;
                ProcessTitle title = ProcessTitle.open()) {
            StuckLoop stuck =
                    new StuckLoop(started, Thread.currentThread(), this::flush, () -> abandon(started, pidFile));
            publish(started, stuck);
            answer(started);
            observe(started, title);
            return watched(started, stuck);
        }
    }

    private void answer(Server started) {
        if (admin == null) {
            return;
        }
        AccessLog log = accessLog;
        admin.serve(
                started,
                new About(
                        Version.number(),
                        options.name(),
                        pid,
                        options.config.toString(),
                        Instant.now(),
                        System.nanoTime(),
                        maxConnections(),
                        log == null ? () -> 0 : log::dropped),
                new Control() {
                    @Override
                    public void drain() {
                        Daemon.this.drain();
                    }

                    @Override
                    public @Nullable String reload() {
                        return reloads.reload().join();
                    }

                    @Override
                    public boolean reloadHangs() {
                        return reloads.isHanging();
                    }
                });
        if (!admin.addresses().isEmpty()) {
            LOG.info("admin endpoint on {}", formatted(admin.addresses()));
        }
    }

    private static String formatted(List<SocketAddress> addresses) {
        return addresses.stream().map(Addresses::format).collect(Collectors.joining(", "));
    }

    private @Nullable PidFile pidFile() throws IOException {
        if (options.pidFile == null) {
            return null;
        }
        return options.reusePort ? PidFile.takeOver(options.pidFile, pid) : PidFile.claim(options.pidFile, pid);
    }

    private void observe(Server started, @Nullable ProcessTitle title) {
        List<Consumer<Counts>> watchers = new ArrayList<>();
        if (title != null) {
            String first = Addresses.format(started.addresses().get(0));
            String fixed = "proxymachine " + Version.number() + " - " + options.name() + " " + first + " - ";
            watchers.add(counts -> title.set(fixed + counts + " conns"));
        }
        if (systemd != null) {
            watchers.add(counts -> systemd.status(counts + " conns"));
            Duration interval = systemd.watchdogInterval();
            if (interval != null) {
                new Heartbeat(started.reactor(), interval, systemd::alive);
            }
        }
        if (!watchers.isEmpty()) {
            started.watchCounts(COUNTS_INTERVAL, counts -> watchers.forEach(each -> each.accept(counts)));
        }
    }

    private int watched(Server started, StuckLoop stuck) {
        StallWatch watch = new StallWatch(
                started.reactor(), Thread.currentThread(), STALL, new LongTurns(started::router, this::beatMeanwhile));
        try (watch) {
            tellSystemd(Systemd::ready);
            int cut = started.run();
            stuck.over();
            flush(List.of());
            if (cut > 0) {
                LOG.warn("stopped, {} connections cut", cut);
                return ExitCode.FAILED;
            }
            LOG.info("stopped, all connections served");
            return ExitCode.DRAINED;
        }
    }

    private void beatMeanwhile() {
        if (systemd != null && systemd.watchdogInterval() != null) {
            systemd.alive();
        }
    }

    private void flush(List<SessionReport> cut) {
        SessionListener ends = accessLog != null ? accessLog : new SessionLog();
        cut.forEach(ends::closed);
        // Each in its time: either may wait for somebody else.
        if (accessLog != null) {
            accessLog.close();
        }
        if (recorder != null) {
            recorder.close();
        }
    }

    /** Ends the process although its loop goes on, and leaves no file that a next one would have to step over. */
    private void abandon(Server started, @Nullable PidFile pidFile) {
        started.removeFiles();
        if (admin != null) {
            admin.removeFiles();
        }
        if (pidFile != null) {
            pidFile.close();
        }
        Main.exit(ExitCode.FAILED);
    }

    private synchronized void listens() {
        listens = true;
    }

    private synchronized void publish(Server started, StuckLoop stuck) {
        server = started;
        stuckLoop = stuck;
        held.forEach(Runnable::run);
        if (reloadWanted) {
            hup();
        }
    }

    private synchronized void drain() {
        if (isHeld(this::drain)) {
            return;
        }
        whenServing(Server::drain);
        followUp(StuckLoop::report);
    }

    private synchronized void stop() {
        if (isHeld(this::stop)) {
            return;
        }
        whenServing(s -> s.stop(options.shutdownTimeout));
        followUp(stopping ? StuckLoop::endAtOnce : stuck -> stuck.end(options.shutdownTimeout));
        stopping = true;
    }

    /** Once it listens clients may have come, and until it serves them a signal waits; a third one does not. */
    private boolean isHeld(Runnable signal) {
        return listens && server == null && held.size() < 2 && held.add(signal);
    }

    private synchronized void followUp(Consumer<StuckLoop> action) {
        if (stuckLoop != null) {
            action.accept(stuckLoop);
        }
    }

    /** Does this with the server; before there is one nothing has been accepted, and the process can just end. */
    private synchronized void whenServing(Consumer<Server> action) {
        Server serving = server;
        if (serving != null) {
            LOG.info("stopping: no new connections");
            tellSystemd(Systemd::stopping);
            action.accept(serving);
        } else {
            LOG.info("stopped before it started");
            Main.exit(ExitCode.DRAINED);
        }
    }

    private synchronized void hup() {
        Server serving = server;
        if (serving == null) {
            reloadWanted = true;
        } else {
            if (accessLog != null) {
                accessLog.reopen();
            }
            reloads.request();
        }
    }

    private synchronized void use(Router router) {
        Server serving = server;
        if (serving != null) {
            serving.reload(router);
        }
    }

    private final class Reported implements Reloads.Listener {
        @Override
        public void begun() {
            tellSystemd(Systemd::reloading);
        }

        @Override
        public void ended(@Nullable String problem, long millis) {
            if (problem == null) {
                LOG.info("reloaded {} in {} ms", options.config, millis);
            } else {
                LOG.error("not reloaded, the old script stays in force: {}", problem);
            }
            if (admin != null) {
                admin.reloaded(problem);
            }
            tellSystemd(Systemd::ready);
        }
    }

    private int fail(int code, String problem, Exception cause) {
        Main.complain(problem);
        if (options.verbose) {
            Main.trace(cause);
        }
        return code;
    }
}
