package org.proxymachine.script;

import groovy.lang.GroovyClassLoader;
import groovy.lang.GroovyCodeSource;
import groovyjarjarasm.asm.ClassTooLargeException;
import groovyjarjarasm.asm.MethodTooLargeException;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import javax.script.Compilable;
import javax.script.ScriptContext;
import javax.script.ScriptEngine;
import javax.script.ScriptException;
import org.codehaus.groovy.ast.ClassHelper;
import org.codehaus.groovy.ast.ClassNode;
import org.codehaus.groovy.classgen.GeneratorContext;
import org.codehaus.groovy.control.CompilationFailedException;
import org.codehaus.groovy.control.CompilePhase;
import org.codehaus.groovy.control.CompilerConfiguration;
import org.codehaus.groovy.control.MultipleCompilationErrorsException;
import org.codehaus.groovy.control.SourceUnit;
import org.codehaus.groovy.control.customizers.CompilationCustomizer;
import org.codehaus.groovy.control.messages.ExceptionMessage;
import org.codehaus.groovy.jsr223.GroovyScriptEngineImpl;
import org.codehaus.groovy.syntax.SyntaxException;

/**
 * Compiles scripts, by an engine of its own for each: one that outlived a reload would keep all scripts before it. To
 * load this class is to load the compiler, half a second and 40 MB, so what only runs scripts must not touch it.
 */
final class ScriptCompiler {
    private ScriptCompiler() {}

    /**
     * Compiles a text, whose blocks may be nested as deep as the caller's stack allows.
     *
     * @param fileName for the messages, and the stack traces of the script
     */
    static CompiledScript compile(String text, String fileName) throws ScriptException, SyntaxException {
        Brackets.check(text);
        Map<String, byte[]> classes = new LinkedHashMap<>();
        CompilerConfiguration configuration = new CompilerConfiguration();
        configuration.setScriptBaseClass(RoutingScript.class.getName());
        configuration.addCompilationCustomizers(new OnlyParsed());
        configuration.setBytecodePostprocessor((name, bytes) -> {
            classes.put(name, bytes);
            return bytes;
        });
        configuration.setDisabledGlobalASTTransformations(Set.of(NoGrapes.TRANSFORMATION));
        Preparation preparation = new Preparation();
        configuration.addCompilationCustomizers(preparation);
        Loader loader = new Loader(configuration);
        ScriptEngine engine = new GroovyScriptEngineImpl(loader);
        engine.getContext().setAttribute(ScriptEngine.FILENAME, fileName, ScriptContext.ENGINE_SCOPE);
        try {
            ((Compilable) engine).compile(text);
        } catch (ScriptException | CompilationFailedException e) {
            if (isTooLarge(e)) {
                throw new TooLargeException(LargestBlock.line(preparation.types), e);
            }
            throw e;
        }
        return new CompiledScript(loader.main, classes);
    }

    private static boolean isTooLarge(Throwable error) {
        for (Throwable cause = error; cause != null; cause = cause.getCause()) {
            if (cause instanceof MultipleCompilationErrorsException compilation) {
                return compilation.getErrorCollector().getErrors().stream()
                        .anyMatch(message -> message instanceof ExceptionMessage failure
                                && (failure.getCause() instanceof MethodTooLargeException
                                        || failure.getCause() instanceof ClassTooLargeException));
            }
        }
        return false;
    }

    /** What happens to each class of a script as soon as it is parsed. */
    private static final class Preparation extends CompilationCustomizer {
        private final List<ClassNode> types = new ArrayList<>();

        Preparation() {
            super(CompilePhase.CONVERSION);
        }

        @Override
        public void call(SourceUnit source, GeneratorContext context, ClassNode type) {
            types.add(type);
            if (ClassHelper.isPrimitiveType(ClassHelper.make(type.getName()))) {
                // The class of long.groovy would be taken for the type of that name.
                type.setName(type.getName() + "_");
            }
            new NoGrapes(source).check(type.getModule(), type);
            new Tables(source).visitClass(type);
        }
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
