package org.proxymachine;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Scripts that hang while they are loaded: a reload gives way to the next one. */
class ReloadHangsIT {
    private static final String ANSWER = "proxy { data -> [close: '%s'] }";
    private static final String SPIN = "def x = 0\nwhile (true) { x = (x + 1) % 7 }\n" + ANSWER.formatted("never");

    @TempDir
    Path directory;

    private Path script(String text) throws IOException {
        return Files.writeString(directory.resolve("router.groovy"), text);
    }

    private static String answer(Program daemon) throws IOException {
        try (Connection client =
                new Connection(new InetSocketAddress(InetAddress.getLoopbackAddress(), daemon.port()))) {
            return client.send("x").receiveAll();
        }
    }

    @Test
    void shouldLetAReloadThatHangsGiveWayToTheNextOneUntilTwoAreAbandoned() throws IOException {
        try (Program daemon =
                Program.daemon(Map.of(), "-c", script(ANSWER.formatted("one")).toString(), "-p", "0")) {
            daemon.port();
            script(SPIN);
            daemon.signal("HUP");
            daemon.await("the reload hangs: it is at router.groovy:2 after 5 s; the next one takes its place");
            // The trial call this time.
            script("proxy { data -> while (!data) {}; [close: 'never'] }");
            daemon.signal("HUP");
            daemon.await("not reloaded, the old script stays in force: abandoned: it is at router.groovy:2 after");
            daemon.await("the reload hangs: it is at router.groovy:1 ");
            script(ANSWER.formatted("two"));
            daemon.signal("HUP");
            daemon.await("abandoned: it is at router.groovy:1 after");
            daemon.await("reloaded .*router.groovy in");
            assertThat(answer(daemon)).isEqualTo("two");
            script(SPIN);
            daemon.signal("HUP");
            daemon.await("(?s)(the reload hangs.*){3}");
            daemon.signal("HUP");
            daemon.await(
                    "not reloaded, .*: refused, as 2 abandoned reloads go on, and this is the last: it is at router");
            assertThat(answer(daemon)).isEqualTo("two");
            daemon.signal("TERM");
            assertThat(daemon.exitCode()).isZero();
        }
    }

    @Test
    void shouldNotTakeButUnloadWhatAnAbandonedReloadComesToLater() throws IOException {
        Path gate = directory.resolve("gate");
        try (Program daemon =
                Program.daemon(Map.of(), "-c", script(ANSWER.formatted("one")).toString(), "-p", "0")) {
            daemon.port();
            script("def gate = new File('%s')\nwhile (!gate.exists()) {}\nSystem.err.println('late')\n".formatted(gate)
                    + ANSWER.formatted("late") + "\nproxy_unload { -> System.err.println('over') }");
            daemon.signal("HUP");
            daemon.await("the reload hangs");
            script(ANSWER.formatted("two"));
            daemon.signal("HUP");
            daemon.await("reloaded .*router.groovy in");
            Files.createFile(gate);
            daemon.await("late");
            daemon.await("over");
            daemon.signal("HUP");
            daemon.await("(?s)(reloaded .*router.groovy in.*){2}");
            assertThat(answer(daemon)).isEqualTo("two");
        }
    }
}
