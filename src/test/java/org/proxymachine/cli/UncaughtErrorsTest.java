package org.proxymachine.cli;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.regex.Pattern;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;

/** Whose threads end the process for want of memory. */
class UncaughtErrorsTest {
    private static final Pattern NAMED =
            Pattern.compile("new Thread\\([^;]*?\"([a-z-]+)\"|\\bstart\\([^;]*?\"([a-z-]+)\"\\)");

    private static OutOfMemoryError withoutStack(String message) {
        OutOfMemoryError error = new OutOfMemoryError(message);
        error.setStackTrace(new StackTraceElement[0]);
        return error;
    }

    @Test
    void shouldEndTheProcessForAThreadOfTheDaemonAlone() {
        UncaughtErrors errors = new UncaughtErrors();
        Thread script = new Thread(() -> {}, "Thread-7");
        assertThat(errors.isFatal(script, withoutStack("Java heap space"))).isFalse();
        assertThat(errors.isFatal(Thread.currentThread(), withoutStack("Java heap space")))
                .isTrue();
        for (String own : List.of("access-log", "reloads", "admin-24")) {
            Thread thread = new Thread(() -> {}, own);
            assertThat(errors.isFatal(thread, withoutStack("Java heap space"))).isTrue();
            assertThat(errors.isFatal(thread, withoutStack("unable to create native thread: possibly out of memory")))
                    .isFalse();
        }
    }

    @Test
    void shouldKnowEachThreadThatTheDaemonStarts() throws IOException {
        List<Path> sources;
        try (Stream<Path> all = Files.walk(Path.of("src/main/java"))) {
            sources = all.filter(file -> file.toString().endsWith(".java")).toList();
        }
        List<String> names = sources.stream().flatMap(UncaughtErrorsTest::names).toList();
        assertThat(names).contains("reloads", "future-watch", "admin-history").allMatch(UncaughtErrors::isOwn);
    }

    private static Stream<String> names(Path source) {
        try {
            return NAMED.matcher(Files.readString(source))
                    .results()
                    .map(found -> found.group(1) != null ? found.group(1) : found.group(2));
        } catch (IOException e) {
            throw new AssertionError(e);
        }
    }
}
