package org.proxymachine.cli;

import java.io.PrintWriter;
import java.nio.file.Path;
import org.jspecify.annotations.Nullable;
import org.proxymachine.route.Router;
import org.proxymachine.script.ScriptLoader;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.ParameterException;
import picocli.CommandLine.Spec;

/** The script that a command is about. */
final class ScriptOption {
    @Option(
            names = {"-c", "--config"},
            required = true,
            paramLabel = "FILE",
            description = "The routing script.")
    Path config = Path.of("");

    @Option(names = "--help", usageHelp = true, description = "Print this help and exit.")
    boolean help;

    @Spec(Spec.Target.MIXEE)
    @Nullable
    CommandSpec spec;

    private CommandSpec spec() {
        if (spec == null) {
            throw new IllegalStateException("a command is run by picocli, which sets this");
        }
        return spec;
    }

    /** Returns where the command prints. */
    PrintWriter out() {
        return spec().commandLine().getOut();
    }

    /** Returns what to throw where the command line makes no sense. */
    ParameterException usage(@Nullable String problem) {
        return new ParameterException(spec().commandLine(), String.valueOf(problem));
    }

    /** @throws org.proxymachine.route.RoutingException in one line, if it cannot be used */
    Router load() {
        return new ScriptLoader(config).load();
    }
}
