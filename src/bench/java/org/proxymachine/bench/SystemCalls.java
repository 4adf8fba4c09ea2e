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
    // Columns of strace -c: share, seconds, microseconds a call, calls, errors if any, name.
    private static final Pattern TOTAL =
            Pattern.compile("(?m)^100\\.00\\s+[\\d.]+\\s+(?:[\\d.]+\\s+)?(\\d+)\\s.*total$");
    private static final Pattern CONNECT =
            Pattern.compile("(?m)^\\s*[\\d.]+\\s+[\\d.]+\\s+[\\d.]+\\s+(\\d+)\\s+(?:\\d+\\s+)?connect$");
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
    public int roundsPerStart(int asked) {
        return 1;
    }

    @Override
    public void measure(Field field, Contestant contestant, Figures figures) throws Exception {
        RunningProxy proxy = field.running(contestant);
        Path summary = field.home(contestant).resolve("strace-short");
        Process strace = attach(proxy, summary);
        HttpLoad.wrk(proxy.port(), false, SECONDS);
        end(strace);
        // By those that were begun: wrk leaves some unfinished at its end, whose calls are counted as well.
        figures.add(SHORT, contestant.name(), (double) calls(summary, TOTAL) / calls(summary, CONNECT));

        summary = field.home(contestant).resolve("strace-bulk");
        strace = attach(proxy, summary);
        long bytes = Bulk.iperf(proxy.port(), true, 1, MEGABYTES).bytes();
        end(strace);
        figures.add(BULK, contestant.name(), calls(summary, TOTAL) * 1e6 / bytes);
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

    private static void end(Process strace) throws IOException, InterruptedException {
        // Not INT, which whoever began in the background ignores.
        Shell.run("kill", "-s", "TERM", String.valueOf(strace.pid()));
        if (!strace.waitFor(30, TimeUnit.SECONDS)) {
            throw new IOException("strace did not end");
        }
    }

    private static long calls(Path summary, Pattern line) throws IOException {
        Matcher matcher = line.matcher(Files.readString(summary));
        if (!matcher.find()) {
            throw new IOException("expected " + line + " in " + summary);
        }
        return Long.parseLong(matcher.group(1));
    }
}
