package org.proxymachine.cli;

import java.util.regex.Pattern;
import picocli.CommandLine.ITypeConverter;
import picocli.CommandLine.TypeConversionException;

/** Reads what {@link ListenConverter} does, or a port alone, which is one of the loopback interface. */
final class AdminAddressConverter implements ITypeConverter<ListenAddress> {
    private static final String LOOPBACK = "127.0.0.1";
    private static final Pattern PORT = Pattern.compile("\\d{1,5}");

    @Override
    public ListenAddress convert(String text) {
        try {
            return PORT.matcher(text).matches()
                    ? new ListenAddress(LOOPBACK, Integer.parseInt(text))
                    : ListenAddress.parse(text);
        } catch (IllegalArgumentException e) {
            throw new TypeConversionException(
                    String.valueOf(e.getMessage()).replace("expected host:port", "expected a port, host:port"));
        }
    }
}
