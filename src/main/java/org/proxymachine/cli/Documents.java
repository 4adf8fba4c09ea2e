package org.proxymachine.cli;

import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.OutputStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.zip.Deflater;
import java.util.zip.GZIPOutputStream;
import picocli.AutoComplete;
import picocli.CommandLine;

/** Writes what the packages have besides the program and comes from its options: manual page and bash completion. */
public final class Documents {
    private static final String NAME = "proxymachine";

    /** Where a gzip file says how it was made, and that it was made as small as can be (RFC 1952, section 2.3.1: XFL). */
    private static final int GZIP_FLAGS = 8;

    private static final byte GZIP_SLOWEST = 2;

    /** What Debian's policy asks for (section 4.4), of a package that has its changes in a file of its own. */
    private static final String CHANGES = """
            proxymachine (VERSION) unstable; urgency=medium

              * Version VERSION. NEWS.md has what is new.

             -- The authors of ProxyMachine for the JVM <proxymachine@proxymachine.invalid>  Thu, 01 Jan 2026 00:00:00 +0000
            """;

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
        Files.write(manual.resolve(NAME + ".1.gz"), gzip(page));
        String changes = CHANGES.replace("VERSION", arguments[1]);
        Files.write(directory.resolve("changelog.gz"), gzip(changes.getBytes(StandardCharsets.UTF_8)));
        Path completion = Files.createDirectories(directory.resolve("bash-completion"));
        Files.writeString(completion.resolve(NAME), AutoComplete.bash(NAME, commandLine));
    }

    // As gzip -9n does, which Debian's policy asks for (section 12.1); RFC 1952 has a flag for it, which Java leaves
    // off.
    private static byte[] gzip(byte[] text) throws IOException {
        ByteArrayOutputStream bytes = new ByteArrayOutputStream();
        try (OutputStream gzip = new BestGzip(bytes)) {
            gzip.write(text);
        }
        byte[] all = bytes.toByteArray();
        all[GZIP_FLAGS] = GZIP_SLOWEST;
        return all;
    }

    private static final class BestGzip extends GZIPOutputStream {
        BestGzip(OutputStream out) throws IOException {
            super(out);
            def.setLevel(Deflater.BEST_COMPRESSION);
        }
    }
}
