package org.proxymachine;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.FileSystems;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;

/** The package says under which licenses what it ships is. */
class CopyrightIT {
    private static final String FILES = "Files: usr/share/proxymachine/lib/";

    @Test
    void shouldNameEveryJarThatIsShippedAndNoOther() throws IOException {
        List<String> named = Files.readAllLines(Path.of("src/packaging/deb/copyright")).stream()
                .filter(line -> line.startsWith(FILES))
                .map(line -> line.substring(FILES.length()))
                .toList();
        try (Stream<Path> shipped = Files.list(Path.of("target/lib"))) {
            List<Path> jars = shipped.map(Path::getFileName).toList();
            assertThat(jars).isNotEmpty().allMatch(jar -> named.stream().anyMatch(glob -> matches(glob, jar)));
            assertThat(named).allMatch(glob -> jars.stream().anyMatch(jar -> matches(glob, jar)));
        }
    }

    private static boolean matches(String glob, Path jar) {
        return FileSystems.getDefault().getPathMatcher("glob:" + glob).matches(jar);
    }
}
