package org.proxymachine;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.proxymachine.observe.AccessFormat;
import org.proxymachine.observe.AccessLog;
import org.proxymachine.session.SessionReport;

/** The access log of real traffic. */
class AccessLogTrafficTest {
    @TempDir
    Path directory;

    @Test
    void shouldCountEachByteOfASession() throws IOException {
        Path file = directory.resolve("access.log");
        AccessLog log = AccessLog.to(file.toString(), AccessFormat.JSON);
        Proxy.Setup setup = new Proxy.Setup();
        setup.listeners = List.of(log);
        try (Backend backend = Backend.named("a");
                Proxy proxy = setup.running(
                        "proxy { data -> [remote: '%s', data: 'longer than before', reply: '+', tag: data] }"
                                .formatted(backend.address()))) {
            assertThat(proxy.exchange("ten \"bytes")).isEqualTo("+a<longer than before>");
            SessionReport report = proxy.report();
            assertThat(report.firstByteNanos()).isBetween(report.connectNanos(), report.totalNanos());
            log.close();
            assertThat(Files.readString(file).lines().findFirst().orElseThrow())
                    .contains("\"bytes_received\":10,\"bytes_sent\":22,")
                    .contains("\"upstream_addr\":\"" + backend.address() + "\",\"upstream_bytes_received\":21,")
                    .contains("\"upstream_bytes_sent\":18,")
                    .contains("\"server_addr\":\"127.0.0.1\",\"server_port\":"
                            + proxy.address().getPort() + ",")
                    .contains("\"reason\":\"done\",\"connections\":1,\"tag\":\"ten \\\"bytes\"}");
        }
    }

    @Test
    void shouldServeWhileNobodyReadsItsPipe() throws Exception {
        Path pipe = directory.resolve("pipe");
        Program.run(directory, "mkfifo", pipe.toString());
        AccessLog log = AccessLog.to(pipe.toString(), AccessFormat.TEXT);
        Proxy.Setup setup = new Proxy.Setup();
        setup.listeners = List.of(log);
        int told = 0;
        try (Proxy proxy = setup.running("proxy { data -> [close: 'served'] }")) {
            assertThat(proxy.exchange("x")).isEqualTo("served");
            SessionReport report = proxy.report();
            while (log.dropped() < 10_000) {
                log.closed(report);
                told++;
            }
            assertThat(proxy.exchange("x")).isEqualTo("served");
            told += 2;
        }
        // Closing the proxy had another client served.
        told++;
        CompletableFuture<Integer> read = CompletableFuture.supplyAsync(() -> lines(pipe));
        log.close();
        assertThat(read.get(15, TimeUnit.SECONDS)).isEqualTo(told - (int) log.dropped());
    }

    private static int lines(Path pipe) {
        // Not Files.lines, which opens and closes a pipe once before it reads: the writer would find it broken.
        try (var reader = Files.newBufferedReader(pipe)) {
            return (int) reader.lines()
                    .filter(line -> line.startsWith("accept_date="))
                    .count();
        } catch (IOException e) {
            throw new AssertionError(e);
        }
    }
}
