package org.proxymachine.proof;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.net.InetSocketAddress;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.function.Function;
import java.util.function.UnaryOperator;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.proxymachine.route.Client;
import org.proxymachine.route.Decision;
import org.proxymachine.route.Router;

class RecorderTest {
    private static final InetSocketAddress PEER = CaseFile.peer("192.0.2.1:50000");

    @TempDir
    Path directory;

    private static Router router(Function<String, Decision> script, UnaryOperator<String> redaction) {
        return new Router() {
            @Override
            public Decision received(Client client, byte[] data, int length) {
                return script.apply(new String(data, 0, length, StandardCharsets.ISO_8859_1));
            }

            @Override
            public byte[] redacted(Client client, byte[] bytes) {
                return bytes(redaction.apply(new String(bytes, StandardCharsets.ISO_8859_1)));
            }
        };
    }

    private static byte[] bytes(String text) {
        return text.getBytes(StandardCharsets.ISO_8859_1);
    }

    private static Decision.Wait reply(String reply, @Nullable String data) {
        return new Decision.Wait(data == null ? null : bytes(data), bytes(reply));
    }

    /** Says these, each as though the buffer had been emptied by the answer before. */
    private void record(Router router, int max, String... messages) throws IOException {
        Recorder recorder = new Recorder(new RecordedCases(directory, max));
        Router recorded = recorder.of(router);
        Client client = new Client(1, PEER, PEER);
        recorded.accepted(client);
        for (String message : messages) {
            recorded.received(client, bytes(message), message.length());
        }
        recorder.routed(1);
        recorder.close();
    }

    private String content() throws IOException {
        StringBuilder all = new StringBuilder();
        try (Stream<Path> files = Files.list(directory)) {
            for (Path each : files.sorted().toList()) {
                all.append(Files.readString(each));
            }
        }
        return all.toString();
    }

    @Test
    void shouldKeepForHowLongAClientWasSilent() throws IOException {
        Router router = new Router() {
            @Override
            public Duration silence() {
                return Duration.ofMillis(1_500);
            }

            @Override
            public Decision silent(Client client) {
                return reply("well?", null);
            }

            @Override
            public Decision received(Client client, byte[] data, int length) {
                return Decision.close();
            }
        };
        Recorder recorder = new Recorder(new RecordedCases(directory, 10));
        Router recorded = recorder.of(router);
        Client client = new Client(1, PEER, PEER);
        recorded.accepted(client);
        recorded.silent(client);
        recorded.received(client, bytes("x"), 1);
        recorder.routed(1);
        recorder.close();
        assertThat(content()).contains("silent: 1.5\nanswer: wait reply \"well?\"\nsend: \"x\"\nanswer: close\n");
        assertThat(CaseRunner.asRecorded(router).run(CaseFile.read(directory).get(0)))
                .isEmpty();
    }

    @Test
    void shouldKeepWhatWasSaidAndAnswered() throws IOException {
        Router router = router(data -> data.equals("hi") ? reply("who?", "") : Decision.close(), data -> data);
        record(router, 10, "hi", "me");
        assertThat(content())
                .contains(
                        "peer: 192.0.2.1:50000\nsend: \"hi\"\nanswer: wait reply \"who?\"\nsend: \"me\"\nanswer: close\n");
        List<Case> cases = CaseFile.read(directory);
        assertThat(CaseRunner.asRecorded(router).run(cases.get(0))).isEmpty();
    }

    @Test
    void shouldKeepNeitherWhatIsTakenOutNorWhatRepeatsIt() throws IOException {
        Router router = router(
                data -> data.startsWith("user") ? reply("hello", "") : new Decision.Close(bytes("bad " + data)),
                data -> data.replaceAll("secret\\w*", "-"));
        record(router, 10, "user x", "secretnumber", "rest");
        assertThat(content())
                .doesNotContain("secret")
                .contains("send: \"user x\"\nanswer: wait reply \"hello\"\nsend: \"-\"\nexpect: /");
        List<Case> cases = CaseFile.read(directory);
        assertThat(CaseRunner.asRecorded(router).run(cases.get(0))).isEmpty();
    }

    @Test
    void shouldNotKeepAClientThatNeverEnds() throws IOException {
        String[] endless = new String[100];
        java.util.Arrays.fill(endless, "x".repeat(1_000));
        record(router(data -> reply("", ""), data -> data), 10, endless);
        assertThat(content()).isEmpty();
    }

    @Test
    void shouldMakeRoomAmongItsOwnFilesOnly() throws IOException {
        Path other = Files.writeString(directory.resolve("000-by-hand.case"), "name: mine\nsend: \"x\"\n");
        for (int i = 0; i < 3; i++) {
            record(router(data -> Decision.close(), data -> data), 2, "x");
        }
        assertThat(other).exists();
        try (Stream<Path> files = Files.list(directory)) {
            assertThat(files).hasSize(3);
        }
    }
}
