package org.proxymachine.bench;

import java.io.IOException;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;

/**
 * A proxy that can be started.
 *
 * @param name in the report
 * @param version as the program tells it
 */
record Contestant(String name, String version, Starter starter) {
    /** How one is started. */
    @FunctionalInterface
    interface Starter {
        /** Writes what configuration the proxy needs, and returns how to start it on this port. */
        Launch prepare(Path directory, int port, Destinations destinations) throws IOException;
    }

    /** A command in the foreground. */
    record Launch(List<String> command, Map<String, String> environment) {}

    /**
     * Where connections go, by what they say first.
     *
     * @param http for those whose Host header is {@link #HTTP_HOST}
     * @param idle for those whose Host header is {@link #IDLE_HOST}
     * @param bulk for those that begin with iperf3's cookie: 36 characters and a NUL
     */
    record Destinations(int http, int idle, int bulk) {
        static final String HTTP_HOST = "app1.example";
        static final String IDLE_HOST = "idle.example";
    }
}
