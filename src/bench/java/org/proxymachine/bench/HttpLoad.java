package org.proxymachine.bench;

import java.io.IOException;
import java.util.ArrayList;
import java.util.List;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/** Closed-loop load by wrk: 64 connections that ask as fast as they are answered. */
final class HttpLoad implements Measurement {
    static final int CONNECTIONS = 64;

    private static final int WARM_UPS = 5;
    private static final int SHORT_WARM_UPS = 2;
    private static final Pattern REQUESTS = Pattern.compile("(\\d+) requests in ");
    private static final Pattern RATE = Pattern.compile("Requests/sec:\\s+([\\d.]+)");
    private static final Pattern FAILURES = Pattern.compile("(Socket errors: .*|Non-2xx or 3xx responses: .*)");
    private static final Pattern UNIT = Pattern.compile("([\\d.]+)(us|ms|s)");

    private final String id;
    private final boolean keepAlive;
    private final int seconds;
    private final int warmUpSeconds;
    private final Row cpu;
    private final Row user;
    private final Row rate;
    private final Row median;
    private final Row high;

    private HttpLoad(String id, String what, boolean keepAlive, int seconds, int warmUpSeconds) {
        this.id = id;
        this.keepAlive = keepAlive;
        this.seconds = seconds;
        this.warmUpSeconds = warmUpSeconds;
        this.cpu = new Row(id + ".cpu", "CPU per " + what, "µs", 1);
        this.user = new Row(id + ".user", "of it in user space", "µs", 1);
        this.rate = new Row(id + ".rate", "rate, " + what + "s", "1/s", 0);
        this.median = new Row(id + ".p50", "p50, " + what, "ms", 2);
        this.high = new Row(id + ".p99", "p99, " + what, "ms", 2);
    }

    static HttpLoad shortConnections(int seconds, int warmUpSeconds) {
        return new HttpLoad("short", "short connection", false, seconds, warmUpSeconds);
    }

    static HttpLoad keptAlive(int seconds, int warmUpSeconds) {
        return new HttpLoad("kept", "kept-alive request", true, seconds, warmUpSeconds);
    }

    @Override
    public String id() {
        return id;
    }

    @Override
    public String method() {
        return "wrk, %d connections%s, %d s a round after %d runs of %d s to warm up%s, routed by the Host header; CPU is user and system time of all processes of the proxy"
                .formatted(
                        CONNECTIONS,
                        keepAlive ? "" : " with Connection: close",
                        seconds,
                        WARM_UPS,
                        warmUpSeconds,
                        keepAlive ? ", the first " + SHORT_WARM_UPS + " with Connection: close" : "");
    }

    // In several runs, since a JVM compiles for what it has seen: connections that open and close as well, as a round
    // of
    // kept-alive requests begins with 64 of them at once.
    @Override
    public void warmUp(Field field, Contestant contestant) throws Exception {
        for (int i = 0; i < WARM_UPS; i++) {
            wrk(field.running(contestant).port(), keepAlive && i >= SHORT_WARM_UPS, warmUpSeconds);
        }
    }

    @Override
    public void measure(Field field, Contestant contestant, Figures figures) throws Exception {
        RunningProxy proxy = field.running(contestant);
        ProcessTree.Times before = proxy.tree().times();
        Outcome outcome = wrk(proxy.port(), keepAlive, seconds);
        ProcessTree.Times used = proxy.tree().times().since(before);
        figures.add(cpu, contestant.name(), used.all() * 1e6 / outcome.requests);
        figures.add(user, contestant.name(), used.user() * 1e6 / outcome.requests);
        figures.add(rate, contestant.name(), outcome.rate);
        figures.add(median, contestant.name(), outcome.medianMillis);
        figures.add(high, contestant.name(), outcome.highMillis);
    }

    /** What wrk saw. */
    record Outcome(long requests, double rate, double medianMillis, double highMillis) {}

    static Outcome wrk(int port, boolean keepAlive, int seconds) throws IOException, InterruptedException {
        List<String> command = new ArrayList<>(List.of("wrk", "-t", "1", "-c", String.valueOf(CONNECTIONS)));
        command.addAll(List.of(
                "-d",
                seconds + "s",
                "--latency",
                "--timeout",
                "20s",
                "-H",
                "Host: " + Contestant.Destinations.HTTP_HOST));
        if (!keepAlive) {
            command.addAll(List.of("-H", "Connection: close"));
        }
        command.add("http://127.0.0.1:" + port + "/");
        String output = Shell.run(Shell.pinned(String.valueOf(Field.LOAD), command));
        Matcher failures = FAILURES.matcher(output);
        if (failures.find()) {
            throw new IOException("requests failed: " + failures.group());
        }
        return new Outcome(
                Long.parseLong(group(REQUESTS, output)),
                Double.parseDouble(group(RATE, output)),
                millis(percentile(output, "50%")),
                millis(percentile(output, "99%")));
    }

    private static String percentile(String output, String which) throws IOException {
        return group(Pattern.compile("\\s" + which + "\\s+([\\d.]+(?:us|ms|s))"), output);
    }

    private static double millis(String text) throws IOException {
        Matcher matcher = UNIT.matcher(text);
        if (!matcher.matches()) {
            throw new IOException("wrk printed \"" + text + "\", expected a time");
        }
        double value = Double.parseDouble(matcher.group(1));
        return switch (matcher.group(2)) {
            case "us" -> value / 1e3;
            case "ms" -> value;
            default -> value * 1e3;
        };
    }

    private static String group(Pattern pattern, String output) throws IOException {
        Matcher matcher = pattern.matcher(output);
        if (!matcher.find()) {
            throw new IOException("expected " + pattern + " in what was printed: " + output);
        }
        return matcher.group(1);
    }
}
