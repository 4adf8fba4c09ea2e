package org.proxymachine.cli;

import java.io.PrintWriter;
import java.net.URLEncoder;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.concurrent.Callable;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;

/** Lists a daemon's sessions, says how one of them went, or closes some. */
@Command(
        name = "sessions",
        usageHelpAutoWidth = true,
        sortOptions = false,
        header = "List the sessions of a running daemon, say why one of them went where it did, or close some.",
        footer = {
            "",
            "  proxymachine sessions --backend app1:443",
            "  proxymachine sessions 4711",
            "  proxymachine sessions 4711 --close",
            "",
            "Exit codes: 0 done, 1 no answer or no such session, 2 usage."
        })
final class SessionsCommand implements Callable<Integer> {
    @Mixin
    EndpointOption endpoint = new EndpointOption();

    @Parameters(
            arity = "0..1",
            paramLabel = "ID",
            description =
                    "The number of one session, live or lately ended: every answer that the script gave, and when.")
    @Nullable
    Long id;

    @Option(names = "--backend", paramLabel = "ADDRESS", description = "Those that are sent there.")
    @Nullable
    String backend;

    @Option(names = "--state", paramLabel = "STATE", description = "Those in this state, such as connecting.")
    @Nullable
    String state;

    @Option(
            names = "--client",
            paramLabel = "TEXT",
            description = "Those whose client's address has this in it, or is in this network (2001:db8::/64).")
    @Nullable
    String client;

    @Option(names = "--ended", description = "The last that ended, too.")
    boolean ended;

    @Option(
            names = "--limit",
            paramLabel = "N",
            defaultValue = "1000",
            description = "At most so many (default: 1000).")
    int limit;

    @Option(names = "--close", description = "Close the session, or all of --backend.")
    boolean close;

    @Override
    public Integer call() {
        if (close) {
            if ((id == null) == (backend == null) || state != null || client != null) {
                throw endpoint.usage("--close needs the number of a session, or --backend, and nothing else");
            }
            return endpoint.ask("DELETE", path(), answer -> endpoint.out().println(answer.text("closed") + " closed"));
        }
        if (id != null && (backend != null || state != null || client != null || ended)) {
            throw endpoint.usage("the number of a session needs no other choice");
        }
        return endpoint.ask("GET", path(), id == null ? this::list : this::detail);
    }

    private String path() {
        if (id != null) {
            return "/sessions/" + id;
        }
        StringBuilder query = new StringBuilder("/sessions?limit=").append(limit);
        parameter(query, "backend", backend);
        parameter(query, "state", state);
        parameter(query, "client", client);
        return query.toString();
    }

    private static void parameter(StringBuilder query, String name, @Nullable String value) {
        if (value != null) {
            query.append('&').append(name).append('=').append(URLEncoder.encode(value, StandardCharsets.UTF_8));
        }
    }

    private void list(JsonObject answer) {
        Table table = new Table("ID:", "STATE", "CLIENT", "BACKEND", "AGE:", "UP:", "DOWN:", "TAG");
        List<JsonObject> all = new ArrayList<>(answer.objects("sessions"));
        if (ended) {
            all.addAll(answer.objects("ended"));
        }
        for (JsonObject each : all) {
            table.row(
                    each.text("id"),
                    each.has("reason") ? each.text("reason") : each.text("state"),
                    each.text("client"),
                    each.text("backend"),
                    each.time("age"),
                    each.size("bytes_up"),
                    each.size("bytes_down"),
                    each.text("tag"));
        }
        table.print(endpoint.out());
    }

    private void detail(JsonObject session) {
        PrintWriter out = endpoint.out();
        out.println("session " + session.text("id") + ", "
                + (session.has("reason") ? "ended: " + session.text("reason") : session.text("state")) + ", "
                + session.time("age") + " since " + session.text("started"));
        out.println("client  " + session.text("client") + (session.has("peer") ? " by " + session.text("peer") : "")
                + " to " + session.text("local"));
        out.println("backend " + session.text("backend")
                + (session.has("address") ? " at " + session.text("address") : ""));
        out.println("bytes   " + session.text("bytes_up") + " up, " + session.text("bytes_down") + " down");
        if (session.has("tag")) {
            out.println("tag     " + session.text("tag"));
        }
        out.println();
        Table table = new Table("AT:", "BYTES:", "ASKED", "TOOK:", "WHAT");
        List<JsonObject> steps = new ArrayList<>(session.objects("answers"));
        steps.addAll(session.objects("events"));
        steps.sort(Comparator.comparingDouble(each -> each.decimal("at")));
        for (JsonObject each : steps) {
            boolean answer = each.has("call");
            table.row(
                    each.time("at"),
                    answer ? each.text("bytes") : "",
                    answer ? each.text("call") : "",
                    answer ? each.time("took") : "",
                    answer ? each.text("decision") + times(each) : each.text("event"));
        }
        table.print(out);
        if (session.number("left_out") > 0) {
            out.println("(" + session.text("left_out") + " between these are left out)");
        }
    }

    private static String times(JsonObject answer) {
        return answer.number("times") > 1 ? " (" + answer.text("times") + " times)" : "";
    }
}
