package org.proxymachine;

import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.time.Instant;
import java.time.InstantSource;
import java.util.List;
import org.jspecify.annotations.Nullable;
import org.proxymachine.AdminEndpoint.Json;
import org.proxymachine.admin.About;
import org.proxymachine.admin.Admin;
import org.proxymachine.admin.Control;

/** A {@link Scene} with an admin endpoint. */
final class WatchedScene implements AutoCloseable {
    private static final String TOKEN = "0123456789abcdef";

    private static final Control NONE = new Control() {
        @Override
        public void drain() {}

        @Override
        public @Nullable String reload() {
            return null;
        }

        @Override
        public boolean reloadHangs() {
            return false;
        }
    };

    private final Admin admin;
    private final Scene scene;
    private final AdminEndpoint endpoint;

    /** A scene with this script, whose endpoint tells people the time of this clock. */
    WatchedScene(String script, InstantSource wall) throws IOException {
        this(script, wall, NONE);
    }

    /** The same, of a daemon that does this when it is asked to. */
    WatchedScene(String script, InstantSource wall, Control control) throws IOException {
        this(script, wall, control, new Proxy.Setup());
    }

    private WatchedScene(String script, InstantSource wall, Control control, Proxy.Setup setup) throws IOException {
        admin = new Admin(wall);
        setup.listeners.addAll(admin.listeners());
        scene = new Scene(script, setup);
        admin.listen(List.of(new InetSocketAddress(InetAddress.getLoopbackAddress(), 0)), TOKEN, false);
        Instant started = wall.instant();
        About about = new About("1", "test", 1, "router.groovy", started, System.nanoTime(), 100, () -> 0);
        admin.serve(scene.proxy().server(), about, control);
        endpoint = AdminEndpoint.tcp(((InetSocketAddress) admin.addresses().get(0)).getPort())
                .with("-H", "Authorization: Bearer " + TOKEN);
    }

    /** A scene whose clients may have this many bytes held for them. */
    static WatchedScene holding(long maxBufferBytes, String script) throws IOException {
        Proxy.Setup setup = new Proxy.Setup();
        setup.maxBufferBytes = maxBufferBytes;
        return new WatchedScene(script, InstantSource.system(), NONE, setup);
    }

    /** A scene in which the first byte decides, for the backend. */
    static WatchedScene splicing() throws IOException {
        return new WatchedScene("proxy { data -> [remote: '%s'] }", InstantSource.system());
    }

    Scene scene() {
        return scene;
    }

    AdminEndpoint endpoint() {
        return endpoint;
    }

    /** What the endpoint says of the scene's backend, which was connected to. */
    Json backend() throws IOException {
        return endpoint.json("/status").objects("backends").get(0);
    }

    @Override
    public void close() throws IOException {
        try {
            scene.close();
        } finally {
            admin.close();
        }
    }
}
