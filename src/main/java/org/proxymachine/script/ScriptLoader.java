package org.proxymachine.script;

import groovy.lang.GroovyClassLoader;
import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.nio.charset.CharacterCodingException;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import javax.script.ScriptContext;
import javax.script.ScriptEngine;
import javax.script.ScriptException;
import org.codehaus.groovy.control.CompilerConfiguration;
import org.codehaus.groovy.jsr223.GroovyScriptEngineImpl;
import org.proxymachine.route.Client;
import org.proxymachine.route.Router;
import org.proxymachine.route.RouterSource;
import org.proxymachine.route.RoutingException;

/**
 * Makes routers of a script file. Each load has a class loader and an engine of its own: an engine keeps hold of every
 * closure that a script ever defined, so one that outlived a reload would keep all scripts before it.
 */
public final class ScriptLoader implements RouterSource {
    private static final InetSocketAddress NOBODY = new InetSocketAddress(InetAddress.getLoopbackAddress(), 0);

    private final Path file;
    private final FutureWatch futures = new FutureWatch();

    /** A loader that reads this file at each load. */
    public ScriptLoader(Path file) {
        this.file = file;
    }

    @Override
    public Router load() {
        String text = read();
        ScriptErrors errors = new ScriptErrors(file.getFileName().toString());
        Blocks blocks = new Blocks();
        try {
            evaluate(text, blocks);
        } catch (OutOfMemoryError e) {
            throw e;
        } catch (Throwable e) {
            throw errors.atLoad(e);
        }
        if (!blocks.has(Block.PROXY)) {
            throw new RoutingException(
                    file + ": registers no proxy block, expected proxy { data -> [remote: 'host:port'] }", null);
        }
        ScriptRouter router = new ScriptRouter(errors, blocks, new DecisionMapper(futures));
        router.rehearse(new Client(0, NOBODY, NOBODY));
        return router;
    }

    private String read() {
        try {
            return Files.readString(file);
        } catch (NoSuchFileException e) {
            throw new RoutingException(file + ": no such file", e);
        } catch (CharacterCodingException e) {
            throw new RoutingException(file + ": must be text in UTF-8", e);
        } catch (IOException e) {
            String why = Files.isDirectory(file) ? "is a directory, expected a Groovy script" : "cannot be read";
            throw new RoutingException(file + ": " + why, e);
        }
    }

    private void evaluate(String text, Blocks blocks) throws ScriptException {
        CompilerConfiguration configuration = new CompilerConfiguration();
        configuration.setScriptBaseClass(RoutingScript.class.getName());
        GroovyClassLoader loader = new GroovyClassLoader(ScriptLoader.class.getClassLoader(), configuration);
        ScriptEngine engine = new GroovyScriptEngineImpl(loader);
        ScriptContext context = engine.getContext();
        context.setWriter(new LogWriter());
        context.setAttribute(ScriptEngine.FILENAME, file.getFileName().toString(), ScriptContext.ENGINE_SCOPE);
        context.setAttribute(RoutingScript.BLOCKS, blocks, ScriptContext.ENGINE_SCOPE);
        engine.eval(text);
    }
}
