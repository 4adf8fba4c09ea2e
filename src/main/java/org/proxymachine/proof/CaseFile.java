package org.proxymachine.proof;

import java.io.IOException;
import java.net.InetSocketAddress;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HexFormat;
import java.util.List;
import java.util.regex.Pattern;
import java.util.regex.PatternSyntaxException;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;
import org.proxymachine.proof.Case.Message;
import org.proxymachine.route.Destination;
import org.proxymachine.route.DurationText;
import org.proxymachine.route.TextFile;

/**
 * Reads cases. One begins at each {@code name:}; its lines are {@code peer:} (an address), {@code silent:} (for
 * how long the client says nothing), {@code send:} (bytes in quotes), {@code hex:} and {@code file:} (the same by digits, or from a file beside this one), and {@code expect:} or
 * {@code answer:} (the same, but exact), which end a message. Empty lines and those that begin with # mean nothing.
 */
public final class CaseFile {
    /** The ending by which a directory's case files are known. */
    public static final String SUFFIX = ".case";

    private static final List<String> KEYS =
            List.of("name", "peer", "silent", "send", "hex", "file", "expect", "answer");

    private static final int MAX_SHOWN = 80;

    private final Path file;
    private final List<Case> cases = new ArrayList<>();
    private int line;
    private int started;
    private @Nullable String name;
    private @Nullable InetSocketAddress peer;
    private @Nullable Duration silence;
    private final List<Message> messages = new ArrayList<>();
    private final List<byte[]> pieces = new ArrayList<>();

    private CaseFile(Path file) {
        this.file = file;
    }

    /**
     * Returns the cases of a file, or of all {@code .case} files of a directory by their names.
     *
     * @throws IllegalArgumentException in one line: file, line, what was expected and found
     * @throws IOException if a file cannot be read
     */
    public static List<Case> read(Path path) throws IOException {
        if (!Files.isDirectory(path)) {
            try {
                return nonEmpty(path, new CaseFile(path).parse());
            } catch (NoSuchFileException e) {
                throw new IllegalArgumentException(path + ": no such file", e);
            }
        }
        List<Path> files;
        try (Stream<Path> all = Files.list(path)) {
            files = all.filter(each -> each.toString().endsWith(SUFFIX))
                    .sorted()
                    .toList();
        }
        List<Case> cases = new ArrayList<>();
        for (Path each : files) {
            try {
                cases.addAll(new CaseFile(each).parse());
            } catch (NoSuchFileException e) {
                // A daemon that records there has made room meanwhile.
            }
        }
        return nonEmpty(path, cases);
    }

    private static List<Case> nonEmpty(Path path, List<Case> cases) {
        if (cases.isEmpty()) {
            throw new IllegalArgumentException(path + ": expected cases, found none");
        }
        return cases;
    }

    private List<Case> parse() throws IOException {
        for (String text : TextFile.read(file).lines().toList()) {
            line++;
            String stripped = text.strip();
            if (!stripped.isEmpty() && !stripped.startsWith("#")) {
                try {
                    take(stripped);
                } catch (IllegalArgumentException e) {
                    throw new IllegalArgumentException(file + ":" + line + ": " + e.getMessage(), e);
                }
            }
        }
        finish();
        return cases;
    }

    private void take(String text) throws IOException {
        int colon = text.indexOf(':');
        String key = colon < 0 ? "" : text.substring(0, colon);
        if (!KEYS.contains(key)) {
            throw new IllegalArgumentException("expected one of " + String.join(":, ", KEYS) + ":, was " + text);
        }
        String value = text.substring(colon + 1).strip();
        if (key.equals("name")) {
            finish();
            name = value;
            started = line;
            return;
        }
        if (name == null) {
            throw new IllegalArgumentException("expected name: first, was " + key + ":");
        }
        switch (key) {
            case "peer" -> peer = peer(value);
            case "send" -> pieces.add(Literal.parse(value));
            case "hex" -> pieces.add(hex(value));
            case "file" -> pieces.add(content(value));
            case "silent" -> silent(value);
            case "answer" -> message(new Message(silence, pieces, value, true));
            default -> expect(value);
        }
    }

    private void expect(String value) {
        if (Message.isPattern(value)) {
            try {
                Pattern.compile(value.substring(1, value.length() - 1));
            } catch (PatternSyntaxException e) {
                throw new IllegalArgumentException("expected a regular expression: " + e.getDescription(), e);
            }
        }
        message(new Message(silence, pieces, value, false));
    }

    private void message(Message message) {
        messages.add(message);
        silence = null;
        pieces.clear();
    }

    // After bytes it is the next message's: those before it were said earlier.
    private void silent(String value) {
        if (silence != null || !pieces.isEmpty()) {
            message(new Message(silence, pieces, null, false));
        }
        silence = DurationText.parse(value);
    }

    private void finish() {
        if (silence != null || !pieces.isEmpty()) {
            messages.add(new Message(silence, pieces, null, false));
        }
        if (name != null) {
            if (messages.isEmpty()) {
                throw new IllegalArgumentException(
                        file + ":" + started + ": expected send:, hex:, file: or expect: in the case " + name);
            }
            cases.add(new Case(file + ":" + started, name, peer, messages));
        }
        name = null;
        peer = null;
        silence = null;
        messages.clear();
        pieces.clear();
    }

    /**
     * Reads a client's address.
     *
     * @param text an address, or an address and a port
     * @throws IllegalArgumentException if it is neither
     */
    public static InetSocketAddress peer(String text) {
        for (String each : new String[] {text, text + ":50000", "[" + text + "]:50000"}) {
            try {
                if (Destination.parse(each) instanceof Destination.Tcp tcp && tcp.literal() != null) {
                    return tcp.literal();
                }
            } catch (IllegalArgumentException e) {
                // Perhaps the next form.
            }
        }
        throw new IllegalArgumentException("expected an address such as 192.0.2.1 or [2001:db8::1]:50000, was " + text);
    }

    /**
     * Reads bytes as hexadecimal digits, with spaces or without.
     *
     * @throws IllegalArgumentException for anything else
     */
    public static byte[] hex(String text) {
        try {
            return HexFormat.of().parseHex(text.replaceAll("\\s+", ""));
        } catch (IllegalArgumentException e) {
            throw new IllegalArgumentException(
                    "expected pairs of hexadecimal digits, was "
                            + (text.length() <= MAX_SHOWN ? text : text.substring(0, MAX_SHOWN) + "…"),
                    e);
        }
    }

    private byte[] content(String value) throws IOException {
        try {
            return TextFile.bytes(file.resolveSibling(value));
        } catch (IOException e) {
            throw new IllegalArgumentException(
                    "file: " + (e instanceof NoSuchFileException ? "no such file " : "cannot be read: ") + value, e);
        }
    }
}
