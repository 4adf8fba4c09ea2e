package org.proxymachine.cli;

import java.util.regex.Matcher;
import java.util.regex.Pattern;
import picocli.CommandLine.ITypeConverter;
import picocli.CommandLine.TypeConversionException;

/** Reads a number of bytes: {@code 65536}, {@code 64k} or {@code 1m} (units of 1,024), up to 1 GiB. */
final class SizeConverter implements ITypeConverter<Integer> {
    private static final Pattern FORM = Pattern.compile("(\\d{1,10})([kKmM]?)(?:i?[bB])?");
    private static final long MAX = 1L << 30;

    @Override
    public Integer convert(String text) {
        Matcher form = FORM.matcher(text);
        if (form.matches()) {
            long unit = switch (form.group(2)) {
                case "k", "K" -> 1L << 10;
                case "m", "M" -> 1L << 20;
                default -> 1;
            };
            long bytes = Long.parseLong(form.group(1)) * unit;
            if (bytes >= 1 && bytes <= MAX) {
                return (int) bytes;
            }
        }
        throw new TypeConversionException("expected a size from 1 to 1g such as 65536 or 64k, was \"" + text + "\"");
    }
}
