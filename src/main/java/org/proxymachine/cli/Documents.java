package org.proxymachine.cli;

import java.io.IOException;
import java.io.OutputStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.zip.GZIPOutputStream;
import picocli.AutoComplete;
import picocli.CommandLine;

/** Writes what the packages have besides the program and comes from its options: manual page and bash completion. */
public final class Documents {
    private static final String NAME = "proxymachine";

    private Documents() {}

    /** Writes them below a directory, for this version. */
    public static void main(String[] arguments) throws IOException {
        Path directory = Path.of(arguments[0]);
        CommandLine commandLine = Main.withCommands();
        byte[] page = new ManualPage(commandLine.getCommandSpec(), arguments[1])
                .toString()
                .getBytes(StandardCharsets.UTF_8);
        Path manual = Files.createDirectories(directory.resolve("man"));
        Files.write(manual.resolve(NAME + ".1"), page);
        // In the form that Debian's policy asks for.
        try (OutputStream gzip = new GZIPOutputStream(Files.newOutputStream(manual.resolve(NAME + ".1.gz")))) {
            gzip.write(page);
        }
        Path completion = Files.createDirectories(directory.resolve("bash-completion"));
        Files.writeString(completion.resolve(NAME), AutoComplete.bash(NAME, commandLine));
    }
}
