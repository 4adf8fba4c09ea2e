package org.proxymachine.script;

import java.util.HashMap;
import java.util.Map;

/** Defines the classes of one load of a script, so that they can be collected together. */
final class ScriptClasses extends ClassLoader {
    /** What stack traces call the loader of each script. */
    static final String NAME = "script";

    static {
        registerAsParallelCapable();
    }

    private final Map<String, byte[]> undefined;

    ScriptClasses(CompiledScript script) {
        super(NAME, ScriptClasses.class.getClassLoader());
        undefined = new HashMap<>(script.classes());
    }

    @Override
    protected Class<?> findClass(String name) throws ClassNotFoundException {
        synchronized (getClassLoadingLock(name)) {
            byte[] bytes;
            synchronized (undefined) {
                bytes = undefined.remove(name);
            }
            if (bytes == null) {
                throw new ClassNotFoundException(name);
            }
            return defineClass(name, bytes, 0, bytes.length);
        }
    }
}
