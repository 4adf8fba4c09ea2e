package org.proxymachine.bench;

import java.util.Arrays;

/**
 * Latency added at a load far from saturation. Requests are sent when they are due, whatever became of those before,
 * and measured from that moment: what waits behind a slow answer counts (G. Tene, "coordinated omission").
 */
final class OpenLoop implements Measurement {
    private static final double LOAD = 0.3;
    private static final Row MEDIAN = new Row("latency.p50", "added latency, p50", "µs", 0);
    private static final Row HIGH = new Row("latency.p99", "added latency, p99", "µs", 0);
    private static final Row TOTAL_HIGH = new Row("latency.p99-total", "latency through the proxy, p99", "µs", 0);

    private final int seconds;
    private final int warmUpSeconds;
    private double lowestRate = Double.MAX_VALUE;

    OpenLoop(int seconds, int warmUpSeconds) {
        this.seconds = seconds;
        this.warmUpSeconds = warmUpSeconds;
    }

    @Override
    public String id() {
        return "latency";
    }

    @Override
    public String method() {
        return "requests at a fixed rate (%.0f %% of what the slowest proxy serves) over %d connections, %d s a round, timed from the moment each was due; the same directly to the backend is subtracted"
                .formatted(LOAD * 100, FixedRateLoad.CONNECTIONS, seconds);
    }

    @Override
    public void warmUp(Field field, Contestant contestant) throws Exception {
        int port = field.running(contestant).port();
        lowestRate =
                Math.min(lowestRate, HttpLoad.wrk(port, true, warmUpSeconds).rate());
        run(port, 1);
    }

    @Override
    public void measure(Field field, Contestant contestant, Figures figures) throws Exception {
        long[] direct = run(field.destinations().http(), seconds);
        long[] proxied = run(field.running(contestant).port(), seconds);
        figures.add(MEDIAN, contestant.name(), micros(proxied, 0.5) - micros(direct, 0.5));
        figures.add(HIGH, contestant.name(), micros(proxied, 0.99) - micros(direct, 0.99));
        figures.add(TOTAL_HIGH, contestant.name(), micros(proxied, 0.99));
    }

    private long[] run(int port, int duration) throws Exception {
        try (FixedRateLoad load = new FixedRateLoad(port, (int) (lowestRate * LOAD), duration)) {
            long[] nanos = load.run();
            Arrays.sort(nanos);
            return nanos;
        }
    }

    private static double micros(long[] sorted, double quantile) {
        return sorted[(int) Math.min(sorted.length - 1, (long) (sorted.length * quantile))] / 1e3;
    }
}
