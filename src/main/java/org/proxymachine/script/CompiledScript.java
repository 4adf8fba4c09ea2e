package org.proxymachine.script;

import java.io.ByteArrayInputStream;
import java.io.ByteArrayOutputStream;
import java.io.DataInputStream;
import java.io.DataOutputStream;
import java.io.IOException;
import java.util.LinkedHashMap;
import java.util.Map;

/**
 * The classes that the compiler made of one script: one for the script itself, and one for each closure and class in it.
 *
 * @param main the name of the script's own class
 * @param classes the bytes of each class, by its name
 */
record CompiledScript(String main, Map<String, byte[]> classes) {

    byte[] encoded() throws IOException {
        ByteArrayOutputStream bytes = new ByteArrayOutputStream();
        DataOutputStream out = new DataOutputStream(bytes);
        out.writeUTF(main);
        out.writeInt(classes.size());
        for (Map.Entry<String, byte[]> each : classes.entrySet()) {
            out.writeUTF(each.getKey());
            out.writeInt(each.getValue().length);
            out.write(each.getValue());
        }
        return bytes.toByteArray();
    }

    /** @throws IOException if these are not what {@link #encoded} returned */
    static CompiledScript decoded(byte[] bytes) throws IOException {
        DataInputStream in = new DataInputStream(new ByteArrayInputStream(bytes));
        String main = in.readUTF();
        int count = in.readInt();
        Map<String, byte[]> classes = new LinkedHashMap<>();
        for (int i = 0; i < count; i++) {
            String name = in.readUTF();
            int size = in.readInt();
            if (size < 0 || size > in.available()) {
                throw new IOException("a class of " + size + " bytes in " + in.available());
            }
            classes.put(name, in.readNBytes(size));
        }
        return new CompiledScript(main, classes);
    }
}
