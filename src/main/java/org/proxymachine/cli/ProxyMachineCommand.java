package org.proxymachine.cli;

import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Objects;
import java.util.concurrent.Callable;
import org.jspecify.annotations.Nullable;
import org.proxymachine.address.Network;
import org.proxymachine.observe.AccessFormat;
import org.proxymachine.session.KeepAlive;
import org.proxymachine.session.Limits;
import org.proxymachine.session.NameResolver;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.ParameterException;
import picocli.CommandLine.Spec;

/** The command line. */
@Command(
        name = "proxymachine",
        versionProvider = Version.class,
        sortOptions = false,
        usageHelpAutoWidth = true,
        header = "A content-aware TCP proxy whose routing is a Groovy script.",
        synopsisHeading = "%nUsage: ",
        optionListHeading = "%nOptions:%n",
        commandListHeading = "%nCommands, each with --help of its own:%n",
        footer = {
            "",
            "Signals: QUIT stops accepting and waits for all connections; TERM and INT wait for",
            "--shutdown-timeout, a second one cuts at once; HUP reloads the script and opens the",
            "access log anew; USR1 and USR2 do nothing.",
            "Exit codes: 0 drained, 1 could not run or cut connections, 2 usage, 3 the script,",
            "4 out of memory.",
            "Arguments may also stand in a file: proxymachine @FILE",
            "",
            "Durations: 30, 2.5, 500ms, 5m, 1h, 7d (a bare number is seconds).",
            "Sizes: 65536, 64k, 1m."
        })
final class ProxyMachineCommand implements Callable<Integer> {
    private static final String DEFAULT_HOST = "0.0.0.0";
    private static final int DEFAULT_PORT = 5_432;

    @Option(
            names = {"-c", "--config"},
            required = true,
            paramLabel = "FILE",
            description = "The routing script.")
    Path config = Path.of("");

    @Option(
            names = {"-h", "--host"},
            paramLabel = "HOST",
            description = "The address to listen on, v4 or v6, or unix:/path (default: 0.0.0.0).")
    @Nullable
    String host;

    @Option(
            names = {"-p", "--port"},
            paramLabel = "PORT",
            description = "The port to listen on; 0 picks a free one (default: 5432).")
    @Nullable
    Integer port;

    @Option(
            names = "--listen",
            paramLabel = "ADDRESS",
            converter = ListenConverter.class,
            description =
                    "Another address to listen on: host:port, [v6]:port or unix:/path. May be given more than once; "
                            + "without -h and -p these are all.")
    List<ListenAddress> listen = new ArrayList<>();

    @Option(
            names = "--reuse-port",
            description = "Share the TCP addresses with others of this user that do so, too (SO_REUSEPORT), and take "
                    + "--pid-file over: for an upgrade without loss.")
    boolean reusePort;

    @Option(
            names = "--socket-mode",
            paramLabel = "MODE",
            defaultValue = "0660",
            converter = ModeConverter.class,
            description = "The mode of unix sockets, which says who may connect (default: ${DEFAULT-VALUE}).")
    int socketMode;

    @Option(
            names = "--accept-proxy",
            paramLabel = "NETWORK",
            split = ",",
            converter = NetworkConverter.class,
            description =
                    "Clients of these networks, such as 10.0.0.0/8, must begin with a PROXY header (version 1 or 2), "
                            + "which is believed.")
    List<Network> acceptProxy = new ArrayList<>();

    @Option(
            names = "--route-timeout",
            paramLabel = "TIME",
            defaultValue = "30",
            converter = DurationConverter.class,
            description = "A client must be routed within this time from its accept (default: ${DEFAULT-VALUE}).")
    Duration routeTimeout = Duration.ZERO;

    @Option(
            names = "--resolve-ttl",
            paramLabel = "TIME",
            defaultValue = "30",
            converter = DurationConverter.class,
            description = {
                "How long the addresses of a backend's name are kept; 0 asks for each connect. That a name has none is "
                        + "kept for 5 s at most, and a name is asked for anew when nobody could be connected to at its addresses",
                "(default: ${DEFAULT-VALUE})."
            })
    Duration resolveTtl = NameResolver.DEFAULT_TTL;

    @Option(
            names = "--max-preread",
            paramLabel = "SIZE",
            defaultValue = "64k",
            converter = SizeConverter.class,
            description = "Bytes buffered for a client that is not routed yet (default: ${DEFAULT-VALUE}).")
    int maxPreread;

    @Option(
            names = "--max-connections",
            paramLabel = "N",
            description = "Clients at a time (default: what the limit on open files and half of the heap allow).")
    @Nullable
    Integer maxConnections;

    @Option(
            names = "--max-connections-per-ip",
            paramLabel = "N",
            description = "Clients of one address, or one IPv6 /64, at a time; more are closed (default: no limit).")
    @Nullable
    Integer maxConnectionsPerIp;

    @Option(
            names = "--max-rate-per-ip",
            paramLabel = "N",
            description =
                    "Connections a second from one address, or one IPv6 /64; more are closed (default: no limit).")
    @Nullable
    Integer maxRatePerIp;

    @Option(
            names = "--max-connections-per-backend",
            paramLabel = "N",
            description =
                    "Connections to one destination at a time; more wait in order, for as long as their decision's "
                            + "connect_timeout, or 30 seconds (default: no limit).")
    @Nullable
    Integer maxConnectionsPerBackend;

