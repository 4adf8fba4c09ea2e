package org.proxymachine.admin;

import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.util.Map;
import java.util.Objects;
import org.eclipse.jetty.http.HttpStatus;
import org.jspecify.annotations.Nullable;

/** The status page and its parts, as they are in the jar. */
final class Pages {
    private static final Map<String, String> TYPES = Map.of(
            "status.html", "text/html; charset=utf-8",
            "status.css", "text/css; charset=utf-8",
            "status.js", "text/javascript; charset=utf-8");

    private Pages() {}

    /** Returns what is at this path, or null. */
    static @Nullable Reply at(String path) {
        String name = path.equals("/") ? "status.html" : path.substring(1);
        String type = TYPES.get(name);
        return type == null ? null : new Reply(HttpStatus.OK_200, type, read(name));
    }

    private static byte[] read(String name) {
        try (InputStream in = Objects.requireNonNull(Pages.class.getResourceAsStream(name), name)) {
            return in.readAllBytes();
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }
}
