package org.proxymachine.cli;

import java.nio.file.Path;
import org.proxymachine.route.Router;
import org.proxymachine.script.ScriptLoader;
import picocli.CommandLine.Option;

/** The script that a command is about. */
final class ScriptOption extends CommonOption {
    @Option(
            names = {"-c", "--config"},
            required = true,
            paramLabel = "FILE",
            description = "The routing script.")
    Path config = Path.of("");

    /** @throws org.proxymachine.route.RoutingException in one line, if it cannot be used */
    Router load() {
        return SlowLoad.watched(() -> new ScriptLoader(config).load());
    }
}