    @Option(
            names = "--keepalive",
            paramLabel = "IDLE,INTERVAL,COUNT",
            defaultValue = "60s,15s,4",
            converter = KeepAliveConverter.class,
            description = "TCP keep-alive on both sides of sessions older than 10 seconds, or off "
                    + "(default: ${DEFAULT-VALUE}).")
    @Nullable
    KeepAlive keepAlive;

    @Option(
            names = "--shutdown-timeout",
            paramLabel = "TIME",
            defaultValue = "10",
            converter = DurationConverter.class,
            description = "How long TERM and INT wait for connections (default: ${DEFAULT-VALUE}).")
    Duration shutdownTimeout = Duration.ZERO;

    @Option(
            names = "--cache",
            paramLabel = "DIR",
            description = "Where compiled scripts are kept (default: $CACHE_DIRECTORY, "
                    + "else $XDG_CACHE_HOME/proxymachine, else ~/.cache/proxymachine).")
    @Nullable
    Path cache;

    @Option(names = "--no-cache", description = "Compile the script at each start.")
    boolean noCache;

    @Option(
            names = "--record",
            paramLabel = "DIR",
            description = "Keep the first bytes of connections, and their decisions, as cases for proxymachine test.")
    @Nullable
    Path record;

    @Option(
            names = "--record-last",
            paramLabel = "N",
            defaultValue = "10000",
            description = "Of so many connections, the last (default: ${DEFAULT-VALUE}).")
    int recordLast;

    @Option(
            names = "--name",
            paramLabel = "NAME",
            description = "What ps shows this daemon as (default: the script's name, without .groovy).")
    @Nullable
    String name;

    @Option(
            names = "--pid-file",
            paramLabel = "FILE",
            description = "While it listens, this file has the pid to send signals to.")
    @Nullable
    Path pidFile;

    @Option(
            names = "--access-log",
            paramLabel = "FILE",
            description = "Write a line per session there, in place of the log: to a file, which HUP opens anew, "
                    + "- for standard output, or syslog.")
    @Nullable
    String accessLog;

    @Option(
            names = "--access-log-format",
            paramLabel = "FORMAT",
            converter = AccessFormatConverter.class,
            description = "text (HAProxy's names), or json (nginx's) (default: text).")
    @Nullable
    AccessFormat accessLogFormat;

    @Mixin
    AdminOptions admin = new AdminOptions();

    @Option(
            names = {"-q", "--quiet"},
            description = "Log no line per session; warnings stay.")
    boolean quiet;

    @Option(
            names = {"-v", "--verbose"},
            description = "Log each change of state, and stack traces with errors.")
    boolean verbose;

    @Option(names = "--help", usageHelp = true, description = "Print this help and exit.")
    boolean help;

    @Option(names = "--version", versionHelp = true, description = "Print the version and exit.")
    boolean version;

    @Spec
    @Nullable
    CommandSpec spec;

    @Override
    public Integer call() {
        require(!routeTimeout.isZero(), "--route-timeout: expected more than 0");
        require(
                maxConnections == null || maxConnections > 0,
                "--max-connections: expected 1 or more, was " + maxConnections);
        limits();
        require(recordLast > 0, "--record-last: expected 1 or more, was " + recordLast);
        require(
                accessLogFormat == null || accessLog != null,
                "--access-log-format makes no sense without --access-log");
        require(admin.isOn() || admin.tokenFile == null, "--admin-token-file makes no sense without --admin");
        return new Daemon(this, listeners()).run();
    }

    /** Whether it says where to listen. */
    boolean listensByItself() {
        return host != null || port != null || !listen.isEmpty();
    }

    /** Returns what this daemon is called. */
    String name() {
        return name != null ? name : String.valueOf(config.getFileName()).replaceFirst("\\.groovy$", "");
    }

    /** Returns what clients may take. */
    Limits limits() {
        return new Limits(
                routeTimeout,
                maxPreread,
                limit("--max-connections-per-ip", maxConnectionsPerIp),
                limit("--max-rate-per-ip", maxRatePerIp),
                limit("--max-connections-per-backend", maxConnectionsPerBackend));
    }

    private int limit(String name, @Nullable Integer number) {
        require(number == null || number > 0, name + ": expected 1 or more, was " + number);
        return number == null ? 0 : number;
    }

    /** Returns where to listen. */
    List<ListenAddress> listeners() {
        List<ListenAddress> all = new ArrayList<>();
        if (listen.isEmpty() || host != null || port != null) {
            all.add(hostAndPort());
        }
        all.addAll(listen);
        return all;
    }

    private ListenAddress hostAndPort() {
        String address = host != null ? host : DEFAULT_HOST;
        int number = port != null ? port : DEFAULT_PORT;
        require(number >= 0 && number <= 65_535, "--port: expected a number from 0 to 65535, was " + number);
        boolean unix = address.startsWith(ListenAddress.UNIX);
        require(!unix || port == null, "--port makes no sense together with --host " + address);
        try {
            return new ListenAddress(address, unix ? 0 : number);
        } catch (IllegalArgumentException e) {
            throw wrong("--host: " + e.getMessage());
        }
    }

    private void require(boolean holds, String otherwise) {
        if (!holds) {
            throw wrong(otherwise);
        }
    }

    private ParameterException wrong(String problem) {
        return new ParameterException(
                Objects.requireNonNull(spec, "set by picocli").commandLine(), problem);
    }
}
