package org.proxymachine.script;

import groovy.lang.Closure;
import groovy.lang.Script;
import java.time.Duration;
import java.util.Arrays;
import java.util.EnumMap;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/** The blocks that one script registered. */
final class Blocks {
    private final Map<Block, Closure<?>> registered = new EnumMap<>(Block.class);
    private @Nullable ClassLoader loader;

    private boolean onlyParsing;
    private @Nullable Duration silence;

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

    /** Registers the block that is called after so long a silence: seconds as a number, or text such as {@code 500ms}. */
    void registerSilent(@Nullable Object time, Closure<?> closure) {
        Duration duration = time == null ? null : ScriptNumber.seconds(time);
        if (duration == null || duration.isZero()) {
            throw new IllegalArgumentException(Block.PROXY_SILENT.word()
                    + " takes a number of seconds, more than 0, or text such as '500ms', and then a block, was "
                    + (time instanceof CharSequence text ? Quoted.of(text.toString()) : ScriptNumber.shown(time)));
        }
        register(Block.PROXY_SILENT, closure);
        silence = duration;
    }

    /** Returns after what time the block for silent clients is called; null without one. */
    @Nullable
    Duration silence() {
        return silence;
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
        int taken = closure.getMaximumNumberOfParameters();
        Object[] given = taken == arguments.length ? arguments : Arrays.copyOf(arguments, taken);
        Thread thread = Thread.currentThread();
        ClassLoader before = enter(thread);
        try {
            return closure.call(given);
        } finally {
            thread.setContextClassLoader(before);
        }
    }

    /** Evaluates the script that these are the blocks of. */
    void evaluate(Script script) {
        loader = script.getClass().getClassLoader();
        Thread thread = Thread.currentThread();
        ClassLoader before = enter(thread);
        try {
            script.run();
        } finally {
            thread.setContextClassLoader(before);
        }
    }

    // Threads that a script starts inherit its loader, and are known by it.
    private @Nullable ClassLoader enter(Thread thread) {
        ClassLoader before = thread.getContextClassLoader();
        thread.setContextClassLoader(loader);
        return before;
    }

    @Nullable
    ClassLoader loader() {
        return loader;
    }
}
