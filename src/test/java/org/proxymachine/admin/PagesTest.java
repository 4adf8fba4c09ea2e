package org.proxymachine.admin;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayDeque;
import java.util.Deque;
import java.util.LinkedHashSet;
import java.util.Objects;
import java.util.Set;
import java.util.regex.MatchResult;
import java.util.regex.Pattern;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.proxymachine.session.CloseReason;

class PagesTest {
    private static final Pattern PART = Pattern.compile("(?:src=\"|href=\"|from '\\./)(\\w+\\.(?:js|css))[\"']");

    /** A browser shows nothing of a page one of whose modules is missing. */
    @Test
    void shouldServeEachPartThatThePageAndItsPartsName() {
        Set<String> served = new LinkedHashSet<>();
        Deque<String> asked = new ArrayDeque<>(Set.of("/"));
        while (!asked.isEmpty()) {
            String path = asked.remove();
            Reply reply = Objects.requireNonNull(Pages.at(path), path);
            served.add(path);
            PART.matcher(new String(reply.body(), StandardCharsets.UTF_8))
                    .results()
                    .map((MatchResult part) -> "/" + part.group(1))
                    .filter(part -> !served.contains(part) && !asked.contains(part))
                    .forEach(asked::add);
        }
        assertThat(served).contains("/status.css", "/status.js", "/words.js");
    }

    @Test
    void shouldReadNothingElse() {
        assertThat(Stream.of(
                                "/words",
                                "/.js",
                                "//words.js",
                                "/words.js/",
                                "/../admin/words.js",
                                "/Pages.class",
                                "/package-info.class")
                        .filter(path -> Pages.at(path) != null))
                .isEmpty();
    }

    private static String text(String path) {
        return new String(Objects.requireNonNull(Pages.at(path), path).body(), StandardCharsets.UTF_8);
    }

    @Test
    void shouldKnowEachCloseReasonAsTheRunbookDoes() throws IOException {
        String runbook = Files.readString(Path.of("README.md"));
        String well = text("/failures.js")
                .lines()
                .filter(line -> line.contains("WELL ="))
                .findFirst()
                .orElseThrow();
        for (CloseReason each : CloseReason.values()) {
            assertThat(runbook).contains("\n| `" + each.word() + "` | ");
            assertThat(text("/")).contains("id=\"means-" + each.word() + "\"");
            assertThat(well.contains("'" + each.word() + "'")).as(each.word()).isEqualTo(!each.isFailure());
        }
    }
}
