package org.proxymachine.script;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.net.InetSocketAddress;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;
import org.proxymachine.route.Client;
import org.proxymachine.route.Decision;
import org.proxymachine.route.Router;

class ReloadIT {
    @TempDir
    Path directory;

    // In a process of its own: Groovy keeps what it knows of a class by soft references, which only want of room
    // clears.
    @ParameterizedTest
    @ValueSource(strings = {"stored", "found", "timer"})
    void shouldReloadAThousandTimesInASmallMetaspace(String how) throws Exception {
        Path output = directory.resolve("output");
        String classPath = System.getProperty("surefire.test.class.path", System.getProperty("java.class.path"));
        Process process = new ProcessBuilder(
                        Path.of(System.getProperty("java.home"), "bin", "java").toString(),
                        "-XX:MaxMetaspaceSize=48m",
                        "-Xmx96m",
                        "-XX:+UseSerialGC",
                        "-XX:TieredStopAtLevel=1",
                        "-cp",
                        classPath,
                        ReloadIT.class.getName(),
                        directory.resolve("router.groovy").toString(),
                        how)
                .redirectErrorStream(true)
                .redirectOutput(output.toFile())
                .start();
        assertThat(process.waitFor(120, TimeUnit.SECONDS)).as("ended in time").isTrue();
        assertThat(Files.readString(output)).endsWith("1000 reloads\n");
        assertThat(process.exitValue()).isZero();
    }

    /** Loads and calls a thousand scripts: each another, or two in turn. */
    public static void main(String[] arguments) throws IOException {
        Path file = Path.of(arguments[0]);
        boolean found = arguments[1].equals("found");
        ScriptLoader loader = new ScriptLoader(file, new ScriptCache(file.resolveSibling("cache")));
        String rest = arguments[1].equals("timer")
                ? "; def table = new byte[1_000_000]; def timer = new Timer(true)"
                        + "; timer.schedule({ table.hashCode() } as TimerTask, 1, 1); proxy_unload { timer.cancel() }"
                : "";
        Client client = new Client(1, new InetSocketAddress(1), new InetSocketAddress(2));
        for (int i = 1; i <= 1_000; i++) {
            int which = found ? i % 2 : i;
            Files.writeString(
                    file, "proxy { data -> data =~ /x/ ? [close: \"${data} %d\"] : null }".formatted(which) + rest);
            byte[] data = "x".getBytes(StandardCharsets.ISO_8859_1);
            Router router = loader.load();
            Decision.Close close = (Decision.Close) router.received(client, data, data.length);
            router.unload().finish();
            byte[] bytes = close.bytes();
            if (bytes == null || !new String(bytes, StandardCharsets.ISO_8859_1).equals("x " + which)) {
                throw new AssertionError("load " + i + " answered by another script");
            }
        }
        System.out.println("1000 reloads");
    }
}
