package org.proxymachine.script;

import groovy.lang.GroovyClassLoader;
import groovy.lang.GroovyCodeSource;
import java.util.LinkedHashMap;
import java.util.Map;
import javax.script.Compilable;
import javax.script.ScriptContext;
import javax.script.ScriptEngine;
import javax.script.ScriptException;
import org.codehaus.groovy.control.CompilerConfiguration;
import org.codehaus.groovy.jsr223.GroovyScriptEngineImpl;

/**
 * Compiles scripts, by an engine of its own for each: one that outlived a reload would keep all scripts before it. To
 * load this class is to load the compiler, half a second and 40 MB, so what only runs scripts must not touch it.
 */
final class ScriptCompiler {
    private ScriptCompiler() {}

    /**
     * Compiles a text.
     *
     * @param fileName for the messages, and the stack traces of the script
     */
    static CompiledScript compile(String text, String fileName) throws ScriptException {
        Map<String, byte[]> classes = new LinkedHashMap<>();
        CompilerConfiguration configuration = new CompilerConfiguration();
        configuration.setScriptBaseClass(RoutingScript.class.getName());
        configuration.setBytecodePostprocessor((name, bytes) -> {
            classes.put(name, bytes);
            return bytes;
        });
        Loader loader = new Loader(configuration);
        ScriptEngine engine = new GroovyScriptEngineImpl(loader);
        engine.getContext().setAttribute(ScriptEngine.FILENAME, fileName, ScriptContext.ENGINE_SCOPE);
        ((Compilable) engine).compile(text);
        return new CompiledScript(loader.main, classes);
    }

    /** Remembers which of the classes is the script's own, as the engine keeps that to itself. */
    private static final class Loader extends GroovyClassLoader {
        private String main = "";

        Loader(CompilerConfiguration configuration) {
            super(ScriptCompiler.class.getClassLoader(), configuration);
        }

        @Override
        public Class<?> parseClass(GroovyCodeSource source, boolean cached) {
            Class<?> parsed = super.parseClass(source, cached);
            main = parsed.getName();
            return parsed;
        }
    }
}
