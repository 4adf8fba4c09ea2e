package org.proxymachine.script;

import java.util.List;
import org.jspecify.annotations.Nullable;

/** What Groovy adds to String in scripts (META-INF/groovy names this class). Public for Groovy's sake. */
public final class BinaryStringExtension {
    private BinaryStringExtension() {}

    /**
     * Takes a binary string apart by directives such as {@code 'CCnC4a*'}, as Ruby's String#unpack does.
     *
     * @throws IllegalArgumentException for a directive that does not exist, or a char above 255
     */
    public static List<@Nullable Object> unpack(String self, String directives) {
        return Unpack.unpack(self, directives);
    }
}
