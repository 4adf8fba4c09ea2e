package org.proxymachine;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.charset.Charset;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.stream.Collectors;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** One truth about a script: whoever is asked about it says the same, in the same words. */
class ScriptVerdictsIT {
    private static final String CASE = """
            name: x is answered
            send: "x"
            expect: close
            """;
    private static final String STAYS = "not reloaded, the old script stays in force: ";

    @TempDir
    Path directory;

    private static String lines(int count, String form) {
        return IntStream.range(0, count).mapToObj(form::formatted).collect(Collectors.joining("\n"));
    }

    private Path script(String text, Charset charset) throws IOException {
        return Files.writeString(directory.resolve("router.groovy"), text, charset);
    }

    private Path script(String text) throws IOException {
        return script(text, StandardCharsets.UTF_8);
    }

    private String admin() {
        return "unix:" + directory.resolve("admin");
    }

    private Program run(String... arguments) throws IOException {
        List<String> all = new ArrayList<>(List.of(arguments));
        all.addAll(List.of("-c", directory.resolve("router.groovy").toString()));
        return Program.daemon(Map.of(), all.toArray(String[]::new));
    }

    @Test
    void shouldSayTheSameOfAScriptWhoeverIsAsked() throws IOException {
        Files.writeString(directory.resolve("x.case"), CASE);
        script("proxy { data -> [close: 'first'] }");
        try (Program daemon = run("-p", "0", "--admin", admin())) {
            daemon.port();
            script("\ufeffproxy { data -> [close: 'bom'] }");
            assertTaken(daemon);
            script("proxy { data -> [close: data[0]] }");
            assertTaken(daemon);
            script("proxy { data ->\n if (data == 'a') return null\n"
                    + lines(1_100, "else if (data == 'user%1$d') return null") + "\n [close: 'x'] }");
            assertTaken(daemon);
            script("proxy { data -> 42 }");
            assertRefused(
                    daemon,
                    "router.groovy: proxy: the answer must be a Map such as [remote: 'host:port'], was an Integer"
                            + " (the trial call, without data)");
            script("def x = 1");
            assertRefused(
                    daemon,
                    directory.resolve("router.groovy")
                            + ": registers no proxy block, expected proxy { data -> [remote: 'host:port'] } or"
                            + " proxy_accept");
            script("proxy { null }\nproxy { null }");
            assertRefused(daemon, "router.groovy:2: IllegalArgumentException: proxy is registered twice");
            script("def t = [:]\n\n" + lines(5_000, "t['%1$d'] = 'x%1$d'") + "\nproxy { null }");
            assertRefused(
                    daemon,
                    "router.groovy:3: a block, or the script around it, is larger than the JVM's 64 KB, and most of it"
                            + " is this statement: a table belongs in a file that the script reads");
            script("\ufeffproxy { null }", StandardCharsets.UTF_16LE);
            assertRefused(
                    daemon,
                    directory.resolve("router.groovy") + ": must be text in UTF-8, was UTF-16 by its byte-order mark");
            script("@Grab('org.x:y:1')\ndef x = 1\nproxy { null }");
            assertRefused(
                    daemon,
                    "router.groovy:1:1: @Grab is not supported, as no start waits for the network: load the library's"
                            + " jar by new URLClassLoader([new File('x.jar').toURI().toURL()] as URL[])");
            script("def x = " + "(".repeat(100_000) + "\nproxy { null }");
            assertRefused(daemon, "router.groovy:1:209: brackets are nested deeper than 200");
        }
    }

    private void assertTaken(Program daemon) throws IOException {
        try (Program check = run("check");
                Program given = run("try", "--text", "x");
                Program cases = run("test", directory.resolve("x.case").toString());
                Program start = run("-p", "0")) {
            int before = count(daemon, "reloaded .*router.groovy in ");
            daemon.signal("HUP");
            daemon.await(() -> count(daemon, "reloaded .*router.groovy in ") == before + 1);
            try (Program reload = Program.daemon(Map.of(), "reload", "--admin", admin())) {
                assertThat(reload.exitCode()).as(reload.output()).isZero();
            }
            assertThat(check.exitCode()).as(check.output()).isZero();
            assertThat(given.exitCode()).as(given.output()).isZero();
            assertThat(cases.exitCode()).as(cases.output()).isZero();
            assertThat(start.port()).isPositive();
        }
    }

    private static int count(Program program, String regex) {
        return program.output().split(regex, -1).length - 1;
    }

    private void assertRefused(Program daemon, String line) throws IOException {
        try (Program check = run("check");
                Program given = run("try", "--text", "x");
                Program cases = run("test", directory.resolve("x.case").toString());
                Program start = run("-p", "0")) {
            daemon.signal("HUP");
            daemon.await(() -> daemon.output().contains(STAYS + line + "\n"));
            try (Program reload = Program.daemon(Map.of(), "reload", "--admin", admin())) {
                assertThat(reload.exitCode()).isEqualTo(1);
                assertThat(reload.output()).endsWith(line + "\n").hasLineCount(1);
            }
            for (Program each : List.of(check, given, cases, start)) {
                assertThat(each.exitCode()).isEqualTo(3);
                // A slow machine may say before that it takes long.
                assertThat(each.output().lines().filter(said -> !said.contains("takes long to load")))
                        .containsExactly("proxymachine: " + line);
            }
        }
    }
}
