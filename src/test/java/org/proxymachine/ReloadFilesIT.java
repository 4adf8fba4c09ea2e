package org.proxymachine;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.util.Map;
import java.util.regex.Pattern;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Reloads while the script, or a file that it reads, is not what it should be: one line, and the old script stays. */
class ReloadFilesIT {
    private static final String STAYS = "not reloaded, the old script stays in force: ";
    private static final String ANSWER = "proxy { data -> [close: '%s'] }";

    @TempDir
    Path directory;

    private Path router;

    @BeforeEach
    void startWithOne() throws IOException {
        router = Files.writeString(directory.resolve("router.groovy"), ANSWER.formatted("one"));
    }

    private String admin() {
        return "unix:" + directory.resolve("admin");
    }

    private Program daemon() throws IOException {
        return Program.daemon(Map.of(), "-c", router.toString(), "-p", "0", "--admin", admin());
    }

    private static String answer(Program daemon) throws IOException {
        try (Connection client =
                new Connection(new InetSocketAddress(InetAddress.getLoopbackAddress(), daemon.port()))) {
            return client.send("x").receiveAll();
        }
    }

    private void assertStays(Program daemon, String problem) throws IOException {
        String line = STAYS + problem + "\n";
        int before = daemon.output().split(Pattern.quote(line), -1).length;
        daemon.signal("HUP");
        daemon.await(() -> daemon.output().split(Pattern.quote(line), -1).length > before);
        try (Program reload = Program.daemon(Map.of(), "reload", "--admin", admin())) {
            assertThat(reload.exitCode()).isEqualTo(1);
            assertThat(reload.output()).endsWith(problem + "\n").hasLineCount(1);
        }
        assertThat(answer(daemon)).isEqualTo("one");
    }

    @Test
    void shouldKeepTheOldScriptWhereItsFileIsEmptyOrGoneOrADirectory() throws IOException {
        try (Program daemon = daemon()) {
            assertThat(answer(daemon)).isEqualTo("one");
            Files.writeString(router, "");
            assertStays(
                    daemon,
                    router
                            + ": registers no proxy block, expected proxy { data -> [remote: 'host:port'] } or proxy_accept");
            Files.delete(router);
            assertStays(daemon, router + ": no such file");
            Files.createDirectory(router);
            assertStays(daemon, router + ": is a directory, expected a Groovy script");
            Files.delete(router);
            Files.createSymbolicLink(router, router);
            assertStays(daemon, router + ": cannot be read");
            Files.delete(router);
            Files.write(router, new byte[5 << 20]);
            assertStays(
                    daemon,
                    router
                            + ": must have at most 4 MB, as compiling takes long, was 5242880 bytes: a table belongs in a"
                            + " file that the script reads");
            Path next = Files.writeString(directory.resolve("next"), ANSWER.formatted("two"));
            Files.move(next, router, StandardCopyOption.ATOMIC_MOVE, StandardCopyOption.REPLACE_EXISTING);
            daemon.signal("HUP");
            daemon.await("reloaded .*router.groovy in");
            assertThat(answer(daemon)).isEqualTo("two");
        }
    }

    @Test
    void shouldNameTheLineWhereAScriptReadsAFileThatIsGone() throws IOException {
        Path table = Files.writeString(directory.resolve("table"), "one");
        String text = "\ndef answer = new File('" + table + "').text\nproxy { data -> [close: answer] }";
        Files.writeString(router, text);
        try (Program daemon = daemon()) {
            assertThat(answer(daemon)).isEqualTo("one");
            Files.delete(table);
            String gone = "router.groovy:2: FileNotFoundException: " + table;
            assertStays(daemon, gone + " (No such file or directory)");
            Files.createDirectory(table);
            assertStays(daemon, gone + " (Is a directory)");
        }
    }

    @Test
    void shouldAnswerTheReloadCommandInOneLineWhenAReloadHangsAndGivesWay() throws IOException {
        try (Program daemon = daemon()) {
            assertThat(answer(daemon)).isEqualTo("one");
            Files.writeString(router, "\nwhile (true) {}\n" + ANSWER.formatted("never"));
            try (Program first = reload()) {
                daemon.await("the reload hangs: it is at router.groovy:2 after 5 s");
                try (Program second = reload()) {
                    assertRefused(first, "abandoned: it is at router.groovy:2 after \\d+ s");
                    daemon.await("(?s)(the reload hangs.*){2}");
                    try (Program third = reload()) {
                        assertRefused(second, "abandoned: it is at router.groovy:2 after \\d+ s");
                        daemon.await("(?s)(the reload hangs.*){3}");
                        try (Program fourth = reload()) {
                            assertRefused(
                                    fourth,
                                    "refused, as 2 abandoned reloads go on, and this is the last: it is at"
                                            + " router.groovy:2 after \\d+ s; it is at router.groovy:2 after \\d+ s");
                        }
                        assertThat(third.isAlive()).isTrue();
                    }
                }
            }
            assertThat(answer(daemon)).isEqualTo("one");
        }
    }

    private Program reload() throws IOException {
        return Program.daemon(Map.of(), "reload", "--admin", admin());
    }

    private static void assertRefused(Program reload, String why) {
        assertThat(reload.exitCode()).isEqualTo(1);
        assertThat(reload.output()).hasLineCount(1).containsPattern(why + "\\n$");
    }
}
