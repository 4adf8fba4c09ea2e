package org.proxymachine.cli;

import java.io.IOException;
import java.net.BindException;
import java.net.SocketAddress;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Option;

/** Where the daemon can be asked how it is, and who may tell it what to do. */
final class AdminOptions {
    @Option(
            names = "--admin",
            paramLabel = "ADDRESS",
            converter = AdminAddressConverter.class,
            description = "Answer at this address with a status page, metrics for Prometheus, and sessions: a port of "
                    + "127.0.0.1, host:port, [v6]:port or unix:/path. May be given more than once (default: nowhere).")
    List<ListenAddress> addresses = new ArrayList<>();

    @Option(
            names = "--admin-token-file",
            paramLabel = "FILE",
            description = "Let those change something over TCP who send the token in this file, which others may not "
                    + "read. Without it changes are for the unix socket.")
    @Nullable
    Path tokenFile;

    boolean isOn() {
        return !addresses.isEmpty();
    }

    /** @throws BindException if there is no such name, with one line that says so */
    List<SocketAddress> resolve() throws BindException {
        List<SocketAddress> all = new ArrayList<>();
        for (ListenAddress each : addresses) {
            all.add(each.resolve());
        }
        return all;
    }

    /** @throws IOException if the file cannot be used, with one line that says why */
    @Nullable
    String token() throws IOException {
        return tokenFile == null ? null : TokenFile.read(tokenFile);
    }
}
