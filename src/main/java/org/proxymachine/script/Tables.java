package org.proxymachine.script;

import java.math.BigDecimal;
import java.math.BigInteger;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.codehaus.groovy.ast.ClassCodeExpressionTransformer;
import org.codehaus.groovy.ast.ClassHelper;
import org.codehaus.groovy.ast.expr.ArgumentListExpression;
import org.codehaus.groovy.ast.expr.ClosureExpression;
import org.codehaus.groovy.ast.expr.ConstantExpression;
import org.codehaus.groovy.ast.expr.Expression;
import org.codehaus.groovy.ast.expr.ListExpression;
import org.codehaus.groovy.ast.expr.MapEntryExpression;
import org.codehaus.groovy.ast.expr.MapExpression;
import org.codehaus.groovy.ast.expr.StaticMethodCallExpression;
import org.codehaus.groovy.ast.expr.UnaryMinusExpression;
import org.codehaus.groovy.control.SourceUnit;
import org.jspecify.annotations.Nullable;

/**
 * Puts a call of {@link Table} in place of each large Map or List of constants in a script. Written out as code, 3,000
 * rows would be more than the JVM takes for a method.
 */
final class Tables extends ClassCodeExpressionTransformer {
    /** Fewer are as well off as code. */
    private static final int MIN_CONSTANTS = 200;

    private final SourceUnit source;

    Tables(SourceUnit source) {
        this.source = source;
    }

    @Override
    protected SourceUnit getSourceUnit() {
        return source;
    }

    @Override
    public @Nullable Expression transform(@Nullable Expression expression) {
        if (expression instanceof ClosureExpression closure) {
            visitClosureExpression(closure);
            return closure;
        }
        if (expression != null && (isMap(expression) || isList(expression))) {
            Constants constants = new Constants();
            Object table = constants.of(expression);
            if (constants.all && constants.count >= MIN_CONSTANTS) {
                return call(expression, table);
            }
        }
        return super.transform(expression);
    }

    private static boolean isList(Expression expression) {
        return expression.getClass() == ListExpression.class;
    }

    // Not of a class below: named arguments are another kind of Map.
    private static boolean isMap(Expression expression) {
        return expression.getClass() == MapExpression.class;
    }

    private static Expression call(Expression replaced, @Nullable Object table) {
        ListExpression texts = new ListExpression();
        for (String text : Table.texts(table)) {
            texts.addExpression(new ConstantExpression(text));
        }
        Expression call = new StaticMethodCallExpression(
                ClassHelper.make(Table.class), isMap(replaced) ? "map" : "list", new ArgumentListExpression(texts));
        call.setSourcePosition(replaced);
        return call;
    }

    /** The value of an expression, if it is made of constants alone, and how many these are. */
    private static final class Constants {
        private boolean all = true;
        private int count;

        @Nullable
        Object of(Expression expression) {
            if (isMap(expression)) {
                return entries(((MapExpression) expression).getMapEntryExpressions());
            }
            if (isList(expression)) {
                return elements(((ListExpression) expression).getExpressions());
            }
            count++;
            Object value = value(expression);
            all &= Table.canHold(value);
            return value;
        }

        private Map<@Nullable Object, @Nullable Object> entries(List<MapEntryExpression> entries) {
            Map<@Nullable Object, @Nullable Object> map = new LinkedHashMap<>();
            for (MapEntryExpression each : entries) {
                map.put(of(each.getKeyExpression()), of(each.getValueExpression()));
            }
            return map;
        }

        private List<@Nullable Object> elements(List<Expression> elements) {
            List<@Nullable Object> list = new ArrayList<>();
            for (Expression each : elements) {
                list.add(of(each));
            }
            return list;
        }

        private static @Nullable Object value(Expression expression) {
            if (expression.getClass() == ConstantExpression.class) {
                return ((ConstantExpression) expression).getValue();
            }
            return expression instanceof UnaryMinusExpression minus
                    ? negated(value(minus.getExpression()))
                    : expression;
        }

        private static @Nullable Object negated(@Nullable Object number) {
            return number instanceof Integer value
                    ? (Object) (-value)
                    : number instanceof Long value
                            ? (Object) (-value)
                            : number instanceof BigDecimal value
                                    ? value.negate()
                                    : number instanceof BigInteger value ? value.negate() : Constants.class;
        }
    }
}
