package org.proxymachine.proof;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class CaseFileTest {
    @TempDir
    Path directory;

    private List<Case> read(String text) throws IOException {
        return CaseFile.read(Files.writeString(directory.resolve("a.case"), text));
    }

    @Test
    void shouldReadMessagesAndWhatTheyAreAnswered() throws IOException {
        Files.writeString(directory.resolve("bytes.bin"), "xyz");
        List<Case> cases = read("""
                # two cases
                name: a dialogue
                peer: [2001:db8::1]:99
                send: "\\x05\\x01"
                hex: 00 0a
                expect: wait reply "\\x05\\x00"
                file: bytes.bin

                name: one that only connects
                expect: close
                """);
        assertThat(cases).extracting(Case::name).containsExactly("a dialogue", "one that only connects");
        Case dialogue = cases.get(0);
        assertThat(dialogue.where()).endsWith("a.case:2");
        assertThat(dialogue.peer()).hasToString("/[2001:db8:0:0:0:0:0:1]:99");
        assertThat(dialogue.messages()).hasSize(2);
        assertThat(dialogue.messages().get(0).bytes()).containsExactly(new byte[] {5, 1}, new byte[] {0, 10});
        assertThat(dialogue.messages().get(0).expected()).isEqualTo("wait reply \"\\x05\\x00\"");
        assertThat(dialogue.messages().get(1).bytes()).containsExactly(new byte[] {'x', 'y', 'z'});
        assertThat(dialogue.messages().get(1).expected()).isNull();
        assertThat(cases.get(1).messages().get(0).bytes()).isEmpty();
    }

    @Test
    void shouldSkipAByteOrderMarkAndRefuseUtf16() throws IOException {
        assertThat(read("\ufeffname: x\nsend: \"y\"\n")).extracting(Case::name).containsExactly("x");
        Path file = Files.write(directory.resolve("b.case"), "\ufeffname: x".getBytes(StandardCharsets.UTF_16BE));
        assertThatThrownBy(() -> CaseFile.read(file))
                .hasMessage(file + ": must be text in UTF-8, was UTF-16 by its byte-order mark");
    }

    @Test
    void shouldReadForHowLongAClientIsSilent() throws IOException {
        List<Case> cases = read("""
                name: one that waits for its server, and then speaks
                silent: 0.5
                expect: wait reply "hello"
                silent: 1m
                send: "x"
                silent: 500ms
                """);
        assertThat(cases.get(0).messages())
                .extracting(Case.Message::silence)
                .containsExactly(Duration.ofMillis(500), Duration.ofMinutes(1), Duration.ofMillis(500));
        assertThat(cases.get(0).messages().get(1).joined()).containsExactly('x');
    }

    @ParameterizedTest
    @CsvSource(delimiter = '|', textBlock = """
            send: "x"              | a.case:1: expected name: first, was send:
            name: x;sent: "x"      | a.case:2: expected one of name:, peer:, silent:, send:, hex:, file:, expect:, answer:, was sent: "x"
            name: x;send: x        | a.case:2: expected bytes in double quotes, was x
            name: x;hex: 0         | a.case:2: expected pairs of hexadecimal digits, was 0
            name: x;peer: a.b      | a.case:2: expected an address such as 192.0.2.1 or [2001:db8::1]:50000, was a.b
            name: x;silent: soon   | a.case:2: expected a duration such as 30, 2.5, 500ms, 5m or 1h, of at most 3650d, was "soon"
            name: x;file: none     | a.case:2: file: no such file none
            name: x;file: /dev/zero | a.case:2: /dev/zero: must have at most 16 MB
            name: x;expect: /(/    | a.case:2: expected a regular expression: Unclosed group
            name: x                | a.case:1: expected send:, hex:, file: or expect: in the case x
            """)
    void shouldNameTheLineThatIsWrong(String text, String message) {
        assertThatThrownBy(() -> read(text.replace(";", "\n")))
                .isInstanceOf(IllegalArgumentException.class)
                .hasMessageEndingWith(message);
    }

    @Test
    void shouldReadADirectoryByTheNamesOfItsFiles() throws IOException {
        Files.writeString(directory.resolve("b.case"), "name: second\nsend: \"x\"\n");
        Files.writeString(directory.resolve("a.case"), "name: first\nsend: \"x\"\n");
        Files.writeString(directory.resolve("c.txt"), "no case");
        assertThat(CaseFile.read(directory)).extracting(Case::name).containsExactly("first", "second");
    }
}
