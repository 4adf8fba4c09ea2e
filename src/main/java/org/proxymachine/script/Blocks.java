package org.proxymachine.script;

import groovy.lang.Closure;
import java.util.Arrays;
import java.util.EnumMap;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/** The blocks that one script registered. */
final class Blocks {
    private final Map<Block, Closure<?>> registered = new EnumMap<>(Block.class);

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
        return closure.call(Arrays.copyOf(arguments, closure.getMaximumNumberOfParameters()));
    }
}
