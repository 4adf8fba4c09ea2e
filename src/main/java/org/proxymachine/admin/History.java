package org.proxymachine.admin;

import java.time.Duration;
import java.time.InstantSource;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Deque;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.TimeUnit;
import java.util.function.Function;
import org.jspecify.annotations.Nullable;

/** The last minutes, a sample a second. */
final class History {
    static final Duration INTERVAL = Duration.ofSeconds(1);

    /** Five minutes. */
    static final int SAMPLES = 300;

    private static final double NANOS = TimeUnit.SECONDS.toNanos(1);

    /**
     * What one interval had.
     *
     * @param lag in seconds, the worst
     * @param script in seconds, the mean of its calls; null if there was none
     */
    private record Sample(
            long opened,
            long failed,
            int sessions,
            long bytesUp,
            long bytesDown,
            double lag,
            @Nullable Double script) {}

    /** What has been counted when a sample ends. */
    private record Counted(long opened, long failed, Totals totals, long calls, double callSeconds) {}

    private final Watched daemon;
    private final Deque<Sample> samples = new ArrayDeque<>();
    private Counted before;
    private final InstantSource wall;
    private long endNanos;

    History(Watched daemon, InstantSource wall) {
        this.daemon = daemon;
        this.wall = wall;
        this.before = counted(Totals.NONE);
        this.endNanos = System.nanoTime();
    }

    private Counted counted(Totals totals) {
        Metrics metrics = daemon.metrics();
        return new Counted(
                metrics.openedSessions(), metrics.failures(), totals, metrics.scriptCalls(), metrics.scriptSeconds());
    }

    /** Takes a sample of what there was since the last one. */
    synchronized void sample() {
        Overview overview = daemon.overview();
        Counted now = counted(overview.totals());
        long calls = now.calls - before.calls;
        if (samples.size() == SAMPLES) {
            samples.removeFirst();
        }
        samples.addLast(new Sample(
                now.opened - before.opened,
                now.failed - before.failed,
                overview.sessions(),
                now.totals.fromClients() - before.totals.fromClients(),
                now.totals.toClients() - before.totals.toClients(),
                daemon.lag().takeWorstNanos() / NANOS,
                calls == 0 ? null : (now.callSeconds - before.callSeconds) / calls));
        before = now;
        endNanos = System.nanoTime();
    }

    /** Returns it for JSON: a list for each series, the oldest first. */
    synchronized Map<String, Object> json() {
        Map<String, Object> json = new LinkedHashMap<>();
        json.put("interval", INTERVAL.toNanos() / NANOS);
        // For people, by the wall clock as it is now: who compares two answers takes the uptime, as somebody may set
        // the clock.
        json.put("end", wall.instant().minusNanos(System.nanoTime() - endNanos).toString());
        json.put("uptime", (endNanos - daemon.about().startedNanos()) / NANOS);
        json.put("opened", series(Sample::opened));
        json.put("failed", series(Sample::failed));
        json.put("sessions", series(Sample::sessions));
        json.put("bytes_up", series(Sample::bytesUp));
        json.put("bytes_down", series(Sample::bytesDown));
        json.put("lag", series(Sample::lag));
        json.put("script", series(Sample::script));
        return json;
    }

    private List<@Nullable Object> series(Function<Sample, @Nullable Object> value) {
        List<@Nullable Object> series = new ArrayList<>();
        samples.forEach(each -> series.add(value.apply(each)));
        return series;
    }
}
