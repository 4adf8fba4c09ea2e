package org.proxymachine.cli;

import java.util.concurrent.Callable;
import org.proxymachine.proof.Answer;
import org.proxymachine.proof.CaseRunner;
import org.proxymachine.proof.Conversation;
import org.proxymachine.route.Router;
import org.proxymachine.route.RoutingException;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;

/** Says whether a script can be used. */
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
        Router router = script.load();
        // One byte, which any client may send: what goes wrong then would go wrong in the daemon.
        Conversation conversation = new Conversation(router, CaseRunner.client(null));
        conversation.hear(new byte[1]);
        for (Answer each : conversation.answers()) {
            if (each.failure() != null) {
                throw new RoutingException(each.failure(), null);
            }
        }
        script.out().println(script.config + ": OK");
        return ExitCode.DRAINED;
    }
}
