package org.proxymachine.cli;

import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;

/** Has a daemon end with its last session. */
@Command(
        name = "drain",
        usageHelpAutoWidth = true,
        header = "Have a running daemon accept no more clients, and end with the last session, as QUIT does.",
        footer = {"", "Exit codes: 0 done, 1 no answer, 2 usage."})
final class DrainCommand implements Callable<Integer> {
    @Mixin
    EndpointOption endpoint = new EndpointOption();

    @Override
    public Integer call() {
        return endpoint.ask(
                "POST", "/drain", answer -> endpoint.out().println("no new clients; it ends with the last session"));
    }
}
