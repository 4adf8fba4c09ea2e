package org.proxymachine.cli;

import java.lang.reflect.InvocationHandler;
import java.lang.reflect.Proxy;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Signal handlers. By reflection, since the compiler warns of sun.misc.Signal in a way that nothing can suppress, and
 * warnings fail the build. QUIT is not to be had, as HotSpot keeps it for thread dumps: the launcher sends USR1 for it.
 */
final class Signals {
    private static final Logger LOG = LoggerFactory.getLogger(Signals.class);

    private Signals() {}

    /** Runs this, on a thread of its own, each time the signal comes. Says so in the log where it cannot be had. */
    static void handle(String name, Runnable action) {
        try {
            Class<?> handler = Class.forName("sun.misc.SignalHandler");
            InvocationHandler invocation = (proxy, method, arguments) -> switch (method.getName()) {
                case "handle" -> {
                    action.run();
                    yield null;
                }
                case "hashCode" -> System.identityHashCode(proxy);
                case "equals" -> proxy == arguments[0];
                default -> "handler of " + name;
            };
            Object proxy = Proxy.newProxyInstance(Signals.class.getClassLoader(), new Class<?>[] {handler}, invocation);
            type().getMethod("handle", type(), handler).invoke(null, signal(name), proxy);
        } catch (ReflectiveOperationException e) {
            LOG.warn("signal {} cannot be handled here: {}", name, String.valueOf(e.getCause()));
        }
    }

    /** Sends this process a signal. */
    static void raise(String name) throws ReflectiveOperationException {
        type().getMethod("raise", type()).invoke(null, signal(name));
    }

    private static Class<?> type() throws ClassNotFoundException {
        return Class.forName("sun.misc.Signal");
    }

    private static Object signal(String name) throws ReflectiveOperationException {
        return type().getConstructor(String.class).newInstance(name);
    }
}
