package org.proxymachine.bench;

import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.Locale;

/** What the figures have to reach: a share of what the best peer needs, or a value. */
final class Bars {
    private static final List<String> PEERS =
            List.of(Contestants.HAPROXY, Contestants.HAPROXY_LUA, Contestants.NGINX_NJS);
    private static final List<String> SCRIPTED = List.of(Contestants.HAPROXY_LUA, Contestants.NGINX_NJS);
    private static final List<String> NATIVE = List.of(Contestants.HAPROXY);

    private static final List<Bar> ALL = List.of(
            new Share("short.cpu", 0.95, SCRIPTED),
            new Share("short.cpu", 1.05, NATIVE),
            new Share("short.p99", 1.00, PEERS),
            new AtMost("calls.short", 28),
            new Share("kept.cpu", 0.95, PEERS),
            new Share("kept.p99", 1.00, PEERS),
            new Share("latency.p99-total", 1.00, PEERS),
            new Share("bulk-down-1.cpu", 0.75, PEERS),
            new Share("bulk-up-1.cpu", 0.75, PEERS),
            new Share("bulk-down-8.cpu", 0.75, PEERS),
            new Share("bulk-up-8.cpu", 0.75, PEERS),
            new AtMost("memory.idle", 100),
            new AtMost("memory.pair-collected", 2_000),
            new AtMost("start.second", 500));

    /** What it may cost to be watched. */
    private static final List<Bar> OF_WATCHED = List.of(new Share("short.cpu", 1.05, List.of(Contestants.OURS)));

    private Bars() {}

    /** A bar held against what was measured. */
    record Verdict(String what, String bar, String measured, boolean met) {}

    private sealed interface Bar {
        String rowId();

        Verdict judge(Row row, Figures figures, String ours);
    }

    /** At most this share of the best peer's, both of one round; the median of the rounds counts. */
    private record Share(String rowId, double share, List<String> peers) implements Bar {
        @Override
        public Verdict judge(Row row, Figures figures, String ours) {
            String best = peers.stream()
                    .filter(peer -> !figures.values(rowId, peer).isEmpty())
                    .min(java.util.Comparator.comparingDouble(peer -> figures.median(rowId, peer)))
                    .orElse(peers.get(0));
            List<Double> ratios = figures.ratios(rowId, ours, best);
            if (ratios.isEmpty()) {
                return new Verdict(row.title(), bar(best), "no peer was measured", false);
            }
            double median = Figures.median(ratios);
            return new Verdict(
                    row.title(),
                    bar(best),
                    String.format(
                            Locale.ROOT, "%.2f (%.2f–%.2f)", median, Collections.min(ratios), Collections.max(ratios)),
                    median <= share);
        }

        private String bar(String best) {
            return String.format(Locale.ROOT, "≤ %.2f × %s", share, best);
        }
    }

    /** At most this value; the median of the rounds counts. */
    private record AtMost(String rowId, double limit) implements Bar {
        @Override
        public Verdict judge(Row row, Figures figures, String ours) {
            return new Verdict(
                    row.title(),
                    "≤ " + row.format(limit) + " " + row.unit(),
                    figures.cell(row, ours),
                    figures.median(rowId, ours) <= limit);
        }
    }

    /** Returns the verdict on each bar whose row was measured of this contestant. */
    static List<Verdict> judge(Figures figures, String ours) {
        List<Verdict> verdicts = new ArrayList<>();
        for (Bar bar : ours.equals(Contestants.WATCHED) ? OF_WATCHED : ALL) {
            for (Row row : figures.rows()) {
                if (row.id().equals(bar.rowId())
                        && !figures.values(row.id(), ours).isEmpty()) {
                    verdicts.add(bar.judge(row, figures, ours));
                }
            }
        }
        return verdicts;
    }
}
