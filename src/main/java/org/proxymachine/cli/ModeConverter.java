package org.proxymachine.cli;

import java.util.regex.Pattern;
import picocli.CommandLine.ITypeConverter;
import picocli.CommandLine.TypeConversionException;

/** Reads the mode of a file in octal, such as {@code 0660}. */
final class ModeConverter implements ITypeConverter<Integer> {
    private static final Pattern FORM = Pattern.compile("0?[0-7]{3}");

    @Override
    public Integer convert(String text) {
        if (!FORM.matcher(text).matches()) {
            throw new TypeConversionException("expected a mode in octal such as 0660, was \"" + text + "\"");
        }
        return Integer.parseInt(text, 8);
    }
}
