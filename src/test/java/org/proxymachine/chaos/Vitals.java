package org.proxymachine.chaos;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.TreeMap;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Collectors;
import java.util.stream.Stream;

/**
 * What a daemon holds when it has nothing to do.
 *
 * @param heapBytes the live objects, after a collection
 * @param classes the bytes of each class among them
 * @param descriptors what each open descriptor leads to, numbers left out
 * @param threads their names, but for those that the JVM starts and ends as it likes
 */
record Vitals(
        long heapBytes,
        Map<String, Long> classes,
        TreeMap<String, Integer> descriptors,
        TreeMap<String, Integer> threads) {
    // jcmd's histogram is of live objects alone, and collects first.
    private static final Pattern CLASS = Pattern.compile("(?m)^\\s*\\d+:\\s+\\d+\\s+(\\d+)\\s+(\\S+)");

    /** How many classes a message names. */
    private static final int NAMED = 12;

    private static final Pattern OF_THE_JVM =
            Pattern.compile("C[12] CompilerThre.*|Attach Listener|GC Thread.*|VM.*|.*process reaper.*");

    static Vitals of(Daemon daemon) throws Exception {
        long pid = daemon.jvm();
        Map<String, Long> classes = classes(pid);
        long heap = classes.values().stream().mapToLong(bytes -> bytes).sum();
        return new Vitals(heap, classes, descriptors(pid), threads(pid));
    }

    private static Map<String, Long> classes(long pid) throws Exception {
        String jcmd = Path.of(System.getProperty("java.home"), "bin", "jcmd").toString();
        // Twice: what the first makes unreachable (a finished thread, a cleaned reference) the second does not count.
        Daemon.run(jcmd, String.valueOf(pid), "GC.run");
        Map<String, Long> classes = new HashMap<>();
        Matcher line = CLASS.matcher(Daemon.run(jcmd, String.valueOf(pid), "GC.class_histogram"));
        while (line.find()) {
            // Numbers are of lambdas and scripts, and others in each load.
            String name = line.group(2).replaceAll("[0-9a-f]*\\d[0-9a-fx]*", "#");
            classes.merge(name, Long.parseLong(line.group(1)), Long::sum);
        }
        return classes;
    }

    private String grownClasses(Vitals before) {
        return classes.entrySet().stream()
                .map(each -> Map.entry(each.getKey(), each.getValue() - before.classes.getOrDefault(each.getKey(), 0L)))
                .sorted(Map.Entry.<String, Long>comparingByValue().reversed())
                .limit(NAMED)
                .map(each -> each.getKey() + " +" + each.getValue())
                .collect(Collectors.joining(", "));
    }

    private static TreeMap<String, Integer> descriptors(long pid) throws IOException {
        List<String> all = new ArrayList<>();
        for (Path file : list(Path.of("/proc", String.valueOf(pid), "fd"))) {
            try {
                all.add(Files.readSymbolicLink(file).toString().replaceAll("\\[\\d+]|(?<=/)[^/]*\\.(?:jar|jsa)$", ""));
            } catch (NoSuchFileException e) {
                // Closed meanwhile.
            }
        }
        return counted(all);
    }

    private static TreeMap<String, Integer> threads(long pid) throws IOException {
        List<String> all = new ArrayList<>();
        for (Path task : list(Path.of("/proc", String.valueOf(pid), "task"))) {
            try {
                String name = Files.readString(task.resolve("comm")).strip();
                if (!OF_THE_JVM.matcher(name).matches()) {
                    all.add(name.replaceAll("\\d+", ""));
                }
            } catch (IOException e) {
                // Ended meanwhile.
            }
        }
        return counted(all);
    }

    private static List<Path> list(Path folder) {
        return Stream.of(Objects.requireNonNull(folder.toFile().listFiles()))
                .map(java.io.File::toPath)
                .toList();
    }

    private static TreeMap<String, Integer> counted(List<String> names) {
        TreeMap<String, Integer> counts = new TreeMap<>();
        names.forEach(name -> counts.merge(name, 1, Integer::sum));
        return counts;
    }

    /** Returns what is more than it was, in words; nothing where nothing grew. */
    String growthSince(Vitals before, double heapTolerance) {
        StringBuilder text = new StringBuilder();
        if (heapBytes > before.heapBytes * heapTolerance) {
            text.append(
                    "heap from %,d to %,d bytes (%s); ".formatted(before.heapBytes, heapBytes, grownClasses(before)));
        }
        grown("descriptors", before.descriptors, descriptors, text);
        grown("threads", before.threads, threads, text);
        return text.toString();
    }

    private static void grown(
            String what, TreeMap<String, Integer> before, TreeMap<String, Integer> now, StringBuilder text) {
        now.forEach((name, count) -> {
            int was = before.getOrDefault(name, 0);
            if (count > was) {
                text.append("%s %s from %d to %d; ".formatted(what, name, was, count));
            }
        });
    }
}
