package org.proxymachine.cli;

import java.io.PrintWriter;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.ParameterException;
import picocli.CommandLine.Spec;

/** What all commands have, and what they say through picocli. To be mixed in. */
abstract class CommonOption {
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
    final PrintWriter out() {
        return spec().commandLine().getOut();
    }

    /** Returns where the command says what is not its result. */
    final PrintWriter err() {
        return spec().commandLine().getErr();
    }

    /** Returns what to throw where the command line makes no sense. */
    final ParameterException usage(@Nullable String problem) {
        return new ParameterException(spec().commandLine(), String.valueOf(problem));
    }
}
