package org.proxymachine.cli;

import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;

/** Says whether a script can be used: whether the daemon would take it. */
@Command(
        name = "check",
        usageHelpAutoWidth = true,
        header = "Compile the script, have it register its blocks, and call it once.",
        footer = {"", "Prints OK, or file, line, column and what is wrong. Exit codes: 0 OK, 2 usage, 3 the script."})
final class CheckCommand implements Callable<Integer> {
    @Mixin
    ScriptOption script = new ScriptOption();

    @Override
    public Integer call() {
        script.load().unload().finish();
        script.out().println(script.config + ": OK");
        return ExitCode.DRAINED;
    }
}
