package org.proxymachine;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** A host that vanishes without a word, in a network of its own. {@link KeepAliveTest} has which sides are probed. */
class HostGoneIT {
    private static final Path NETWORK =
            Path.of("src/test/resources/org/proxymachine/gone.sh").toAbsolutePath();

    @TempDir
    Path directory;

    @Test
    void shouldEndTheSessionsOfAHostThatIsGoneAndADrainWithThem() throws IOException {
        Path script = Files.writeString(
                directory.resolve("router.groovy"),
                "proxy { data -> [remote: data == 'f' ? '10.9.0.2:7777' : '127.0.0.1:7777'] }");
        try (Program daemon = new Program(
                Map.of(
                        "JAVA_HOME",
                        System.getProperty("java.home"),
                        "XDG_CACHE_HOME",
                        Path.of("target", "test-cache").toAbsolutePath().toString()),
                directory,
                "unshare",
                "-rn",
                "bash",
                NETWORK.toString(),
                Path.of("bin", "proxymachine").toAbsolutePath().toString(),
                "-c",
                script.toString(),
                "-h",
                "10.9.0.1",
                "-p",
                "5432",
                "--keepalive",
                "1,1,2")) {
            assertThat(daemon.exitCode()).as(daemon.output()).isZero();
            assertThat(daemon.output())
                    .contains("the far host is gone", "the drain is over")
                    .containsPattern("backend=- reason=client-reset ")
                    .containsPattern(
                            "(?s)backend=127\\.0\\.0\\.1:7777 reason=client-reset .*backend=127\\.0\\.0\\.1:7777 "
                                    + "reason=client-reset ")
                    .containsPattern("backend=10\\.9\\.0\\.2:7777 reason=backend-reset ");
        }
    }
}
