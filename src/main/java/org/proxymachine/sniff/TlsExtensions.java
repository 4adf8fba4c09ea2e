package org.proxymachine.sniff;

import java.util.ArrayList;
import java.util.HexFormat;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** Reads the extensions of a ClientHello that there is something to route by. What is odd in one ends its reading. */
final class TlsExtensions {
    private static final int RANDOM_BYTES = 32;

    private static final int HOST_NAME = 0;

    private TlsExtensions() {}

    /** Returns those of a hello (RFC 8446, section 4.1.2) whose version has been read. */
    static Cursor of(Cursor hello) {
        part(hello, RANDOM_BYTES);
        part8(hello);
        vector16(hello);
        part8(hello);
        return vector16(hello);
    }

    private static Cursor part8(Cursor vector) {
        return vector.atEnd() ? vector : part(vector, vector.u8());
    }

    /** RFC 6066, section 3: null if there is no name, one that can be none, or more than one. */
    static @Nullable String serverName(Cursor extension) {
        Cursor names = vector16(extension);
        String host = null;
        int hosts = 0;
        while (names.left() >= 3) {
            int type = names.u8();
            Cursor name = part(names, names.u16());
            if (type == HOST_NAME) {
                String text = Text.of(name.rest());
                host = ++hosts == 1 && text.indexOf(':') < 0 ? HostName.orNull(text, "_") : null;
            }
        }
        return host;
    }

    /** RFC 7301, section 3.1. */
    static List<String> protocols(Cursor extension) {
        Cursor list = vector16(extension);
        List<String> protocols = new ArrayList<>();
        while (!list.atEnd()) {
            protocols.add(Text.of(part(list, list.u8()).rest()));
        }
        return protocols;
    }

    /** RFC 8446, section 4.2.1: without the made-up ones of GREASE (RFC 8701). */
    static List<String> versions(Cursor extension, List<String> otherwise) {
        if (extension.atEnd()) {
            return otherwise;
        }
        Cursor list = part(extension, extension.u8());
        List<String> versions = new ArrayList<>();
        while (list.left() >= 2) {
            int version = list.u16();
            if (!isGrease(version)) {
                versions.add(version(version));
            }
        }
        return versions;
    }

    private static boolean isGrease(int value) {
        return (value & 0x0f0f) == 0x0a0a && value >> 8 == (value & 0xff);
    }

    static String version(int version) {
        if (version == 2) {
            return "ssl2";
        }
        if (version >> 8 != 3) {
            // A draft's.
            return HexFormat.of().toHexDigits((short) version);
        }
        int minor = version & 0xff;
        return minor == 0 ? "ssl3" : "1." + (minor - 1);
    }

    private static Cursor vector16(Cursor vector) {
        return vector.left() < 2 ? vector.slice(0) : part(vector, vector.u16());
    }

    private static Cursor part(Cursor whole, int length) {
        return whole.slice(Math.min(length, whole.left()));
    }
}
