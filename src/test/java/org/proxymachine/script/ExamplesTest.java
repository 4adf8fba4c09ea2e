package org.proxymachine.script;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.stream.Stream;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;
import org.proxymachine.proof.Case;
import org.proxymachine.proof.CaseFile;
import org.proxymachine.proof.CaseRunner;
import org.proxymachine.route.Router;

/** The examples decide by what a client says, not by the chunks in which it comes. */
class ExamplesTest {
    @TempDir
    Path directory;

    private Path tenants;

    @BeforeEach
    void writeTable() throws IOException {
        tenants = Files.writeString(directory.resolve("tenants"), "alice 10.0.0.1:80\nbob 10.0.0.2:80\n");
    }

    private Router example(String name) throws IOException {
        // In place of the servers that it would start.
        System.getProperties().put("proxymachine.demo", Map.of("alice", "10.0.0.1:80", "bob", "10.0.0.2:80"));
        String text = Files.readString(Path.of("config-examples", name + ".groovy"))
                .replace("System.getenv('TENANTS')", "'" + tenants + "'");
        Path file = Files.writeString(directory.resolve(name + ".groovy"), text);
        return new ScriptLoader(file).load();
    }

    static List<Case> cases(String name) throws IOException {
        return CaseFile.read(Path.of("config-examples", "cases", name + CaseFile.SUFFIX));
    }

    static Stream<String> names() throws IOException {
        try (Stream<Path> files = Files.list(Path.of("config-examples"))) {
            return files
                    .map(file -> file.getFileName().toString())
                    .filter(file -> file.endsWith(".groovy"))
                    .map(file -> file.replace(".groovy", ""))
                    .sorted()
                    .toList()
                    .stream();
        }
    }

    @ParameterizedTest
    @MethodSource("names")
    void shouldDecideAsItsCasesSayAtEverySplit(String name) throws IOException {
        CaseRunner runner = CaseRunner.splitting(example(name));
        for (Case each : cases(name)) {
            assertThat(runner.run(each)).as(each.where()).isEmpty();
        }
    }

    @ParameterizedTest
    @MethodSource("names")
    void shouldMakeADecisionOfGarbageAndNoError(String name) throws IOException {
        Router router = example(name);
        long seed = System.nanoTime();
        Random random = new Random(seed);
        for (int i = 0; i < 500; i++) {
            byte[] garbage = new byte[1 + random.nextInt(200)];
            random.nextBytes(garbage);
            garbage[0] = (byte) random.nextInt(8);
            String text = new String(garbage, StandardCharsets.ISO_8859_1);
            assertThat(Dialogue.with(router, text))
                    .as("seed %d, input %d", seed, i)
                    .doesNotContain("failed:");
        }
    }

    @ParameterizedTest
    @MethodSource("names")
    void shouldMakeADecisionOfEveryBeginningOfARequest(String name) throws IOException {
        Router router = example(name);
        for (Case each : cases(name)) {
            List<byte[]> pieces = each.messages().get(0).bytes();
            byte[] first = pieces.isEmpty() ? new byte[0] : pieces.get(0);
            for (int i = 1; i < first.length; i++) {
                assertThat(Dialogue.with(router, new String(first, 0, i, StandardCharsets.ISO_8859_1)))
                        .doesNotContain("failed:");
            }
        }
    }
}
