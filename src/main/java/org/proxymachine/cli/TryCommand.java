package org.proxymachine.cli;

import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.io.InputStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.Callable;
import org.jspecify.annotations.Nullable;
import org.proxymachine.proof.Answer;
import org.proxymachine.proof.CaseFile;
import org.proxymachine.proof.CaseRunner;
import org.proxymachine.proof.Conversation;
import org.proxymachine.proof.Literal;
import org.proxymachine.route.Decision;
import org.proxymachine.route.Router;
import picocli.CommandLine.ArgGroup;
import picocli.CommandLine.Command;
import picocli.CommandLine.Help.Ansi;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;

/** Shows what a script makes of some bytes, and connects to nothing. */
@Command(
        name = "try",
        usageHelpAutoWidth = true,
        sortOptions = false,
        header = "Feed bytes to the script, one by one as a slow client would, and print each answer.",
        description = "Without --file, --hex or --text the bytes are read from the standard input.",
        footer = {
            "",
            "  proxymachine try -c router.groovy --text 'GET /alice HTTP/1.1\\r\\n\\r\\n'",
            "",
            "Exit codes: 0 there is a decision, 1 the script waits for more, 2 usage, 3 the script."
        })
final class TryCommand implements Callable<Integer> {
    @Mixin
    ScriptOption script = new ScriptOption();

    @Option(names = "--peer", paramLabel = "ADDRESS", description = "The client's address, with or without a port.")
    @Nullable
    String peer;

    @Option(
            names = "--silent",
            paramLabel = "TIME",
            converter = DurationConverter.class,
            description = "The client says nothing for this time first, such as 2 or 500ms.")
    @Nullable
    Duration silence;

    @ArgGroup
    @Nullable
    Input input;

    /** Where the bytes come from, in place of the standard input. */
    static final class Input {
        @Option(names = "--file", paramLabel = "FILE", description = "The bytes are those of this file.")
        @Nullable
        Path file;

        @Option(names = "--hex", paramLabel = "DIGITS", description = "The bytes, by hexadecimal digits.")
        @Nullable
        String hex;

        @Option(
                names = "--text",
                paramLabel = "TEXT",
                description = "The bytes, as text in UTF-8 with \\r, \\n, \\t, \\\\ and \\xHH.")
        @Nullable
        String text;
    }

    @Option(
            names = "--max-preread",
            paramLabel = "SIZE",
            converter = SizeConverter.class,
            defaultValue = "64k",
            description = "As the daemon's: what still waits after so many bytes fails. Default: 64k.")
    int maxPreread = Conversation.MAX_PREREAD_BYTES;

    @Option(names = "--json", description = "Print a JSON object, for programs.")
    boolean json;

    @Override
    public Integer call() throws IOException {
        Conversation conversation;
        try (InputStream bytes = open()) {
            conversation = converse(bytes, script.load());
        } catch (IllegalArgumentException e) {
            throw script.usage(e.getMessage());
        }
        print(conversation);
        if (!conversation.isOver()) {
            return ExitCode.FAILED;
        }
        List<Answer> answers = conversation.answers();
        return answers.get(answers.size() - 1).failure() == null ? ExitCode.DRAINED : ExitCode.SCRIPT;
    }

    private Conversation converse(InputStream bytes, Router router) throws IOException {
        try {
            Conversation conversation =
                    new Conversation(router, CaseRunner.client(peer == null ? null : CaseFile.peer(peer)), maxPreread);
            if (silence != null) {
                conversation.isSilent(silence);
            }
            int next;
            while (!conversation.isOver() && (next = bytes.read()) >= 0) {
                conversation.hear(new byte[] {(byte) next});
            }
            return conversation;
        } finally {
            router.unload().finish();
        }
    }

    private InputStream open() throws IOException {
        Input given = input;
        if (given == null) {
            return System.in;
        }
        if (given.file != null) {
            if (!Files.isRegularFile(given.file)) {
                throw script.usage("--file: no such file " + given.file);
            }
            return Files.newInputStream(given.file);
        }
        if (given.hex != null) {
            return new ByteArrayInputStream(CaseFile.hex(given.hex));
        }
        // A quote needs no backslash here, and a char above 127 is as many bytes as it has in UTF-8.
        String utf8 =
                new String(String.valueOf(given.text).getBytes(StandardCharsets.UTF_8), StandardCharsets.ISO_8859_1);
        return new ByteArrayInputStream(Literal.parse('"' + utf8.replace("\"", "\\x22") + '"'));
    }

    private void print(Conversation conversation) {
        if (json) {
            script.out().println(AnswersJson.of(conversation));
            return;
        }
        for (Answer each : conversation.answers()) {
            script.out().println("byte " + each.bytes() + ": " + coloured(each));
        }
        if (!conversation.isOver()) {
            script.out()
                    .println("byte " + conversation.heard() + ": " + colour("yellow", "wait") + " (no decision yet)");
        }
    }

    private static String coloured(Answer answer) {
        if (answer.failure() != null) {
            return colour("bold,red", answer.toString());
        }
        String word = answer.decision() instanceof Decision.Connect
                ? "bold,green"
                : answer.decision() instanceof Decision.Close ? "magenta" : "yellow";
        return colour(word, answer.toString());
    }

    private static String colour(String style, String text) {
        // Not through picocli's markup: what a script says may look like it.
        return Ansi.AUTO.enabled() ? Ansi.Style.on(Ansi.Style.parse(style)) + text + Ansi.Style.reset.on() : text;
    }
}
