package org.proxymachine.bench;

import java.nio.file.Files;
import java.nio.file.Path;
import java.time.LocalDate;
import java.time.ZoneOffset;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.Callable;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine;
import picocli.CommandLine.Command;
import picocli.CommandLine.Option;

/** Measures this proxy and its peers in turn. What {@code bin/benchmark} starts. */
@Command(
        name = "benchmark",
        mixinStandardHelpOptions = true,
        usageHelpAutoWidth = true,
        sortOptions = false,
        description = "Measures ProxyMachine, HAProxy (native and Lua) and nginx (njs) in turn on this machine.")
public final class Benchmark implements Callable<Integer> {
    @Option(
            names = "--only",
            split = ",",
            paramLabel = "NAME",
            description = "Only these: short, kept, latency, bulk, memory, calls, start, allocation, parsers.")
    List<String> only = List.of();

    @Option(names = "--rounds", paramLabel = "N", description = "Rounds (default: 5; 3 with --quick).")
    int rounds;

    @Option(names = "--quick", description = "Shorter rounds, for a first look.")
    boolean quick;

    @Option(
            names = "--java",
            split = ",",
            paramLabel = "HOME",
            description = "Measure ProxyMachine on this Java as well.")
    List<String> javas = List.of();

    @Option(
            names = "--checkout",
            split = ",",
            paramLabel = "DIR",
            description = "Measure the ProxyMachine of this other checkout as well, as before a change.")
    List<Path> checkouts = List.of();

    @Option(
            names = "--compare",
            paramLabel = "DIR",
            description = {
                "Only tell whether this checkout costs more than this other one, such as the one before a change: rows short,",
                "kept, bulk, memory and calls, as ratios with their intervals of 95 %."
            })
    @Nullable
    Path compared;

    @Option(
            names = "--starts",
            paramLabel = "N",
            defaultValue = "8",
            description = "With --compare: start both anew so often, for --rounds (default: 3) rounds each.")
    int starts;

    @Option(
            names = "--baseline",
            paramLabel = "DIR",
            description = {
                "Measure the ProxyMachine of this checkout in place of this one's, and write the figures, its commit and the",
                "machine to src/bench/results/baseline.json, once: a file that is there stays."
            })
    @Nullable
    Path baseline;

    @Option(names = "--watched", description = "Measure ProxyMachine with its access log and metrics as well.")
    boolean watched;

    @Option(names = "--home", hidden = true, description = "The checkout.")
    Path home = Path.of("");

    /** Runs the command. */
    public static void main(String[] arguments) {
        System.exit(new CommandLine(new Benchmark())
                .setExecutionExceptionHandler((e, command, parsed) -> {
                    System.err.println("benchmark: " + e);
                    return 1;
                })
                .execute(arguments));
    }

    @Override
    public Integer call() throws Exception {
        if (Machine.processors() < 2) {
            throw new IllegalStateException("two processors are needed: one for the proxies, one for the load");
        }
        Path output = home.resolve("target/benchmark").toAbsolutePath();
        Files.createDirectories(output);
        Path other = compared;
        if (other != null) {
            return compare(other, output);
        }
        Path kept = home.resolve("src/bench/results/baseline.json");
        if (baseline != null && Files.exists(kept)) {
            throw new IllegalStateException(kept + " is there: a baseline is written once");
        }
        Figures figures = new Figures();
        Path measured = baseline != null ? baseline : home;
        List<Contestant> contestants =
                new Contestants(home.toAbsolutePath(), measured.toAbsolutePath()).all(javas, checkouts, watched);
        List<Measurement> measurements = measurements();
        try (Field field = new Field(Files.createTempDirectory("benchmark"))) {
            // Interrupted, too, it leaves nothing behind.
            Runtime.getRuntime().addShutdownHook(new Thread(field::close));
            for (Measurement measurement : measurements) {
                measure(measurement, field, contestants, figures);
                field.clear();
            }
        }
        Report report = new Report(
                figures,
                contestants,
                measurements,
                command(),
                LocalDate.now(ZoneOffset.UTC).toString(),
                Shell.run("git", "-C", measured.toAbsolutePath().toString(), "rev-parse", "HEAD")
                        .strip());
        report.write(output);
        if (baseline != null) {
            Files.copy(output.resolve("figures.json"), kept);
        }
        System.out.println("benchmark: the report is in " + output.resolve("report.md"));
        System.out.println();
        System.out.print(Files.readString(output.resolve("report.md")));
        return 0;
    }

