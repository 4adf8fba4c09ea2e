package org.proxymachine.script;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.IOException;
import java.net.InetSocketAddress;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.nio.file.attribute.FileTime;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.List;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.proxymachine.route.Client;
import org.proxymachine.route.Decision;
import org.proxymachine.route.Router;
import org.proxymachine.route.RoutingException;

class ScriptCacheTest {
    private static final Client CLIENT = new Client(1, new InetSocketAddress(1), new InetSocketAddress(2));

    // A closure, a closure in it, a class and its inner closure: each is a class file of its own.
    private static final String SCRIPT = """
            class Names { List all = []; def find(x) { all.find { it == x } } }
            def names = new Names(all: ['a'])
            proxy { data ->
                if (data == 'throw') [1].each { throw new IllegalStateException('here') }
                data ? [close: "${names.find(data)} and ${data.collect { it * 2 }.join()}"] : null
            }
            proxy_accept { conn -> println 'hello'; null }
            """;

    @TempDir
    Path directory;

    private Path file;
    private Path entries;
    private ScriptCache cache;

    @BeforeEach
    void setUp() throws IOException {
        file = Files.writeString(directory.resolve("router.groovy"), SCRIPT);
        entries = directory.resolve("cache");
        cache = new ScriptCache(entries);
    }

    private Router load() {
        return new ScriptLoader(file, cache).load();
    }

    private @Nullable CompiledScript found() throws IOException {
        return cache.find(ScriptKey.of(Files.readString(file), "router.groovy"));
    }

    private Path entry() throws IOException {
        try (var all = Files.list(entries)) {
            List<Path> found = all.toList();
            assertThat(found).hasSize(1);
            return found.get(0);
        }
    }

    private static String answer(Router router, String data) {
        byte[] bytes = data.getBytes(StandardCharsets.ISO_8859_1);
        byte[] answer = ((Decision.Close) router.received(CLIENT, bytes, bytes.length)).bytes();
        return answer == null ? "" : new String(answer, StandardCharsets.ISO_8859_1);
    }

    private void assertRuns() {
        Router router = load();
        assertThat(answer(router, "a")).isEqualTo("a and aa");
        assertThat(router.accepted(CLIENT)).isEqualTo(Decision.await());
        assertThatThrownBy(() -> answer(router, "throw"))
                .isInstanceOf(RoutingException.class)
                .hasMessage("router.groovy:4: proxy: IllegalStateException: here");
    }

    @Test
    void shouldRunAScriptFromTheCacheAsFromTheCompiler() throws IOException {
        assertThat(found()).isNull();
        assertRuns();
        assertThat(found()).isNotNull();
        assertRuns();
    }

    @Test
    void shouldKeepEntriesFromOthersEyesAndHands() throws IOException {
        load();
        assertThat(PosixFilePermissions.toString(Files.getPosixFilePermissions(entries)))
                .isEqualTo("rwx------");
        assertThat(PosixFilePermissions.toString(Files.getPosixFilePermissions(entry())))
                .isEqualTo("rw-------");
    }

    @Test
    void shouldIgnoreAndReplaceAnEntryWithAnyByteDamagedOrMissing() throws IOException {
        load();
        byte[] whole = Files.readAllBytes(entry());
        for (int i = 0; i < whole.length; i += i < 72 ? 7 : 997) {
            byte[] damaged = whole.clone();
            damaged[i] ^= 0x20;
            Files.write(entry(), damaged);
            assertThat(found()).as("damaged at %d", i).isNull();
            Files.write(entry(), java.util.Arrays.copyOf(whole, i));
            assertThat(found()).as("cut at %d", i).isNull();
        }
        assertRuns();
        assertThat(Files.readAllBytes(entry())).isEqualTo(whole);
    }

    @Test
    void shouldIgnoreAnEntryOfAnotherScriptUnderThisName() throws IOException {
        load();
        Path own = entry();
        Path foreign = Files.move(own, directory.resolve("own"));
        Files.writeString(file, "proxy { data -> [close: 'other'] }");
        assertThat(answer(load(), "a")).isEqualTo("other");
        Files.copy(foreign, entry(), StandardCopyOption.REPLACE_EXISTING);
        assertThat(answer(load(), "a")).isEqualTo("other");
    }

    @Test
    void shouldNotUseWhatOthersCanWriteTo() throws IOException {
        load();
        for (Path shared : List.of(entries, entry())) {
            var own = Files.getPosixFilePermissions(shared);
            for (String mode : List.of("rwxrwx---", "rwx----w-")) {
                Files.setPosixFilePermissions(shared, PosixFilePermissions.fromString(mode));
                assertThat(found()).as("%s with %s", shared, mode).isNull();
            }
            Files.setPosixFilePermissions(shared, own);
            assertThat(found()).isNotNull();
        }
    }

    @Test
    void shouldNotUseSymbolicLinks() throws IOException {
        load();
        Path link = Files.createSymbolicLink(directory.resolve("link"), entries);
        assertThat(new ScriptCache(link).find(ScriptKey.of(SCRIPT, "router.groovy")))
                .isNull();
        Path entry = entry();
        Files.createSymbolicLink(entry, Files.move(entry, directory.resolve("moved")));
        assertThat(found()).isNull();
        assertRuns();
        assertThat(entry()).isRegularFile().isNotEqualTo(link);
        assertThat(found()).isNotNull();
    }

    @Test
    void shouldDoWithoutADirectoryThatCannotBeMade() throws IOException {
        cache = new ScriptCache(file.resolve("cache"));
        assertRuns();
        assertThat(found()).isNull();
    }

    @Test
    void shouldKeepThe32NewestEntries() throws IOException {
        byte[] oldest = ScriptKey.of("0", "x");
        CompiledScript script = new CompiledScript("x", java.util.Map.of("x", new byte[] {1}));
        for (int i = 0; i < 32; i++) {
            cache.store(ScriptKey.of(String.valueOf(i), "x"), script);
        }
        try (var all = Files.list(entries)) {
            for (Path entry : all.toList()) {
                Files.setLastModifiedTime(entry, FileTime.fromMillis(2_000));
            }
        }
        Files.setLastModifiedTime(
                entries.resolve(java.util.HexFormat.of().formatHex(oldest) + ".script"), FileTime.fromMillis(1_000));
        cache.store(ScriptKey.of("32", "x"), script);
        try (var all = Files.list(entries)) {
            assertThat(all).hasSize(32);
        }
        assertThat(cache.find(oldest)).isNull();
        assertThat(cache.find(ScriptKey.of("1", "x"))).isNotNull();
        assertThat(cache.find(ScriptKey.of("32", "x"))).isNotNull();
    }

    @Test
    void shouldHaveAKeyForEachTextNameAndCompilerSetting() {
        byte[] key = ScriptKey.of("text", "name");
        assertThat(ScriptKey.of("text", "name")).isEqualTo(key).hasSize(32);
        assertThat(ScriptKey.of("texts", "name")).isNotEqualTo(key);
        assertThat(ScriptKey.of("text", "names")).isNotEqualTo(key);
        System.setProperty("groovy.parameters", "true");
        try {
            assertThat(ScriptKey.of("text", "name")).isNotEqualTo(key);
        } finally {
            System.clearProperty("groovy.parameters");
        }
    }
}
