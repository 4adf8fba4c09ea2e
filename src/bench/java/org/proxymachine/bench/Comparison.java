package org.proxymachine.bench;

import java.util.ArrayList;
import java.util.List;
import java.util.Random;
import java.util.stream.IntStream;

/**
 * Two checkouts against each other, in rounds so short that a machine that changes changes under both. A round is ABBA or
 * BAAB, by lot: what rises or falls steadily meanwhile cancels out. Two processes of one program differ as well, by what
 * their compilers made of it, so both are started anew several times, and a start counts as one measurement.
 */
final class Comparison {
    private final Contestant ours;
    private final Contestant other;
    private final int starts;
    private final int rounds;
    private final List<Line> lines = new ArrayList<>();
    private final Random lot = new Random(1);

    /**
     * @param starts how often both are started anew
     * @param rounds how many each time
     */
    Comparison(Contestant ours, Contestant other, int starts, int rounds) {
        this.ours = ours;
        this.other = other;
        this.starts = starts;
        this.rounds = rounds;
    }

    private record Line(Row row, Interval interval, double median, double otherMedian) {}

    /** Measures all rows of this. */
    void run(Measurement measurement, Field field) throws Exception {
        run(measurement.id(), measurement.roundsPerStart(rounds), new Slots() {
            @Override
            public void warmUp(Contestant contestant) throws Exception {
                measurement.warmUp(field, contestant);
            }

            @Override
            public void measure(Contestant contestant, Figures into) throws Exception {
                measurement.measure(field, contestant, into);
            }

            @Override
            public void restart() {
                field.clear();
            }
        });
    }

    /** What is done with one contestant at a time. */
    interface Slots {
        void warmUp(Contestant contestant) throws Exception;

        void measure(Contestant contestant, Figures into) throws Exception;

        void restart();
    }

    void run(String id, int each, Slots slots) throws Exception {
        Figures measured = new Figures();
        for (int start = 1; start <= starts; start++) {
            slots.restart();
            for (Contestant contestant : List.of(ours, other)) {
                progress(id, start, "warm-up " + contestant.name());
                slots.warmUp(contestant);
            }
            for (int round = 1; round <= each; round++) {
                progress(id, start, "round " + round);
                round(slots, measured);
            }
        }
        for (Row row : measured.rows()) {
            lines.add(line(row, measured, each * 2));
        }
    }

    private void progress(String id, int start, String what) {
        System.err.printf("benchmark: %-12s start %d of %d, %s%n", id, start, starts, what);
    }

    private void round(Slots slots, Figures measured) throws Exception {
        boolean first = lot.nextBoolean();
        for (boolean mine : new boolean[] {first, !first, !first, first}) {
            slots.measure(mine ? ours : other, measured);
        }
    }

    private Line line(Row row, Figures all, int values) {
        List<Double> mine = all.values(row.id(), ours.name());
        List<Double> theirs = all.values(row.id(), other.name());
        return new Line(row, Interval.of(ratios(mine, theirs, values)), Figures.median(mine), Figures.median(theirs));
    }

    /** Returns the ratio of the means of each start, of which there are so many values on either side. */
    static List<Double> ratios(List<Double> ours, List<Double> theirs, int values) {
        return IntStream.range(0, ours.size() / values)
                .mapToObj(start -> sum(ours, start, values) / sum(theirs, start, values))
                .toList();
    }

    private static double sum(List<Double> all, int start, int values) {
        return all.subList(start * values, (start + 1) * values).stream()
                .mapToDouble(value -> value)
                .sum();
    }

    /** Returns the table for people. */
    String markdown() {
        StringBuilder text = new StringBuilder(
                "| figure | unit | %s | %s | ratio (95 %%) | excludes 1.00 | excludes 1.02 | so it is |\n|---|---|---:|---:|---|---|---|---|\n"
                        .formatted(ours.name(), other.name()));
        for (Line line : lines) {
            text.append("| %s | %s | %s | %s | %s | %s | %s | %s |\n"
                    .formatted(
                            line.row.title(),
                            line.row.unit(),
                            line.row.format(line.median),
                            line.row.format(line.otherMedian),
                            line.interval,
                            word(line.interval.excludes(1)),
                            word(line.interval.excludes(Interval.TOLERATED)),
                            line.interval.verdict()));
        }
        return text.append(
                        "\nEach of %d starts of both processes counts once; a start has %d rounds in the order ABBA or BAAB, by lot.\n"
                                .formatted(starts, rounds))
                .toString();
    }

    private static String word(boolean excludes) {
        return excludes ? "yes" : "no";
    }
}