    private int compare(Path other, Path output) throws Exception {
        List<Contestant> pair = new Contestants(home.toAbsolutePath()).pair(other);
        Comparison comparison = new Comparison(pair.get(0), pair.get(1), starts, rounds > 0 ? rounds : 3);
        try (Field field = new Field(Files.createTempDirectory("benchmark"))) {
            Runtime.getRuntime().addShutdownHook(new Thread(field::close));
            for (Measurement measurement : chosen(brief())) {
                comparison.run(measurement, field);
                field.clear();
            }
        }
        String text = "%s, on %s.%n%n%s".formatted(command(), Machine.describe(), comparison.markdown());
        Files.writeString(output.resolve("comparison.md"), text);
        System.out.print(text);
        return 0;
    }

    /** Short slots: what counts is how many there are. */
    private static List<Measurement> brief() {
        return List.of(
                HttpLoad.shortConnections(1, 2),
                HttpLoad.keptAlive(1, 2),
                new Bulk("down", 1, 2_000),
                new Bulk("up", 1, 2_000),
                new Memory(8_000),
                new SystemCalls());
    }

    private List<Measurement> measurements() {
        int seconds = quick ? 2 : 5;
        int warmUp = quick ? 3 : 5;
        long megabytes = quick ? 2_000 : 5_000;
        List<Measurement> all = List.of(
                HttpLoad.shortConnections(seconds, warmUp),
                HttpLoad.keptAlive(seconds, warmUp),
                new OpenLoop(seconds, warmUp),
                new Bulk("down", 1, megabytes),
                new Bulk("up", 1, megabytes),
                new Bulk("down", 8, megabytes),
                new Bulk("up", 8, megabytes),
                new Memory(8_000),
                new SystemCalls(),
                new StartUp(),
                new SpliceAllocation(),
                new ParserCost());
        return chosen(all);
    }

    private List<Measurement> chosen(List<Measurement> all) {
        List<Measurement> chosen = new ArrayList<>();
        for (Measurement measurement : all) {
            if (only.isEmpty() || only.stream().anyMatch(name -> isNamed(measurement, name))) {
                chosen.add(measurement);
            }
        }
        if (chosen.isEmpty()) {
            throw new IllegalArgumentException("--only: nothing is named " + only);
        }
        return chosen;
    }

    private static boolean isNamed(Measurement measurement, String name) {
        return measurement.id().equals(name) || measurement.id().startsWith(name + "-");
    }

    private void measure(Measurement measurement, Field field, List<Contestant> contestants, Figures figures)
            throws Exception {
        List<Contestant> taking = measurement.contestants(contestants);
        for (Contestant contestant : taking) {
            progress(measurement, "warm-up", contestant);
            measurement.warmUp(field, contestant);
        }
        int count = measurement.rounds(rounds > 0 ? rounds : quick ? 3 : 5);
        for (int round = 1; round <= count; round++) {
            for (Contestant contestant : taking) {
                progress(measurement, "round " + round + " of " + count, contestant);
                measurement.measure(field, contestant, figures);
            }
        }
    }

    private static void progress(Measurement measurement, String stage, Contestant contestant) {
        System.err.printf("benchmark: %-12s %-14s %s%n", measurement.id(), stage, contestant.name());
    }

    private String command() {
        return "bin/benchmark"
                + (only.isEmpty() ? "" : " --only " + String.join(",", only))
                + (rounds > 0 ? " --rounds " + rounds : "")
                + (quick ? " --quick" : "")
                + (javas.isEmpty() ? "" : " --java …")
                + (checkouts.isEmpty() ? "" : " --checkout …")
                + (compared != null ? " --compare …" : "")
                + (baseline != null ? " --baseline …" : "")
                + (watched ? " --watched" : "");
    }
}
