package org.proxymachine.script;

import groovy.lang.Binding;
import groovy.lang.GroovySystem;
import java.io.IOException;
import java.io.PrintWriter;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import org.jspecify.annotations.Nullable;
import org.proxymachine.route.Client;
import org.proxymachine.route.Router;
import org.proxymachine.route.RouterSource;
import org.proxymachine.route.RoutingException;
import org.proxymachine.route.TextFile;

/**
 * Makes routers of a script file. Each load has a class loader of its own, so that an old script can be collected, and
 * runs the same way whether its classes come from the compiler or from the cache.
 */
public final class ScriptLoader implements RouterSource {
    private static final InetSocketAddress NOBODY = new InetSocketAddress(InetAddress.getLoopbackAddress(), 0);

    private static final long MAX_BYTES = 4 << 20;

    private final Path file;
    private final @Nullable ScriptCache cache;
    private final FutureWatch futures = new FutureWatch();

    /** A loader that reads and compiles this file at each load. */
    public ScriptLoader(Path file) {
        this(file, null);
    }

    /** A loader that compiles this file where the cache has nothing for it. */
    public ScriptLoader(Path file, @Nullable ScriptCache cache) {
        this.file = file;
        this.cache = cache;
    }

    /** Has Groovy's runtime begin to set itself up, which takes a while, on a thread of its own. */
    public static void prepare() {
        Thread thread = new Thread(GroovySystem::getMetaClassRegistry, "groovy");
        thread.setDaemon(true);
        thread.start();
    }

    /** Returns {@code file:line} of where a thread with this stack is in a script, or null if it is in none. */
    public static @Nullable String line(StackTraceElement[] stack) {
        for (StackTraceElement frame : stack) {
            if (ScriptClasses.NAME.equals(frame.getClassLoaderName())) {
                return frame.getFileName() + ":" + frame.getLineNumber();
            }
        }
        return null;
    }

    /**
     * Compiles, evaluates and tries out the script, in the same way for whoever asks: a start, a reload, a check.
     *
     * @throws RoutingException in one line, if it does not compile, fails, registers no block, or answers the trial call
     *     with what is no decision
     */
    @Override
    public Router load() {
        String text = read();
        ScriptErrors errors = new ScriptErrors(file.getFileName().toString());
        Blocks blocks = new Blocks();
        try {
            return router(text, errors, blocks);
        } catch (RoutingException e) {
            // What it opened before it was refused.
            new ScriptUnload(errors, blocks).finish();
            throw e;
        }
    }

    private Router router(String text, ScriptErrors errors, Blocks blocks) {
        try {
            evaluate(text, blocks);
        } catch (Throwable e) {
            throw errors.atLoad(e);
        }
        if (!blocks.has(Block.PROXY) && !blocks.has(Block.PROXY_ACCEPT)) {
            throw new RoutingException(
                    file
                            + ": registers no proxy block, expected proxy { data -> [remote: 'host:port'] } or proxy_accept",
                    null);
        }
        ScriptRouter router = new ScriptRouter(errors, blocks, futures, new ScriptUnload(errors, blocks));
        router.tryOut(new Client(0, NOBODY, NOBODY));
        return router;
    }

    private String read() {
        try {
            checkLength(Files.size(file));
            String text = TextFile.read(file);
            // Of what comes out of a pipe nobody knows the length before.
            checkLength(text.length());
            return text;
        } catch (IllegalArgumentException e) {
            throw new RoutingException(String.valueOf(e.getMessage()), e);
        } catch (NoSuchFileException e) {
            throw new RoutingException(file + ": no such file", e);
        } catch (IOException e) {
            String why = Files.isDirectory(file) ? "is a directory, expected a Groovy script" : "cannot be read";
            throw new RoutingException(file + ": " + why, e);
        }
    }

    private void checkLength(long bytes) {
        if (bytes > MAX_BYTES) {
            throw new IllegalArgumentException(file + ": must have at most " + MAX_BYTES / (1 << 20)
                    + " MB, as compiling takes long, was " + bytes
                    + " bytes: a table belongs in a file that the script reads");
        }
    }

    private void evaluate(String text, Blocks blocks) throws Exception {
        CompiledScript compiled = compiled(text);
        Class<?> main = new ScriptClasses(compiled).loadClass(compiled.main());
        // A file that only defines classes has no script to run.
        if (RoutingScript.class.isAssignableFrom(main)) {
            RoutingScript script = (RoutingScript) main.getConstructor().newInstance();
            Binding binding = new Binding();
            binding.setVariable("out", new PrintWriter(new LogWriter(), true));
            binding.setVariable(RoutingScript.BLOCKS, blocks);
            script.setBinding(binding);
            blocks.evaluate(script);
        }
    }

    private CompiledScript compiled(String text) throws Exception {
        String fileName = file.getFileName().toString();
        if (cache == null) {
            return CompilerThread.compile(text, fileName);
        }
        byte[] key = ScriptKey.of(text, fileName);
        CompiledScript found = cache.find(key);
        if (found != null) {
            return found;
        }
        CompiledScript compiled = CompilerThread.compile(text, fileName);
        cache.store(key, compiled);
        return compiled;
    }
}
