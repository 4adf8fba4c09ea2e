package org.proxymachine.bench;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.locks.LockSupport;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/** How often the kernel is asked, as strace counts it. */
final class SystemCalls implements Measurement {
    private static final Row SHORT = new Row("calls.short", "system calls per short connection", "", 1);
    private static final Row BULK = new Row("calls.bulk", "system calls per MB, down, 1 stream", "", 1);
    private static final Pattern TOTAL =
            Pattern.compile("(?m)^100\\.00\\s+[\\d.]+\\s+(?:[\\d.]+\\s+)?(\\d+)\\s.*total$");
    private static final int SECONDS = 4;
    private static final int MEGABYTES = 500;

    @Override
    public String id() {
        return "calls";
    }

    @Override
    public String method() {
        return "strace -c -f on all processes of the proxy, during %d s of short connections as above, and during %d MB to the client"
                .formatted(SECONDS, MEGABYTES);
    }

    @Override
    public int rounds(int asked) {
        // Counts hardly vary.
        return Math.min(asked, 3);
    }

    @Override
    public void warmUp(Field field, Contestant contestant) throws Exception {
        HttpLoad.wrk(field.running(contestant).port(), false, SECONDS);
    }

    @Override
    public void measure(Field field, Contestant contestant, Figures figures) throws Exception {
        RunningProxy proxy = field.running(contestant);
        Path summary = field.home(contestant).resolve("strace-short");
        Process strace = attach(proxy, summary);
        long requests = HttpLoad.wrk(proxy.port(), false, SECONDS).requests();
        figures.add(SHORT, contestant.name(), (double) total(strace, summary) / requests);

        summary = field.home(contestant).resolve("strace-bulk");
        strace = attach(proxy, summary);
        long bytes = Bulk.iperf(proxy.port(), true, 1, MEGABYTES).bytes();
        figures.add(BULK, contestant.name(), total(strace, summary) * 1e6 / bytes);
    }

    private static Process attach(RunningProxy proxy, Path summary) throws IOException {
        List<String> command = new ArrayList<>(List.of("strace", "-c", "-f", "-o", summary.toString()));
        for (ProcessHandle process : proxy.tree().processes()) {
            command.add("-p");
            command.add(String.valueOf(process.pid()));
        }
        Process strace = new ProcessBuilder(command)
                .redirectErrorStream(true)
                .redirectOutput(ProcessBuilder.Redirect.DISCARD)
                .start();
        for (ProcessHandle process : proxy.tree().processes()) {
            awaitTraced(process, strace);
        }
        return strace;
    }

    // TracerPid in proc(5) says whether it is there yet.
    private static void awaitTraced(ProcessHandle process, Process strace) throws IOException {
        Path status = Path.of("/proc", String.valueOf(process.pid()), "status");
        while (Files.readString(status).contains("TracerPid:\t0\n")) {
            if (!strace.isAlive()) {
                throw new IOException("strace ended: is tracing allowed here (kernel.yama.ptrace_scope)?");
            }
            LockSupport.parkNanos(TimeUnit.MILLISECONDS.toNanos(1));
        }
    }

    private static long total(Process strace, Path summary) throws IOException, InterruptedException {
        Shell.run("kill", "-s", "INT", String.valueOf(strace.pid()));
        if (!strace.waitFor(30, TimeUnit.SECONDS)) {
            throw new IOException("strace did not end");
        }
        Matcher total = TOTAL.matcher(Files.readString(summary));
        if (!total.find()) {
            throw new IOException("no total in " + summary);
        }
        return Long.parseLong(total.group(1));
    }
}
