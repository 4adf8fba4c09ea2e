package org.proxymachine.script;

import groovy.lang.Closure;
import groovy.lang.GString;
import java.util.stream.BaseStream;
import org.jspecify.annotations.Nullable;

/** What a log line says of a value in place of the value itself, which may be what a client sent. */
final class TypeName {
    private TypeName() {}

    /** Returns {@code null}, {@code true}, {@code false}, or the type with an article: {@code an Integer}. */
    static String of(@Nullable Object value) {
        if (value == null) {
            return "null";
        }
        if (value instanceof Boolean) {
            return value.toString();
        }
        String name = simple(value);
        return (name.matches("[AEIOaeio].*") ? "an " : "a ") + name;
    }

    // By the name that the script's author knows, where Java has a class of another for it.
    private static String simple(Object value) {
        if (value instanceof GString) {
            return "GString";
        }
        if (value instanceof Closure) {
            return "Closure";
        }
        if (value instanceof BaseStream) {
            return "Stream";
        }
        String name = value.getClass().getSimpleName();
        return name.isEmpty() ? value.getClass().getName() : name;
    }
}
