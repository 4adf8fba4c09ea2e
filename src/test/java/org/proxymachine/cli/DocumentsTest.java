package org.proxymachine.cli;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.zip.GZIPInputStream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import picocli.CommandLine;
import picocli.CommandLine.Model.OptionSpec;

/** What is made for the packages from the options. */
class DocumentsTest {
    @TempDir
    Path directory;

    @Test
    void shouldHaveEveryOptionOfEveryCommand() throws IOException {
        Documents.main(new String[] {directory.toString(), "1.2.3"});
        String page = Files.readString(directory.resolve("man/proxymachine.1"));
        String completion = Files.readString(directory.resolve("bash-completion/proxymachine"));
        assertThat(page).startsWith(".TH PROXYMACHINE 1 \"\" \"proxymachine 1.2.3\"");
        CommandLine all = Main.withCommands();
        check(all, page, completion);
        assertThat(all.getSubcommands())
                .containsOnlyKeys("check", "try", "test", "status", "sessions", "reload", "drain");
        all.getSubcommands().values().forEach(each -> check(each, page, completion));
        try (GZIPInputStream packed =
                new GZIPInputStream(Files.newInputStream(directory.resolve("man/proxymachine.1.gz")))) {
            assertThat(packed).hasBinaryContent(Files.readAllBytes(directory.resolve("man/proxymachine.1")));
        }
    }

    private static void check(CommandLine command, String page, String completion) {
        for (OptionSpec each : command.getCommandSpec().options()) {
            assertThat(page).contains("\\fB" + each.longestName().replace("-", "\\-") + "\\fR");
            assertThat(completion).contains(each.longestName());
        }
    }

    @Test
    void shouldLeaveNoMarkOfTheHelpsFormat() throws IOException {
        Documents.main(new String[] {directory.toString(), "1"});
        assertThat(Files.readString(directory.resolve("man/proxymachine.1"))).doesNotContain("%n", "${", "@|");
    }
}
