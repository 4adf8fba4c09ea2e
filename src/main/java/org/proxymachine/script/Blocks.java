package org.proxymachine.script;

import groovy.lang.Closure;
import groovy.lang.Script;
import java.util.Arrays;
import java.util.EnumMap;
import java.util.Map;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;

/** The blocks that one script registered. */
final class Blocks {
    private final Map<Block, Closure<?>> registered = new EnumMap<>(Block.class);
    private @Nullable ClassLoader loader;

    private boolean onlyParsing;

    void register(Block block, Closure<?> closure) {
        if (registered.containsKey(block)) {
            throw new IllegalArgumentException(block.word() + " is registered twice");
        }
        if (closure.getMaximumNumberOfParameters() > block.maxParameters()) {
            throw new IllegalArgumentException(block.word() + " takes a block of at most " + block.maxParameters()
                    + " parameters, found " + closure.getMaximumNumberOfParameters());
        }
        registered.put(block, closure);
    }

    /** Says of the block that routes that it gives its data to parsers alone. */
    void onlyParsing() {
        onlyParsing = true;
    }

    boolean isOnlyParsing() {
        return onlyParsing;
    }

    boolean has(Block block) {
        return registered.containsKey(block);
    }

    /** Calls a block that is registered with as many of these arguments as it takes. */
    @Nullable
    Object call(Block block, Object... arguments) {
        Closure<?> closure = registered.get(block);
        if (closure == null) {
            throw new IllegalStateException(block.word() + " is not registered");
        }
        return asOwn(() -> closure.call(Arrays.copyOf(arguments, closure.getMaximumNumberOfParameters())));
    }

    /** Evaluates the script that these are the blocks of. */
    void evaluate(Script script) {
        loader = script.getClass().getClassLoader();
        var unused = asOwn(script::run);
    }

    // Threads that a script starts inherit its loader, and are known by it.
    private <T> @Nullable T asOwn(Supplier<@Nullable T> call) {
        Thread thread = Thread.currentThread();
        ClassLoader before = thread.getContextClassLoader();
        thread.setContextClassLoader(loader);
        try {
            return call.get();
        } finally {
            thread.setContextClassLoader(before);
        }
    }

    @Nullable
    ClassLoader loader() {
        return loader;
    }
}
