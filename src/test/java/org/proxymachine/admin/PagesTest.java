package org.proxymachine.admin;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.charset.StandardCharsets;
import java.util.ArrayDeque;
import java.util.Deque;
import java.util.LinkedHashSet;
import java.util.Objects;
import java.util.Set;
import java.util.regex.MatchResult;
import java.util.regex.Pattern;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;

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
}
