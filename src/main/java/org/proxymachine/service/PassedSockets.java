package org.proxymachine.service;

import java.io.FileDescriptor;
import java.io.IOException;
import java.lang.reflect.Constructor;
import java.lang.reflect.InvocationTargetException;
import java.lang.reflect.Method;
import java.net.ProtocolFamily;
import java.net.StandardProtocolFamily;
import java.nio.channels.ServerSocketChannel;
import java.nio.channels.spi.SelectorProvider;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;

/**
 * Listening sockets that systemd, or whoever started the daemon, opened for it: the protocol of sd_listen_fds(3).
 *
 * <p>By the JDK's internals, which the launcher opens for it. {@link System#inheritedChannel}, which needs none, takes
 * one socket, and when that is closed points the standard output at /dev/null: the log would end as a drain begins.
 */
public final class PassedSockets {
    private static final int FIRST = 3;

    /** What sun.nio.ch.InheritedChannel calls SOCK_STREAM, and the numbers it has for families. */
    private static final int STREAM = 1;

    private static final StandardProtocolFamily[] FAMILIES = {
        StandardProtocolFamily.INET, StandardProtocolFamily.INET6, StandardProtocolFamily.UNIX
    };

    private PassedSockets() {}

    /**
     * Returns the sockets that were passed, in their order.
     *
     * @param pid whom they must have been passed to
     * @throws IOException if one is not to be listened on, with one line that says which and why
     */
    public static List<ServerSocketChannel> of(Map<String, String> environment, long pid) throws IOException {
        List<ServerSocketChannel> all = new ArrayList<>();
        if (!String.valueOf(pid).equals(environment.get("LISTEN_PID"))) {
            return all;
        }
        int count = count(environment.getOrDefault("LISTEN_FDS", ""));
        for (int i = 0; i < count; i++) {
            all.add(socket(FIRST + i));
        }
        return all;
    }

    private static int count(String text) throws IOException {
        try {
            return Integer.parseInt(text);
        } catch (NumberFormatException e) {
            throw new IOException("LISTEN_FDS: expected a number, was \"" + text + "\"", e);
        }
    }

    private static ServerSocketChannel socket(int descriptor) throws IOException {
        String problem = "passed descriptor " + descriptor + ": expected a listening stream socket";
        try {
            // Not a socket at all gives -1 for its type.
            if ((int) ask("soType0", descriptor) != STREAM) {
                throw new IOException(problem);
            }
            if ((boolean) ask("isConnected", descriptor)) {
                throw new IOException(problem + ", was a connection; does the socket unit say Accept=yes?");
            }
            int family = (int) ask("addressFamily", descriptor);
            if (family < 1 || family > FAMILIES.length) {
                throw new IOException(problem + " of the internet or of this machine");
            }
            Class<?> files = Class.forName("sun.nio.ch.IOUtil");
            Object file =
                    accessible(files.getDeclaredMethod("newFD", int.class)).invoke(null, descriptor);
            Constructor<?> channel = Class.forName("sun.nio.ch.ServerSocketChannelImpl")
                    .getDeclaredConstructor(
                            SelectorProvider.class, ProtocolFamily.class, FileDescriptor.class, boolean.class);
            channel.setAccessible(true);
            return (ServerSocketChannel)
                    channel.newInstance(SelectorProvider.provider(), FAMILIES[family - 1], file, true);
        } catch (InvocationTargetException e) {
            throw new IOException(problem + ": " + e.getCause(), e);
        } catch (ReflectiveOperationException | RuntimeException e) {
            throw new IOException("this Java takes no passed sockets: " + e, e);
        }
    }

    private static Object ask(String question, int descriptor) throws ReflectiveOperationException {
        Class<?> inherited = Class.forName("sun.nio.ch.InheritedChannel");
        return accessible(inherited.getDeclaredMethod(question, int.class)).invoke(null, descriptor);
    }

    private static Method accessible(Method method) {
        method.setAccessible(true);
        return method;
    }
}
