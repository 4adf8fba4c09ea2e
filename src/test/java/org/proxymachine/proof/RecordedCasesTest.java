package org.proxymachine.proof;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.FileSystem;
import java.nio.file.FileSystems;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class RecordedCasesTest {
    private static final int MANY = 1_000;

    @TempDir
    Path directory;

    private static Case recorded(String text) {
        byte[] bytes = text.getBytes(StandardCharsets.ISO_8859_1);
        return new Case("", "a case", null, List.of(new Case.Message(List.of(bytes), "close", true)));
    }

    private List<String> names() throws IOException {
        try (Stream<Path> all = Files.list(directory)) {
            return all.map(each -> each.getFileName().toString()).sorted().toList();
        }
    }

    @Test
    void twoDaemonsShouldKeepAllOfEachOther() throws IOException {
        Instant start = Instant.parse("2026-01-02T03:04:05.678Z");
        try (RecordedCases one = new RecordedCases(directory, 10 * MANY);
                RecordedCases other = new RecordedCases(directory, 10 * MANY)) {
            for (int i = 0; i < MANY; i++) {
                one.add(start.plusMillis(i / 10), recorded("one " + i));
                other.add(start.plusMillis(i / 10), recorded("other " + i));
            }
            one.awaitWritten();
            other.awaitWritten();
        }
        assertThat(names()).hasSize(2 * MANY).allMatch(name -> name.endsWith(".case"));
        assertThat(CaseFile.read(directory)).hasSize(2 * MANY);
    }

    /** A zip file has no links; its file system is the one without them that every JDK brings. */
    @Test
    void twoDaemonsShouldKeepAllOfEachOtherOnAFileSystemWithoutLinks() throws IOException {
        Map<String, Boolean> options = Map.of("create", true, "enablePosixFileAttributes", true);
        try (FileSystem noLinks = FileSystems.newFileSystem(directory.resolve("no-links.zip"), options)) {
            Path cases = noLinks.getPath("/cases");
            try (RecordedCases one = new RecordedCases(cases, MANY);
                    RecordedCases other = new RecordedCases(cases, MANY)) {
                for (int i = 0; i < 50; i++) {
                    // In turn: unlike a disk's, this file system's files are not there before they are closed.
                    one.add(Instant.EPOCH, recorded("one " + i));
                    one.awaitWritten();
                    other.add(Instant.EPOCH, recorded("other " + i));
                    other.awaitWritten();
                }
            }
            try (Stream<Path> all = Files.list(cases)) {
                assertThat(all).hasSize(100).allMatch(each -> each.toString().endsWith(".case"));
            }
            assertThat(CaseFile.read(cases)).hasSize(100);
        }
    }

    @Test
    void shouldRemoveAtItsStartWhatAKilledDaemonDidNotFinish() throws IOException {
        Process ended = new ProcessBuilder("true").start();
        assertThat(ended.onExit().join().isAlive()).isFalse();
        Files.createFile(directory.resolve("." + ended.pid() + "-7.new"));
        String others = ".1-7.new";
        Files.createFile(directory.resolve(others));
        Files.createFile(directory.resolve(".mine.new"));
        new RecordedCases(directory, 10).close();
        // Of a process that lives, and of somebody else.
        assertThat(names()).containsExactly(others, ".mine.new");
    }

    @Test
    void shouldGoOnOnceADirectoryThatWasRemovedIsThereAgain() throws IOException {
        try (RecordedCases cases = new RecordedCases(directory, 10)) {
            Files.delete(directory);
            cases.add(Instant.EPOCH, recorded("lost"));
            cases.awaitWritten();
            Files.createDirectory(directory);
            cases.add(Instant.EPOCH, recorded("kept"));
        }
        assertThat(names()).containsExactly("19700101-000000.000-0000.case");
        assertThat(Files.readString(directory.resolve(names().get(0)))).contains("\"kept\"");
    }
}
