package org.proxymachine.cli;

import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;

/** Has a daemon load its script anew. */
@Command(
        name = "reload",
        usageHelpAutoWidth = true,
        header = "Have a running daemon load its script anew, and say whether it did.",
        footer = {"", "Exit codes: 0 done, 1 no answer, or the old script stays in force, 2 usage."})
final class ReloadCommand implements Callable<Integer> {
    @Mixin
    EndpointOption endpoint = new EndpointOption();

    @Override
    public Integer call() {
        return endpoint.ask(
                "POST", "/reload", answer -> endpoint.out().println("reloaded in " + answer.time("seconds")));
    }
}
