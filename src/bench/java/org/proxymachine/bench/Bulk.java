package org.proxymachine.bench;

import java.io.IOException;
import java.util.ArrayList;
import java.util.List;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/** Bodies of gigabytes by iperf3, in one direction, over one or several connections. */
final class Bulk implements Measurement {
    private static final Pattern RECEIVED =
            Pattern.compile("(?s)\"sum_received\":\\s*\\{.*?\"seconds\":\\s*([\\d.e+]+).*?\"bytes\":\\s*(\\d+)");
    private static final long WARM_UP_MEGABYTES = 500;

    private final String id;
    private final boolean down;
    private final int streams;
    private final long megabytes;
    private final Row cpu;
    private final Row user;
    private final Row rate;

    Bulk(String direction, int streams, long megabytes) {
        this.id = "bulk-" + direction + "-" + streams;
        this.down = direction.equals("down");
        this.streams = streams;
        this.megabytes = megabytes;
        String what = direction + ", " + streams + (streams == 1 ? " stream" : " streams");
        this.cpu = new Row(id + ".cpu", "CPU per GB " + what, "s", 3);
        this.user = new Row(id + ".user", "of it in user space", "s", 3);
        this.rate = new Row(id + ".rate", "throughput " + what, "GB/s", 2);
    }

    @Override
    public String id() {
        return id;
    }

    @Override
    public String method() {
        return "iperf3, %,d MB a round %s over %d connection%s, routed by its cookie, after %d MB of warm-up"
                .formatted(
                        megabytes,
                        down ? "to the client" : "to the backend",
                        streams,
                        streams == 1 ? "" : "s",
                        WARM_UP_MEGABYTES);
    }

    @Override
    public void warmUp(Field field, Contestant contestant) throws Exception {
        iperf(field.running(contestant).port(), down, streams, WARM_UP_MEGABYTES);
    }

    @Override
    public void measure(Field field, Contestant contestant, Figures figures) throws Exception {
        RunningProxy proxy = field.running(contestant);
        ProcessTree.Times before = proxy.tree().times();
        Transfer transfer = iperf(proxy.port(), down, streams, megabytes);
        ProcessTree.Times used = proxy.tree().times().since(before);
        figures.add(cpu, contestant.name(), used.all() * 1e9 / transfer.bytes);
        figures.add(user, contestant.name(), used.user() * 1e9 / transfer.bytes);
        figures.add(rate, contestant.name(), transfer.bytes / 1e9 / transfer.seconds);
    }

    record Transfer(double seconds, long bytes) {}

    static Transfer iperf(int port, boolean down, int streams, long megabytes)
            throws IOException, InterruptedException {
        List<String> command = new ArrayList<>(List.of("iperf3", "-c", "127.0.0.1", "-p", String.valueOf(port), "-J"));
        command.addAll(List.of("-n", megabytes + "000000", "-P", String.valueOf(streams)));
        if (down) {
            command.add("-R");
        }
        String output = Shell.run(Shell.pinned(String.valueOf(Field.LOAD), command));
        Matcher received = RECEIVED.matcher(output);
        if (!received.find()) {
            throw new IOException("iperf3 printed no sum_received: " + output);
        }
        return new Transfer(Double.parseDouble(received.group(1)), Long.parseLong(received.group(2)));
    }
}
