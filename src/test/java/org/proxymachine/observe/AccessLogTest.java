package org.proxymachine.observe;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.time.InstantSource;
import java.util.List;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** What becomes of the lines: whole, in order, in the right file, and counted where they were lost. */
class AccessLogTest {
    @TempDir
    Path directory;

    /** A sink that takes nothing before it is told to, and then breaks once, within a line. */
    private static final class Gate implements AccessSink {
        private final CountDownLatch open = new CountDownLatch(1);
        private final StringBuilder taken = new StringBuilder();
        private boolean breaks;

        @Override
        public void write(ByteBuffer lines) throws IOException {
            try {
                assertThat(open.await(15, TimeUnit.SECONDS)).isTrue();
            } catch (InterruptedException e) {
                throw new AssertionError(e);
            }
            boolean now = breaks;
            breaks = false;
            byte[] some = new byte[now ? 10 : lines.remaining()];
            lines.get(some);
            taken.append(new String(some, StandardCharsets.UTF_8));
            if (now) {
                throw new IOException("full");
            }
        }

        @Override
        public void close() {
            // Nothing to free.
        }
    }

    private static AccessLog to(AccessSink sink) {
        return new AccessLog(sink, AccessFormat.TEXT, InstantSource.system());
    }

    @Test
    void shouldDropAndCountWhatNobodyTakesWithoutWaiting() {
        Gate gate = new Gate();
        AccessLog log = to(gate);
        int lines = 3 * AccessLog.QUEUED;
        for (int i = 0; i < lines; i++) {
            log.closed(AccessFormatTest.routed("t" + i));
        }
        assertThat(log.dropped()).isGreaterThan(AccessLog.QUEUED);
        gate.open.countDown();
        log.close();
        assertThat(gate.taken.toString().lines()).hasSize(lines - (int) log.dropped());
        assertThat(gate.taken.toString().lines()).allMatch(line -> line.matches("accept_date=.* tag=t\\d+"));
    }

    @Test
    void shouldNotGoOnWithALineThatWasCutOff() {
        Gate gate = new Gate();
        gate.breaks = true;
        AccessLog log = to(gate);
        gate.open.countDown();
        log.closed(AccessFormatTest.routed("first"));
        while (log.dropped() == 0) {
            Thread.onSpinWait();
        }
        log.closed(AccessFormatTest.routed("second"));
        log.close();
        assertThat(gate.taken.toString()).startsWith("accept_dat\naccept_date=").endsWith(" tag=second\n");
        assertThat(log.dropped()).isEqualTo(1);
    }

    @Test
    void shouldAppendToAFileThatOnlyItsGroupMayReadAndFollowARotation() throws IOException {
        Path file = directory.resolve("access.log");
        Path moved = directory.resolve("access.log.1");
        try (AccessLog log = AccessLog.to(file.toString(), AccessFormat.JSON)) {
            assertThat(PosixFilePermissions.toString(Files.getPosixFilePermissions(file)))
                    .matches("rw-[r-]-----");
            log.closed(AccessFormatTest.routed("before"));
            Files.move(file, moved);
            log.reopen();
            while (!Files.exists(file)) {
                Thread.onSpinWait();
            }
            log.closed(AccessFormatTest.routed("after"));
        }
        assertThat(Files.readString(moved)).endsWith("\"tag\":\"before\"}\n").hasLineCount(1);
        assertThat(Files.readString(file)).endsWith("\"tag\":\"after\"}\n").hasLineCount(1);
        try (AccessLog log = AccessLog.to(file.toString(), AccessFormat.JSON)) {
            log.closed(AccessFormatTest.routed("again"));
        }
        assertThat(Files.readString(file)).hasLineCount(2);
    }

    @Test
    void shouldSayInOneLineWhyAFileCannotBeOpened() {
        String missing = directory.resolve("none/access.log").toString();
        assertThatThrownBy(() -> AccessLog.to(missing, AccessFormat.TEXT).close())
                .isInstanceOf(IOException.class)
                .hasMessage("cannot open " + missing + ": no such directory");
    }

    @Test
    void shouldHandEachLineToLogger() throws IOException {
        Path out = directory.resolve("syslog");
        // The real one, which prints what it would send.
        List<String> logger = List.of(
                "sh",
                "-c",
                "exec logger --no-act --stderr --socket-errors=off --tag=proxymachine --size=8192 --priority=daemon.info 2> "
                        + out);
        try (AccessLog log = to(new AccessSyslog(logger))) {
            log.closed(AccessFormatTest.routed("one"));
            log.closed(AccessFormatTest.routed("x".repeat(128) + " " + "é".repeat(600)));
        }
        assertThat(Files.readString(out).lines())
                .hasSize(2)
                .allMatch(line -> line.matches("<30>.* proxymachine(\\[\\d+])?: accept_date=.* tag=.*"));
    }
}
