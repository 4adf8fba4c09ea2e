package org.proxymachine;

import java.io.IOException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.concurrent.TimeUnit;
import java.util.function.Predicate;
import org.eclipse.jetty.util.ajax.JSON;
import org.jspecify.annotations.Nullable;

/** A daemon's admin endpoint, as curl sees it. */
final class AdminEndpoint {
    private static final long DEADLINE_SECONDS = 30;

    private final List<String> where;
    private final String url;

    private AdminEndpoint(List<String> where, String url) {
        this.where = where;
        this.url = url;
    }

    static AdminEndpoint tcp(int port) {
        return new AdminEndpoint(List.of(), "http://127.0.0.1:" + port);
    }

    static AdminEndpoint unix(Path socket) {
        return new AdminEndpoint(List.of("--unix-socket", socket.toString()), "http://localhost");
    }

    /** The same for a client that says more. */
    AdminEndpoint with(String... options) {
        List<String> all = new ArrayList<>(where);
        all.addAll(Arrays.asList(options));
        return new AdminEndpoint(all, url);
    }

    record Answer(int status, String text) {
        Json json() {
            return new Json((Map<?, ?>) new JSON().fromJSON(text));
        }
    }

    /** An object of JSON. */
    record Json(Map<?, ?> members) {
        @Nullable
        Object get(String name) {
            return members.get(name);
        }

        Json object(String name) {
            return new Json((Map<?, ?>) Objects.requireNonNull(get(name), name));
        }

        List<Json> objects(String name) {
            return Arrays.stream((Object[]) Objects.requireNonNull(get(name), name))
                    .map(each -> new Json((Map<?, ?>) each))
                    .toList();
        }
    }

    int port() {
        return Integer.parseInt(url.substring(url.lastIndexOf(':') + 1));
    }

    Answer get(String path) throws IOException {
        return ask("GET", path);
    }

    Answer ask(String method, String path) throws IOException {
        List<String> command = new ArrayList<>(
                List.of("curl", "-sS", "--max-time", "30", "-X", method, "-w", "\n%{http_code}", url + path));
        command.addAll(where);
        String printed = Program.run(Path.of("").toAbsolutePath(), command.toArray(String[]::new));
        int end = printed.lastIndexOf('\n');
        return new Answer(Integer.parseInt(printed.substring(end + 1)), printed.substring(0, end));
    }

    Json json(String path) throws IOException {
        return get(path).json();
    }

    /** Asks until there is an answer: one that has too many clients closes some of those who come. */
    Answer awaitAny(String path) throws IOException {
        long deadline = System.nanoTime() + TimeUnit.SECONDS.toNanos(DEADLINE_SECONDS);
        while (true) {
            try {
                return get(path);
            } catch (AssertionError e) {
                if (System.nanoTime() - deadline > 0) {
                    throw e;
                }
            }
        }
    }

    /** Asks until the answer is like this, and returns it. */
    Answer await(String path, Predicate<Answer> expected) throws IOException {
        long deadline = System.nanoTime() + TimeUnit.SECONDS.toNanos(DEADLINE_SECONDS);
        Answer answer = get(path);
        while (!expected.test(answer)) {
            if (System.nanoTime() - deadline > 0) {
                throw new AssertionError("still at " + path + ":\n" + answer);
            }
            answer = get(path);
        }
        return answer;
    }
}
