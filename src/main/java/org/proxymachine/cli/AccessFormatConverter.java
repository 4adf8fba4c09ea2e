package org.proxymachine.cli;

import org.proxymachine.observe.AccessFormat;
import picocli.CommandLine.ITypeConverter;
import picocli.CommandLine.TypeConversionException;

/** Reads the name of a format, in lower case as options are. */
final class AccessFormatConverter implements ITypeConverter<AccessFormat> {

    @Override
    public AccessFormat convert(String text) {
        return switch (text) {
            case "text" -> AccessFormat.TEXT;
            case "json" -> AccessFormat.JSON;
            default -> throw new TypeConversionException("expected text or json, was \"" + text + "\"");
        };
    }
}
