package org.proxymachine.script;

import java.util.Set;
import org.codehaus.groovy.ast.ClassCodeVisitorSupport;
import org.codehaus.groovy.ast.ClassNode;
import org.codehaus.groovy.ast.CodeVisitorSupport;
import org.codehaus.groovy.ast.Parameter;
import org.codehaus.groovy.ast.expr.ArgumentListExpression;
import org.codehaus.groovy.ast.expr.ClosureExpression;
import org.codehaus.groovy.ast.expr.ConstantExpression;
import org.codehaus.groovy.ast.expr.Expression;
import org.codehaus.groovy.ast.expr.MethodCallExpression;
import org.codehaus.groovy.ast.expr.VariableExpression;
import org.codehaus.groovy.classgen.GeneratorContext;
import org.codehaus.groovy.control.CompilePhase;
import org.codehaus.groovy.control.SourceUnit;
import org.codehaus.groovy.control.customizers.CompilationCustomizer;
import org.jspecify.annotations.Nullable;

/**
 * Finds out whether a script's {@code proxy} block gives what the client has said to parsers and looks at it in no other
 * way, and then has it register by another name. Such a block can say nothing new until the parser that waits can, so it
 * need not be called, and its data not be copied, for each chunk of a long message.
 */
final class OnlyParsed extends CompilationCustomizer {
    private static final String BLOCK = "proxy";
    private static final String MARKED = "proxyOnlyParsing";

    private static final Set<String> PARSERS = Set.of(
            "tls",
            "http",
            "git",
            "ssh",
            "postgres",
            "redis",
            "mqtt",
            "socks4",
            "socks5",
            "rdp",
            "minecraft",
            "proxyProtocol");

    OnlyParsed() {
        // Variables are known by then, so a call of a closure in one is no call of a parser any more.
        super(CompilePhase.CANONICALIZATION);
    }

    @Override
    public void call(SourceUnit source, GeneratorContext context, ClassNode script) {
        new ClassCodeVisitorSupport() {
            @Override
            protected SourceUnit getSourceUnit() {
                return source;
            }

            @Override
            public void visitMethodCallExpression(MethodCallExpression call) {
                super.visitMethodCallExpression(call);
                if (isOwn(call, BLOCK) && onlyParses(closure(call), script)) {
                    call.setMethod(new ConstantExpression(MARKED));
                }
            }
        }.visitClass(script);
    }

    private static boolean isOwn(MethodCallExpression call, @Nullable String method) {
        return call.isImplicitThis() && method != null && method.equals(call.getMethodAsString());
    }

    private static @Nullable ClosureExpression closure(MethodCallExpression call) {
        return call.getArguments() instanceof ArgumentListExpression arguments
                        && arguments.getExpressions().size() == 1
                        && arguments.getExpression(0) instanceof ClosureExpression closure
                ? closure
                : null;
    }

    private static boolean onlyParses(@Nullable ClosureExpression block, ClassNode script) {
        Parameter[] parameters = block == null ? null : block.getParameters();
        if (block == null || parameters == null || parameters.length == 0) {
            return false;
        }
        Uses uses = new Uses(parameters[0].getName(), script);
        block.getCode().visit(uses);
        return uses.parses && !uses.looks;
    }

    /** What a block does with its data. */
    private static final class Uses extends CodeVisitorSupport {
        private final String data;
        private final ClassNode script;
        private boolean parses;
        private boolean looks;

        Uses(String data, ClassNode script) {
            this.data = data;
            this.script = script;
        }

        @Override
        public void visitMethodCallExpression(MethodCallExpression call) {
            String method = call.getMethodAsString();
            boolean parser = isOwn(call, method)
                    && PARSERS.contains(method)
                    && script.getDeclaredMethods(method).isEmpty();
            if (!parser || !(call.getArguments() instanceof ArgumentListExpression arguments)) {
                super.visitMethodCallExpression(call);
                return;
            }
            for (Expression argument : arguments) {
                if (isData(argument)) {
                    parses = true;
                } else {
                    argument.visit(this);
                }
            }
        }

        @Override
        public void visitVariableExpression(VariableExpression variable) {
            looks |= isData(variable);
        }

        private boolean isData(Expression expression) {
            return expression instanceof VariableExpression variable
                    && variable.getName().equals(data);
        }
    }
}
