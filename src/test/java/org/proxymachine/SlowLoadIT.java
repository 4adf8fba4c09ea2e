package org.proxymachine;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Map;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** A script that does not end at its top level, at a start and in a check. */
class SlowLoadIT {
    @TempDir
    Path directory;

    @ParameterizedTest
    @CsvSource({"TERM, 0, ''", "INT, 0, ''", "TERM, 143, check", "INT, 130, check"})
    void shouldSayAtWhichLineAScriptIsThatTakesLongToLoadAndEndBySignal(String signal, int code, String command)
            throws IOException {
        Path script = Files.writeString(
                directory.resolve("router.groovy"), "def x = 0\nwhile (true) { x = (x + 1) % 7 }\nproxy { }");
        String[] arguments = command.isEmpty()
                ? new String[] {"-c", script.toString(), "-p", "0"}
                : new String[] {command, "-c", script.toString()};
        try (Program program = Program.daemon(Map.of(), arguments)) {
            program.await("the script takes long to load: after 5 s it is at router.groovy:2");
            program.signal(signal);
            assertThat(program.exitCode()).isEqualTo(code);
            assertThat(program.output().lines().filter(line -> line.contains("takes long")))
                    .hasSize(1);
        }
    }
}
