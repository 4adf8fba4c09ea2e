package org.proxymachine.cli;

import java.io.IOException;
import java.nio.file.Path;
import java.util.Map;
import org.jspecify.annotations.Nullable;
import org.proxymachine.admin.AdminClient;
import picocli.CommandLine.Option;

/** The daemon that a command speaks to. */
final class EndpointOption extends CommonOption {
    private static final int OK = 200;
    private static final int REDIRECTION = 300;

    @Option(
            names = "--admin",
            paramLabel = "ADDRESS",
            converter = AdminAddressConverter.class,
            defaultValue = "${env:PROXYMACHINE_ADMIN:-unix:/run/proxymachine/admin.sock}",
            description = "The daemon's --admin address (default: $PROXYMACHINE_ADMIN, "
                    + "else unix:/run/proxymachine/admin.sock).")
    @Nullable
    ListenAddress address;

    @Option(
            names = "--token-file",
            paramLabel = "FILE",
            description = "The daemon's --admin-token-file; over a unix socket none is needed.")
    @Nullable
    Path tokenFile;

    @Option(names = "--json", description = "Print what the daemon answers, which is JSON.")
    boolean json;

    /** What to do with an answer that is as hoped for. */
    @FunctionalInterface
    interface Printer {
        void print(JsonObject answer);
    }

    /** Asks, prints, and returns the exit code. */
    int ask(String method, String path, Printer printer) {
        AdminClient.Answer answer;
        try {
            String token = tokenFile == null ? null : TokenFile.read(tokenFile);
            if (address == null) {
                throw new IllegalStateException("it has a default");
            }
            try (AdminClient client = new AdminClient(address.resolve(), token)) {
                answer = client.ask(method, path);
            }
        } catch (IOException e) {
            Main.complain(String.valueOf(e.getMessage()));
            return ExitCode.FAILED;
        }
        boolean good = answer.status() >= OK && answer.status() < REDIRECTION;
        if (json) {
            out().print(answer.text());
            out().flush();
        } else if (answer.json() instanceof Map<?, ?> object) {
            JsonObject read = new JsonObject(object);
            if (good) {
                printer.print(read);
                out().flush();
            } else {
                Main.complain(read.text("error"));
            }
        } else {
            Main.complain("expected a daemon's answer at " + address + ", was something else");
            return ExitCode.FAILED;
        }
        return good ? ExitCode.DRAINED : ExitCode.FAILED;
    }
}
