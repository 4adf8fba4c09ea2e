package org.proxymachine.bench;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.TimeUnit;

/** Other programs, run to their end. */
final class Shell {
    private static final long DEADLINE_SECONDS = 120;

    private Shell() {}

    /** Returns what the program printed on both of its outputs. */
    static String run(String... command) throws IOException, InterruptedException {
        return run(List.of(command));
    }

    /** Whether this program is installed. */
    static boolean has(String program) {
        return java.util.Arrays.stream(System.getenv("PATH").split(":", -1))
                .anyMatch(folder -> java.nio.file.Files.isExecutable(Path.of(folder, program)));
    }

    /**
     * Runs a program on the processor of the caller.
     *
     * @throws IOException if it cannot be started, takes longer than two minutes, or says that it failed
     */
    static String run(List<String> command) throws IOException, InterruptedException {
        Process process = new ProcessBuilder(command).redirectErrorStream(true).start();
        process.getOutputStream().close();
        String output;
        try (var in = process.getInputStream()) {
            output = new String(in.readAllBytes(), StandardCharsets.UTF_8);
        }
        if (!process.waitFor(DEADLINE_SECONDS, TimeUnit.SECONDS)) {
            process.destroyForcibly();
            throw new IOException(String.join(" ", command) + " took too long");
        }
        if (process.exitValue() != 0) {
            throw new IOException(String.join(" ", command) + " exited with " + process.exitValue() + ": " + output);
        }
        return output;
    }

    /** Returns the command that runs on these processors (taskset(1)), and dies with us. */
    static List<String> pinned(String processors, List<String> command) {
        List<String> all =
                new ArrayList<>(List.of("setpriv", "--pdeathsig", "KILL", "--", "taskset", "-c", processors));
        all.addAll(command);
        return all;
    }

    /** Starts a program that goes on, its output in a file. */
    static Process start(List<String> command, java.util.Map<String, String> environment, Path log) throws IOException {
        ProcessBuilder builder =
                new ProcessBuilder(command).redirectErrorStream(true).redirectOutput(log.toFile());
        builder.environment().putAll(environment);
        Process process = builder.start();
        process.getOutputStream().close();
        return process;
    }
}
