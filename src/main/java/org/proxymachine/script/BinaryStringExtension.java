package org.proxymachine.script;

import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * What Groovy adds to a String in scripts: {@code data.unpack('CCnC4a*')} takes a binary string (each char a byte, 0 to
 * 255) apart as Ruby's {@code String#unpack} does. Groovy finds this class by its module descriptor in {@code
 * META-INF/groovy}, which is why it is public.
 */
public final class BinaryStringExtension {
    private BinaryStringExtension() {}

    /**
     * Returns what the directives find, in order. Numbers whose bytes are missing are null, 65,536 of them at most.
     * Native sizes are those of 64-bit Linux and the native byte order is little endian, on every machine.
     *
     * @param self the binary string
     * @param directives as Ruby documents them, but for the pointers P and p
     * @return a list of Integer, Long, BigInteger, Double, String and null
     * @throws IllegalArgumentException in one line, for a char above 255 or directives that cannot be followed
     */
    public static List<@Nullable Object> unpack(String self, String directives) {
        return Unpack.unpack(self, directives);
    }

    /**
     * Returns the first of what {@link #unpack} finds, or null if that is nothing. All directives are followed, and
     * may fail, even those behind the first value.
     *
     * @param self the binary string
     * @param directives as for {@link #unpack}
     * @return the first value
     * @throws IllegalArgumentException as {@link #unpack} does
     */
    public static @Nullable Object unpack1(String self, String directives) {
        List<@Nullable Object> values = Unpack.unpack(self, directives);
        return values.isEmpty() ? null : values.get(0);
    }
}
