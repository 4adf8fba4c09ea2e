package org.proxymachine.bench;

import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.Locale;

/** Bar charts as SVG that stands alone: no script, no font of its own, legible on light and on dark. */
final class Chart {
    private static final int WIDTH = 720;
    private static final int LABEL = 190;
    private static final int LINE = 26;
    private static final int TOP = 44;

    private static final List<String> OVERVIEW = List.of(
            "short.cpu",
            "kept.cpu",
            "bulk-down-1.cpu",
            "bulk-up-1.cpu",
            "calls.short",
            "latency.p99-total",
            "memory.idle");

    private Chart() {}

    /** One bar a contestant, as long as its median, with a line from the least to the greatest value. */
    static String bars(Row row, Figures figures) {
        List<String> names = new ArrayList<>(figures.contestants(row.id()));
        double longest = names.stream()
                .mapToDouble(name -> Math.max(0, Collections.max(figures.values(row.id(), name))))
                .max()
                .orElse(1);
        StringBuilder svg = begin(row.title() + (row.unit().isEmpty() ? "" : ", " + row.unit()), names.size());
        for (int i = 0; i < names.size(); i++) {
            List<Double> values = figures.values(row.id(), names.get(i));
            bar(
                    svg,
                    names.get(i).startsWith(Contestants.OURS) ? "ours" : "peer",
                    i,
                    names.get(i),
                    Figures.median(values),
                    longest,
                    row.format(Figures.median(values)));
            whisker(svg, i, Collections.min(values), Collections.max(values), longest);
        }
        return svg.append("</svg>\n").toString();
    }

    /** Ours over the best peer's, for the rows that cost something: a bar shorter than the mark is cheaper. */
    static String overview(Figures figures, List<String> contestants) {
        List<Row> rows = figures.rows().stream()
                .filter(row -> OVERVIEW.contains(row.id()))
                .toList();
        StringBuilder svg = begin("ProxyMachine over the best peer (left of the line is cheaper)", rows.size());
        double longest = 1.25;
        for (int i = 0; i < rows.size(); i++) {
            String id = rows.get(i).id();
            double best = contestants.stream()
                    .filter(name -> !name.startsWith(Contestants.OURS))
                    .mapToDouble(name -> figures.median(id, name))
                    .filter(value -> !Double.isNaN(value))
                    .min()
                    .orElse(Double.NaN);
            double share = figures.median(id, Contestants.OURS) / best;
            if (!Double.isNaN(share)) {
                bar(
                        svg,
                        "ours",
                        i,
                        shortened(rows.get(i)),
                        Math.min(share, longest),
                        longest,
                        String.format(Locale.ROOT, "%.2f", share));
            }
        }
        double one = x(1, longest);
        svg.append("<line x1='%.1f' y1='%d' x2='%.1f' y2='%d' class='mark'/>\n"
                .formatted(one, TOP - 6, one, TOP + rows.size() * LINE));
        return svg.append("</svg>\n").toString();
    }

    private static String shortened(Row row) {
        return row.title().length() <= 26 ? row.title() : row.title().substring(0, 25) + "…";
    }

    private static StringBuilder begin(String title, int lines) {
        int height = TOP + lines * LINE + 14;
        return new StringBuilder("""
                        <svg xmlns='http://www.w3.org/2000/svg' viewBox='0 0 %1$d %2$d' width='%1$d' height='%2$d' role='img' aria-label='%3$s'>
                        <style>
                        text { font: 13px system-ui, sans-serif; fill: #24292f; }
                        .title { font-weight: 600; font-size: 15px; }
                        .ground { fill: #ffffff; }
                        .ours { fill: #1a7f37; }
                        .peer { fill: #8c959f; }
                        .whisker, .mark { stroke: #57606a; stroke-width: 1.5; }
                        .mark { stroke-dasharray: 4 3; }
                        @media (prefers-color-scheme: dark) {
                          text { fill: #e6edf3; }
                          .ground { fill: #0d1117; }
                          .ours { fill: #3fb950; }
                          .peer { fill: #6e7681; }
                          .whisker, .mark { stroke: #adbac7; }
                        }
                        </style>
                        <rect class='ground' width='%1$d' height='%2$d'/>
                        <text class='title' x='10' y='24'>%3$s</text>
                        """.formatted(WIDTH, height, escaped(title)));
    }

    private static void bar(
            StringBuilder svg, String kind, int line, String label, double value, double longest, String shown) {
        int y = TOP + line * LINE;
        double end = x(Math.max(0, value), longest);
        svg.append("<text x='10' y='%d'>%s</text>%n".formatted(y + 14, escaped(label)));
        svg.append("<rect class='%s' x='%d' y='%d' width='%.1f' height='16' rx='2'/>%n"
                .formatted(kind, LABEL, y + 2, Math.max(1, end - LABEL)));
        svg.append("<text x='%.1f' y='%d'>%s</text>%n".formatted(end + 12, y + 14, shown));
    }

    private static void whisker(StringBuilder svg, int line, double least, double greatest, double longest) {
        int y = TOP + line * LINE + 10;
        svg.append("<line class='whisker' x1='%.1f' y1='%d' x2='%.1f' y2='%d'/>%n"
                .formatted(x(Math.max(0, least), longest), y, x(Math.max(0, greatest), longest), y));
    }

    private static double x(double value, double longest) {
        return LABEL + value / longest * (WIDTH - LABEL - 90);
    }

    private static String escaped(String text) {
        return text.replace("&", "&amp;").replace("<", "&lt;").replace("'", "&apos;");
    }
}
