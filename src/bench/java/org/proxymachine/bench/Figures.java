package org.proxymachine.bench;

import java.util.ArrayList;
import java.util.Collection;
import java.util.Collections;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/** What was measured: the values of each row for each contestant, one a round, in the order in which they came. */
final class Figures {
    private final Map<String, Row> rows = new LinkedHashMap<>();
    private final Map<String, Map<String, List<Double>>> values = new LinkedHashMap<>();

    void add(Row row, String contestant, double value) {
        rows.putIfAbsent(row.id(), row);
        values.computeIfAbsent(row.id(), id -> new LinkedHashMap<>())
                .computeIfAbsent(contestant, name -> new ArrayList<>())
                .add(value);
    }

    Collection<Row> rows() {
        return rows.values();
    }

    Collection<String> contestants(String rowId) {
        return values.getOrDefault(rowId, Map.of()).keySet();
    }

    List<Double> values(String rowId, String contestant) {
        return values.getOrDefault(rowId, Map.of()).getOrDefault(contestant, List.of());
    }

    double median(String rowId, String contestant) {
        return median(values(rowId, contestant));
    }

    static double median(List<Double> values) {
        if (values.isEmpty()) {
            return Double.NaN;
        }
        List<Double> sorted = values.stream().sorted().toList();
        int middle = sorted.size() / 2;
        return sorted.size() % 2 == 1 ? sorted.get(middle) : (sorted.get(middle - 1) + sorted.get(middle)) / 2;
    }

    /** Returns the median with the least and the greatest value behind it, as the report shows it. */
    String cell(Row row, String contestant) {
        List<Double> measured = values(row.id(), contestant);
        if (measured.isEmpty()) {
            return "–";
        }
        String median = row.format(median(measured));
        return measured.size() == 1
                ? median
                : "%s (%s–%s)"
                        .formatted(
                                median, row.format(Collections.min(measured)), row.format(Collections.max(measured)));
    }

    /** Returns ours divided by theirs, round by round: a machine that slows down slows down both. */
    List<Double> ratios(String rowId, String ours, String theirs) {
        List<Double> mine = values(rowId, ours);
        List<Double> other = values(rowId, theirs);
        List<Double> ratios = new ArrayList<>();
        for (int i = 0; i < Math.min(mine.size(), other.size()); i++) {
            ratios.add(mine.get(i) / other.get(i));
        }
        return ratios;
    }
}
