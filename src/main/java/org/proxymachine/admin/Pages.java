package org.proxymachine.admin;

import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.Base64;
import java.util.Map;
import java.util.Objects;
import java.util.Set;
import org.eclipse.jetty.http.HttpStatus;
import org.jspecify.annotations.Nullable;

/** The status page and its parts, as they are in the jar. */
final class Pages {
    private static final Map<String, String> TYPES = Map.of(
            "html", "text/html; charset=utf-8",
            "css", "text/css; charset=utf-8",
            "js", "text/javascript; charset=utf-8");

    /** All that is ever read, whatever the path says. */
    private static final Set<String> NAMES = Set.of(
            "status.html",
            "status.css",
            "status.js",
            "asking.js",
            "backends.js",
            "charts.js",
            "daemon.js",
            "document.js",
            "failures.js",
            "history.js",
            "notices.js",
            "place.js",
            "reasons.js",
            "session.js",
            "sessions.js",
            "table.js",
            "words.js");

    private static final String SCRIPT = "<script>";

    private Pages() {}

    /** Returns what is at this path, or null. */
    static @Nullable Reply at(String path) {
        String name = path.equals("/") ? "status.html" : path.substring(1);
        return NAMES.contains(name) ? new Reply(HttpStatus.OK_200, type(name), read(name)) : null;
    }

    /** Returns what a policy allows of scripts within the page (Content Security Policy Level 3, section 8.1): in base64. */
    static String scriptHash() {
        String page = new String(read("status.html"), StandardCharsets.UTF_8);
        int begin = page.indexOf(SCRIPT) + SCRIPT.length();
        String script = page.substring(begin, page.indexOf("</script>", begin));
        try {
            byte[] hash = MessageDigest.getInstance("SHA-256").digest(script.getBytes(StandardCharsets.UTF_8));
            return Base64.getEncoder().encodeToString(hash);
        } catch (NoSuchAlgorithmException e) {
            throw new IllegalStateException(e);
        }
    }

    private static String type(String name) {
        String ending = name.substring(name.lastIndexOf('.') + 1);
        return Objects.requireNonNull(TYPES.get(ending), name);
    }

    private static byte[] read(String name) {
        try (InputStream in = Objects.requireNonNull(Pages.class.getResourceAsStream(name), name)) {
            return in.readAllBytes();
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }
}
