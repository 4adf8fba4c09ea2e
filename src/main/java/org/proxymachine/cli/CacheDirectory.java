package org.proxymachine.cli;

import java.nio.file.Path;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/** Where the daemon may keep what it can make again: systemd.exec(5), then the XDG base directories. */
final class CacheDirectory {
    private CacheDirectory() {}

    /** Returns null where the environment names no place. */
    static @Nullable Path of(Map<String, String> environment) {
        // Of several that a unit asks for, the first.
        Path systemd = absolute(environment.getOrDefault("CACHE_DIRECTORY", "").split(":", 2)[0]);
        if (systemd != null) {
            return systemd;
        }
        Path user = absolute(environment.getOrDefault("XDG_CACHE_HOME", ""));
        if (user == null) {
            Path home = absolute(environment.getOrDefault("HOME", ""));
            user = home == null ? null : home.resolve(".cache");
        }
        return user == null ? null : user.resolve("proxymachine");
    }

    // The specification wants relative paths ignored: they would mean a different place for each working directory.
    private static @Nullable Path absolute(String path) {
        return path.startsWith("/") ? Path.of(path) : null;
    }
}
