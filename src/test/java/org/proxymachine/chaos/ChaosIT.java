package org.proxymachine.chaos;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Random;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/**
 * A daemon that nothing around it brings down. Clients of all kinds know byte for byte what they are owed while one
 * trouble follows another; at the end each has had it, each has its line in the access log, and the daemon holds what it
 * held before. {@code -Dproxymachine.soak=60m} says how long, {@code -Dproxymachine.seed} repeats the order of a run (not
 * its timing), {@code -Dproxymachine.chaos=SignalStorm,FewFiles} chooses the kinds, or leaves some out: {@code -FewFiles}.
 */
class ChaosIT {
    private static final int CLIENTS = 12;

    /** What a short run keeps that a long one has long kept: classes, code, caches that fill. */
    private static final double SHORT_RUN_HEAP = 1.25;

    private static final double HEAP = 1.02;

    /** Of the run's time: until tables that are bounded are full, such as that of the last 500 sessions that failed. */
    private static final int WARM_UP_SHARE = 6;

    /** From here on the warm-up takes as long as what the admin endpoint remembers: five minutes. */
    private static final Duration LONG = Duration.ofMinutes(30);

    private final long seed = Long.getLong("proxymachine.seed", System.nanoTime());
    private final Random random = new Random(seed);
    private final Duration time = duration(System.getProperty("proxymachine.soak", "20s"));

    @TempDir
    Path directory;

    private static Duration duration(String text) {
        return Duration.parse("PT" + text.toUpperCase(java.util.Locale.ROOT));
    }

    private static List<Chaos> all() {
        return List.of(
                new SignalStorm(),
                new StoppedProcess(),
                new FewFiles(),
                new FewThreads(),
                new AdminFlood(),
                new BrokenScript(),
                new HangingReload(),
                new FullDisk(),
                new ClockJump());
    }

    private static List<Chaos> chosen() throws Exception {
        List<String> names =
                Arrays.asList(System.getProperty("proxymachine.chaos", "").split(","));
        boolean some = names.stream().anyMatch(name -> !name.isEmpty() && !name.startsWith("-"));
        List<Chaos> chosen = new ArrayList<>();
        for (Chaos chaos : all()) {
            if ((!some || names.contains(chaos.name())) && !names.contains("-" + chaos.name())) {
                if (chaos.isPossible()) {
                    chosen.add(chaos);
                } else {
                    System.out.println("chaos: " + chaos.name() + " cannot be had here");
                }
            }
        }
        assertThat(chosen).as("kinds of chaos by the name of %s", names).isNotEmpty();
        return chosen;
    }

    @Test
    @Tag("soak")
    void shouldOweNobodyAnythingWhateverGoesOnAround() throws Exception {
        List<Chaos> kinds = chosen();
        String repeat = "-Dproxymachine.seed=%d -Dproxymachine.soak=%ds".formatted(seed, time.toSeconds());
        System.out.println("chaos: " + kinds.stream().map(Chaos::name).toList() + ", " + repeat);
        try (Backends backends = new Backends();
                Daemon daemon = new Daemon(directory, backends.script(), ClockJump.environment(kinds, directory))) {
            // The classes that each kind needs are loaded, and the heap has grown, before it is measured.
            Clients warming = new Clients(daemon, CLIENTS, seed);
            strikeEach(kinds, daemon, warming);
            strikeFor(time.dividedBy(WARM_UP_SHARE), kinds, daemon, warming);
            long connected = settle(warming, daemon, backends, repeat);
            Vitals before = Vitals.of(daemon);
            Clients clients = new Clients(daemon, CLIENTS, ~seed);
            strikeFor(time, kinds, daemon, clients);
            connected += settle(clients, daemon, backends, repeat);
            Vitals after = Vitals.of(daemon);
            System.out.printf("chaos: %s; heap %,d to %,d bytes%n", clients, before.heapBytes(), after.heapBytes());
            assertThat(after.growthSince(before, time.compareTo(LONG) < 0 ? SHORT_RUN_HEAP : HEAP))
                    .as("what grew; %s", repeat)
                    .isEmpty();
            assertThat(daemon.drain()).as("exit code").isZero();
            assertThat(lines(daemon)).as("lines of the access log; %s", repeat).isEqualTo(connected);
        } finally {
            for (Chaos chaos : kinds) {
                chaos.clear();
            }
        }
    }

    private void strikeEach(List<Chaos> kinds, Daemon daemon, Clients clients) throws Exception {
        for (Chaos chaos : kinds) {
            strike(chaos, daemon, clients);
        }
    }

    private void strikeFor(Duration duration, List<Chaos> kinds, Daemon daemon, Clients clients) throws Exception {
        long deadline = System.nanoTime() + duration.toNanos();
        while (System.nanoTime() - deadline < 0 && clients.lost().isEmpty()) {
            strike(kinds.get(random.nextInt(kinds.size())), daemon, clients);
            daemon.hold(Duration.ofMillis(random.nextInt(500)));
        }
    }

    private void strike(Chaos chaos, Daemon daemon, Clients clients) throws Exception {
        int lost = clients.lost().size();
        if (chaos.mayTurnAway()) {
            clients.excuse();
        }
        try {
            chaos.strike(daemon, random);
        } catch (Exception | AssertionError e) {
            throw new AssertionError(
                    "during " + chaos.name() + ", -Dproxymachine.seed=" + seed + " -Dproxymachine.chaos=" + chaos.name()
                            + ": " + e.getMessage() + "\nlog:\n" + daemon.lastWords(),
                    e);
        } finally {
            if (chaos.mayTurnAway()) {
                clients.unexcuse();
            }
        }
        if (clients.lost().size() > lost) {
            System.out.println("chaos: during " + chaos.name() + ": " + clients.lost());
        }
    }

    /** Has all clients come to their end, and returns how many connections they had. */
    private static long settle(Clients clients, Daemon daemon, Backends backends, String repeat) throws Exception {
        clients.end();
        assertThat(clients.lost())
                .as("sessions lost; %s; log:\n%s\n%s", repeat, daemon.lastWords(), daemon.saidOf(clients.lost()))
                .isEmpty();
        long deadline = System.nanoTime() + TimeUnit.SECONDS.toNanos(30);
        while (backends.connections() > 0) {
            assertThat(System.nanoTime() - deadline)
                    .as("%d connections to backends are left; %s", backends.connections(), repeat)
                    .isNegative();
            daemon.hold(Duration.ofMillis(20));
        }
        return clients.connected();
    }

    private static long lines(Daemon daemon) throws Exception {
        try (var lines = Files.lines(daemon.accessLog())) {
            return lines.count();
        }
    }
}
