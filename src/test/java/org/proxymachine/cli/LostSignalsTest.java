package org.proxymachine.cli;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.io.RandomAccessFile;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.Map;
import java.util.concurrent.Semaphore;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class LostSignalsTest {
    @TempDir
    Path directory;

    private final Semaphore followed = new Semaphore(0);
    private RandomAccessFile pipe;
    private Runnable term;
    private Runnable hup;

    @BeforeEach
    void listen() throws Exception {
        Path fifo = directory.resolve("pipe");
        assertThat(new ProcessBuilder("mkfifo", fifo.toString()).start().waitFor())
                .isZero();
        // For both ways: an open for one waits for somebody at the other end (fifo(7)).
        pipe = new RandomAccessFile(fifo.toFile(), "rw");
        LostSignals lost = new LostSignals(Map.of("PROXYMACHINE_SIGNALS", "../../.." + fifo), 500);
        term = lost.watched("TERM", 2, followed::release);
        hup = lost.watched("HUP", 1, followed::release);
    }

    @AfterEach
    void endTheReader() throws IOException {
        pipe.close();
    }

    private void say(String letters) throws IOException {
        pipe.write(letters.getBytes(StandardCharsets.US_ASCII));
    }

    private void assertFollowed(int times) throws InterruptedException {
        assertThat(followed.tryAcquire(times, 20, TimeUnit.SECONDS)).isTrue();
        assertThat(followed.tryAcquire(700, TimeUnit.MILLISECONDS)).isFalse();
    }

    @Test
    void shouldFollowASignalThatNeverCame() throws Exception {
        say("H");
        assertFollowed(1);
    }

    @Test
    void shouldFollowTheSecondOfTwoThatTheKernelMadeOne() throws Exception {
        term.run();
        say("TT");
        assertFollowed(2);
    }

    @Test
    void shouldFollowTwoThatCameAsTwo() throws Exception {
        term.run();
        term.run();
        say("TT");
        assertFollowed(2);
    }

    @Test
    void shouldReloadOnceForTwoThatTheKernelMadeOne() throws Exception {
        hup.run();
        say("HH");
        assertFollowed(1);
    }

    @Test
    void shouldTakeALateSignalForTheOneThatWasFollowedAlready() throws Exception {
        say("H");
        assertFollowed(1);
        hup.run();
        hup.run();
        assertFollowed(1);
    }
}
