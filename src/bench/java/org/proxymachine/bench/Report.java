package org.proxymachine.bench;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Set;

/** Writes what was measured: {@code report.md} for people, {@code figures.json} for programs, and the charts. */
final class Report {
    private final Figures figures;
    private final List<Contestant> contestants;
    private final List<Measurement> measurements;
    private final String command;
    private final String date;
    private final String commit;

    Report(
            Figures figures,
            List<Contestant> contestants,
            List<Measurement> measurements,
            String command,
            String date,
            String commit) {
        this.figures = figures;
        this.contestants = contestants;
        this.measurements = measurements;
        this.command = command;
        this.date = date;
        this.commit = commit;
    }

    void write(Path directory) throws IOException {
        Files.writeString(directory.resolve("report.md"), markdown());
        Files.writeString(directory.resolve("figures.json"), json());
        for (Row row : figures.rows()) {
            Files.writeString(directory.resolve(row.id() + ".svg"), Chart.bars(row, figures));
        }
        Files.writeString(directory.resolve("overview.svg"), Chart.overview(figures, names()));
    }

    private List<String> names() {
        return contestants.stream().map(Contestant::name).toList();
    }

    private String markdown() throws IOException {
        StringBuilder text = new StringBuilder("# Benchmark\n\n");
        text.append(date)
                .append(", commit ")
                .append(commit)
                .append(", `")
                .append(command)
                .append("`, on ")
                .append(Machine.describe())
                .append(".\n\n");
        text.append("Median of the rounds (least–greatest). The proxies share processor ")
                .append(Field.PROXY)
                .append(", load and backends processor ")
                .append(Field.LOAD)
                .append("; in each round each contestant has its turn.\n\n![Overview](overview.svg)\n\n");
        for (Contestant contestant : contestants) {
            text.append("- `")
                    .append(contestant.name())
                    .append("`: ")
                    .append(contestant.version())
                    .append('\n');
        }
        bars(text);
        table(text);
        text.append("\n## How\n\n");
        for (Measurement measurement : measurements) {
            text.append("- `")
                    .append(measurement.id())
                    .append("`: ")
                    .append(measurement.method())
                    .append(".\n");
        }
        return text.toString();
    }

    private void bars(StringBuilder text) {
        for (String ours : names()) {
            List<Bars.Verdict> verdicts = ours.startsWith(Contestants.OURS) ? Bars.judge(figures, ours) : List.of();
            if (verdicts.isEmpty()) {
                continue;
            }
            text.append("\n## Bars: ").append(ours).append("\n\n| figure | bar | measured | |\n|---|---|---|---|\n");
            for (Bars.Verdict verdict : verdicts) {
                text.append("| %s | %s | %s | %s |\n"
                        .formatted(
                                verdict.what(),
                                verdict.bar(),
                                verdict.measured(),
                                verdict.met() ? "met" : "**missed**"));
            }
        }
    }

    private void table(StringBuilder text) {
        Set<String> columns = new LinkedHashSet<>(names());
        text.append("\n## Figures\n\n| figure | unit |");
        columns.forEach(name -> text.append(' ').append(name).append(" |"));
        text.append("\n|---|---|").append("---:|".repeat(columns.size())).append('\n');
        for (Row row : figures.rows()) {
            text.append("| ")
                    .append(row.title())
                    .append(" | ")
                    .append(row.unit())
                    .append(" |");
            columns.forEach(
                    name -> text.append(' ').append(figures.cell(row, name)).append(" |"));
            text.append('\n');
        }
    }

    private String json() throws IOException {
        Json json = new Json();
        json.open()
                .field("date", date)
                .field("commit", commit)
                .field("command", command)
                .field("machine", Machine.describe());
        json.key("contestants").open();
        contestants.forEach(contestant -> json.field(contestant.name(), contestant.version()));
        json.close().key("figures").open();
        for (Row row : figures.rows()) {
            json.key(row.id())
                    .open()
                    .field("title", row.title())
                    .field("unit", row.unit())
                    .key("values")
                    .open();
            for (String name : figures.contestants(row.id())) {
                json.field(name, figures.values(row.id(), name));
            }
            json.close().close();
        }
        return json.close().close().text();
    }
}
