package org.proxymachine.script;

import java.util.ArrayList;
import java.util.List;
import org.codehaus.groovy.ast.ClassNode;
import org.codehaus.groovy.ast.CodeVisitorSupport;
import org.codehaus.groovy.ast.MethodNode;
import org.codehaus.groovy.ast.expr.ClosureExpression;
import org.codehaus.groovy.ast.expr.ConstantExpression;
import org.codehaus.groovy.ast.expr.VariableExpression;
import org.codehaus.groovy.ast.stmt.BlockStatement;
import org.codehaus.groovy.ast.stmt.Statement;
import org.jspecify.annotations.Nullable;

/** Finds the largest block, method or closure of a script: that one is too large, which the JVM says without a line. */
final class LargestBlock extends CodeVisitorSupport {
    private int size;
    private int largest;
    private int line;

    private LargestBlock() {}

    /** Returns the line of the largest statement in it. */
    static int line(List<ClassNode> types) {
        LargestBlock found = new LargestBlock();
        for (ClassNode type : types) {
            List<MethodNode> methods = new ArrayList<>(type.getMethods());
            methods.addAll(type.getDeclaredConstructors());
            methods.forEach(method -> found.look(method.getCode()));
        }
        return found.line;
    }

    private void look(@Nullable Statement code) {
        if (code == null) {
            return;
        }
        int outer = size;
        int total = 0;
        int most = 0;
        int where = code.getLineNumber();
        for (Statement each : code instanceof BlockStatement block ? block.getStatements() : List.of(code)) {
            size = 0;
            each.visit(this);
            total += size;
            if (size > most) {
                most = size;
                where = each.getLineNumber();
            }
        }
        if (total > largest) {
            largest = total;
            line = where;
        }
        size = outer;
    }

    @Override
    public void visitClosureExpression(ClosureExpression closure) {
        look(closure.getCode());
    }

    @Override
    public void visitConstantExpression(ConstantExpression constant) {
        size++;
    }

    @Override
    public void visitVariableExpression(VariableExpression variable) {
        size++;
    }
}
