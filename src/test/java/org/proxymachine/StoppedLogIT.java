package org.proxymachine;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Map;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** Scripts that stop the daemon's log. */
class StoppedLogIT {
    private static final String SAID = "the script stopped the log, whose lines were lost since; it is written again";

    @ParameterizedTest
    @ValueSource(
            strings = {
                "log.stop()",
                "log.reset()",
                "root.level = ch.qos.logback.classic.Level.OFF",
                "root.detachAndStopAllAppenders()"
            })
    void shouldWriteTheLogAgainAfterALoadThatStoppedIt(String stop) throws IOException {
        Path script = Files.createTempFile("stopping", ".groovy");
        Files.writeString(script, """
                def log = org.slf4j.LoggerFactory.ILoggerFactory
                def root = log.getLogger('ROOT')
                %s
                proxy { data -> [close: 'served'] }
                """.formatted(stop));
        try (Program daemon = Program.daemon(Map.of(), "-c", script.toString(), "-h", "127.0.0.1", "-p", "0", "-v")) {
            daemon.port();
            assertThat(daemon.output()).containsOnlyOnce(SAID);
            daemon.signal("HUP");
            daemon.await(SAID + "[^|]*" + SAID + "[^|]*reloaded ");
            daemon.signal("TERM");
            assertThat(daemon.exitCode()).isZero();
            assertThat(daemon.output()).contains("stopped, all connections served");
        } finally {
            Files.delete(script);
        }
    }
}
