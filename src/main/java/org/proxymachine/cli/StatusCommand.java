package org.proxymachine.cli;

import java.io.PrintWriter;
import java.util.Comparator;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;

/** Says how a daemon is. */
@Command(
        name = "status",
        usageHelpAutoWidth = true,
        header = "Print how a running daemon is: its sessions, its backends, and why sessions ended.",
        footer = {"", "Exit codes: 0 it answered, 1 it did not, 2 usage."})
final class StatusCommand implements Callable<Integer> {
    @Mixin
    EndpointOption endpoint = new EndpointOption();

    @Override
    public Integer call() {
        return endpoint.ask("GET", "/status", this::print);
    }

    private void print(JsonObject status) {
        PrintWriter out = endpoint.out();
        JsonObject sessions = status.object("sessions");
        out.println("proxymachine " + status.text("version") + " - " + status.text("name") + ", pid "
                + status.text("pid") + ", " + status.text("state") + ", up " + status.time("uptime"));
        out.println("listens on   " + String.join(", ", status.texts("listen")));
        out.println("routes by    " + status.text("script"));
        out.println("sessions     " + sessions.text("current") + " now, " + sessions.text("highest") + " at most, of "
                + sessions.text("limit") + "; " + sessions.text("total") + " so far");
        JsonObject bytes = status.object("bytes");
        out.println("clients      sent " + bytes.size("from_clients") + ", got " + bytes.size("to_clients"));
        JsonObject loop = status.object("loop");
        out.println("loop         "
                + (loop.decimal("stuck") > 0
                        ? "stuck for " + loop.time("stuck") + " at " + loop.text("at")
                        : loop.time("lag") + " late"));
        JsonObject script = status.object("script_time");
        if (script.number("calls") > 0) {
            out.println("script       " + Units.time(script.decimal("seconds") / script.number("calls")) + " a call");
        }
        JsonObject reload = status.object("reload");
        if (reload.has("problem")) {
            out.println("not reloaded " + reload.text("last") + ": " + reload.text("problem"));
        }
        reasons(status.object("reasons"), out);
        backends(status, out);
    }

    private static void reasons(JsonObject reasons, PrintWriter out) {
        Table table = new Table("ENDED", "SESSIONS:");
        reasons.members().keySet().stream()
                .map(String::valueOf)
                .filter(each -> reasons.number(each) > 0)
                .sorted(Comparator.comparingLong(reasons::number).reversed())
                .forEach(each -> table.row(JsonObject.shown(each), reasons.text(each)));
        out.println();
        table.print(out);
    }

    private static void backends(JsonObject status, PrintWriter out) {
        Table table = new Table("BACKEND", "NOW:", "SO FAR:", "FAILED:", "CONNECT:", "FIRST BYTE:", "UP:", "DOWN:");
        for (JsonObject each : status.objects("backends")) {
            table.row(
                    each.text("backend"),
                    each.text("current"),
                    each.text("total"),
                    each.text("failed"),
                    each.time("connect"),
                    each.time("first_byte"),
                    each.size("bytes_up"),
                    each.size("bytes_down"));
        }
        out.println();
        table.print(out);
    }
}
