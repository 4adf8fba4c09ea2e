package org.proxymachine;

import java.io.IOException;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Base64;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import org.eclipse.jetty.util.ajax.JSON;
import org.jspecify.annotations.Nullable;

/** A Chromium without a window, driven over WebDriver (W3C, https://www.w3.org/TR/webdriver2/). */
final class Browser implements AutoCloseable {
    /** Keys by their code points there (section 15.4.2, Keyboard actions). */
    static final String TAB = "\ue004";

    static final String ENTER = "\ue007";
    static final String ESCAPE = "\ue00c";
    static final String DOWN = "\ue015";

    private static final Duration DEADLINE = Duration.ofSeconds(60);

    private final Program driver;
    private final HttpClient http = HttpClient.newHttpClient();
    private final String root;
    private String session = "";

    /** @param options of Chromium's command line */
    Browser(Path profile, String... options) throws IOException {
        driver = new Program(Map.of("HOME", profile.toString()), profile, "chromedriver", "--port=0");
        root = "http://127.0.0.1:" + driver.await("started successfully on port (\\d+)");
        List<String> all = new ArrayList<>(List.of(
                "--headless",
                // Chromium has no sandbox for root, which the tests may be.
                "--no-sandbox",
                "--disable-dev-shm-usage",
                "--disable-gpu",
                "--user-data-dir=" + profile.resolve("profile")));
        all.addAll(List.of(options));
        Object wanted = Map.of(
                "capabilities",
                Map.of("alwaysMatch", Map.of("browserName", "chrome", "goog:chromeOptions", Map.of("args", all))));
        Map<?, ?> made = (Map<?, ?>) Objects.requireNonNull(ask("POST", "/session", wanted));
        session = "/session/" + made.get("sessionId");
    }

    void open(String url) throws IOException {
        ask("POST", session + "/url", Map.of("url", url));
    }

    /** Runs a function's body in the page, and returns what it returns. */
    @Nullable
    Object run(String body, Object... arguments) throws IOException {
        return ask("POST", session + "/execute/sync", Map.of("script", body, "args", List.of(arguments)));
    }

    /** The text of the first element that is selected so, as a person sees it; empty if there is none. */
    String text(String selector) throws IOException {
        return String.valueOf(run(
                "const e = document.querySelector(arguments[0]); return e && e.checkVisibility() ? e.innerText : ''",
                selector));
    }

    /** The text of all that are selected so. */
    List<String> texts(String selector) throws IOException {
        Object all = run(
                "return [...document.querySelectorAll(arguments[0])].filter(e => e.checkVisibility()).map(e => e.innerText)",
                selector);
        List<String> texts = new ArrayList<>();
        for (Object each : (Object[]) Objects.requireNonNull(all)) {
            texts.add(String.valueOf(each));
        }
        return texts;
    }

    /** A question that is asked until its answer is yes. */
    @FunctionalInterface
    interface Question {
        boolean isSo() throws IOException;
    }

    void await(Question question) throws IOException {
        long deadline = System.nanoTime() + DEADLINE.toNanos();
        while (!question.isSo()) {
            if (System.nanoTime() - deadline > 0) {
                throw new AssertionError("not within " + DEADLINE + "; the page is\n"
                        + run("return document.documentElement.outerHTML"));
            }
        }
    }

    /** Presses and releases keys, one after the other, wherever the focus is. */
    void press(String... keys) throws IOException {
        List<Map<String, String>> actions = new ArrayList<>();
        for (String each : keys) {
            actions.add(Map.of("type", "keyDown", "value", each));
            actions.add(Map.of("type", "keyUp", "value", each));
        }
        ask(
                "POST",
                session + "/actions",
                Map.of("actions", List.of(Map.of("type", "key", "id", "keyboard", "actions", actions))));
    }

    void type(String text) throws IOException {
        press(text.codePoints().mapToObj(Character::toString).toArray(String[]::new));
    }

    /** What the page itself complained of: an error of its script, or what its policy forbids. */
    @Nullable
    Object complaints() throws IOException {
        return ask("POST", session + "/se/log", Map.of("type", "browser"));
    }

    byte[] screenshot() throws IOException {
        return Base64.getDecoder().decode(String.valueOf(ask("GET", session + "/screenshot", null)));
    }

    private @Nullable Object ask(String method, String path, @Nullable Object body) throws IOException {
        HttpRequest request = HttpRequest.newBuilder(URI.create(root + path))
                .timeout(DEADLINE)
                .method(
                        method,
                        body == null
                                ? HttpRequest.BodyPublishers.noBody()
                                : HttpRequest.BodyPublishers.ofString(new JSON().toJSON(body)))
                .build();
        try {
            String answer =
                    http.send(request, HttpResponse.BodyHandlers.ofString()).body();
            Object value = ((Map<?, ?>) new JSON().fromJSON(answer)).get("value");
            if (value instanceof Map<?, ?> map && map.get("error") != null) {
                throw new AssertionError(method + " " + path + ": " + map.get("error") + ": " + map.get("message"));
            }
            return value;
        } catch (InterruptedException e) {
            throw new AssertionError(e);
        }
    }

    @Override
    public void close() throws IOException {
        try (driver) {
            if (!session.isEmpty()) {
                ask("DELETE", session, null);
            }
        }
    }
}
