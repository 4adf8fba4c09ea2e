package org.proxymachine.script;

import groovy.lang.GroovySystem;
import java.io.IOException;
import java.net.URISyntaxException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.TreeSet;

/** What the classes of a script depend on, as one SHA-256: where two keys are the same, so are the classes. */
final class ScriptKey {
    private ScriptKey() {}

    static byte[] of(String text, String fileName) {
        StringBuilder all = new StringBuilder();
        add(all, "build", build());
        add(all, "groovy", GroovySystem.getVersion());
        // The compiler looks up the classes that a script names, so another JDK may mean another overload.
        add(all, "java", String.valueOf(Runtime.version().feature()));
        // groovy.target.indy and its like: what the compiler takes for its defaults.
        for (String name : new TreeSet<>(System.getProperties().stringPropertyNames())) {
            if (name.startsWith("groovy.")) {
                add(all, name, System.getProperty(name, ""));
            }
        }
        add(all, "file", fileName);
        add(all, "text", text);
        return sha256(all.toString().getBytes(StandardCharsets.UTF_8));
    }

    // With its length, so that no value can be read as another part.
    private static void add(StringBuilder all, String name, String value) {
        all.append(name)
                .append(' ')
                .append(value.length())
                .append(' ')
                .append(value)
                .append('\n');
    }

    // The version alone would be the same for each build between two releases: base class and compiler settings are in
    // the jar, so its time and size stand for them.
    private static String build() {
        try {
            Path jar = Path.of(ScriptKey.class
                    .getProtectionDomain()
                    .getCodeSource()
                    .getLocation()
                    .toURI());
            return ScriptKey.class.getPackage().getImplementationVersion() + " " + Files.size(jar) + " "
                    + Files.getLastModifiedTime(jar).toMillis();
        } catch (IOException | URISyntaxException e) {
            return "unknown";
        }
    }

    static byte[] sha256(byte[]... parts) {
        try {
            MessageDigest digest = MessageDigest.getInstance("SHA-256");
            for (byte[] part : parts) {
                digest.update(part);
            }
            return digest.digest();
        } catch (NoSuchAlgorithmException e) {
            throw new IllegalStateException("every Java has SHA-256", e);
        }
    }
}
