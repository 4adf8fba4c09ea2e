package org.proxymachine.script;

import java.util.ArrayList;
import java.util.List;

/**
 * One directive of a template for {@link Unpack}.
 *
 * @param counted whether a count was given; if not it is 1
 * @param star whether {@code *} was given in place of a count
 * @param wide whether {@code _} or {@code !} asks for the platform's own size
 * @param bigEndian whether the most significant byte comes first
 */
record UnpackDirective(char letter, int count, boolean counted, boolean star, boolean wide, boolean bigEndian) {
    private static final String LETTERS = "CcSsLlQqJjIinNvVUwDdFfEeGgAaZBbHhMmux@X";
    private static final String WITH_MODIFIERS = "SsLlQqJjIi";

    static List<UnpackDirective> parse(String template) {
        List<UnpackDirective> directives = new ArrayList<>();
        int i = 0;
        while (i < template.length()) {
            char letter = template.charAt(i);
            if (letter == '#') {
                int end = template.indexOf('\n', i);
                i = end < 0 ? template.length() : end;
            } else if (Character.isWhitespace(letter) || letter == 0) {
                i++;
            } else {
                i = parseOne(template, i, directives);
            }
        }
        return directives;
    }

    private static int parseOne(String template, int start, List<UnpackDirective> directives) {
        char letter = template.charAt(start);
        if (LETTERS.indexOf(letter) < 0) {
            throw new IllegalArgumentException(
                    "unpack: unknown directive '%s' at %d in %s".formatted(letter, start, Quoted.of(template)));
        }
        boolean wide = false;
        boolean bigEndian = "nNGg".indexOf(letter) >= 0;
        int i = start + 1;
        for (; i < template.length() && "_!<>".indexOf(template.charAt(i)) >= 0; i++) {
            if (WITH_MODIFIERS.indexOf(letter) < 0) {
                throw new IllegalArgumentException("unpack: '%s' at %d in %s is not allowed after '%s'"
                        .formatted(template.charAt(i), i, Quoted.of(template), letter));
            }
            wide |= template.charAt(i) == '_' || template.charAt(i) == '!';
            bigEndian |= template.charAt(i) == '>';
        }
        boolean star = i < template.length() && template.charAt(i) == '*';
        int digits = i;
        while (!star && i < template.length() && template.charAt(i) >= '0' && template.charAt(i) <= '9') {
            i++;
        }
        boolean counted = i > digits;
        int count = counted ? count(template, digits, i) : 1;
        directives.add(new UnpackDirective(letter, count, counted, star, wide, bigEndian));
        return star ? i + 1 : i;
    }

    private static int count(String template, int start, int end) {
        long count = end - start > 9 ? Long.MAX_VALUE : Long.parseLong(template, start, end, 10);
        if (count > Unpack.MAX_COUNT) {
            throw new IllegalArgumentException("unpack: the count at %d in %s must be at most %d"
                    .formatted(start, Quoted.of(template), Unpack.MAX_COUNT));
        }
        return (int) count;
    }

    boolean signed() {
        return "cslqji".indexOf(letter) >= 0;
    }

    /** Returns the bytes of one number. */
    int size() {
        return switch (letter) {
            case 'C', 'c' -> 1;
            case 'S', 's', 'n', 'v' -> 2;
            case 'L', 'l' -> wide ? 8 : 4;
            case 'I', 'i', 'N', 'V', 'F', 'f', 'e', 'g' -> 4;
            default -> 8;
        };
    }
}
