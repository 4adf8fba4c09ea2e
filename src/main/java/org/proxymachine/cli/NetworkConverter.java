package org.proxymachine.cli;

import org.proxymachine.address.Network;
import picocli.CommandLine.ITypeConverter;
import picocli.CommandLine.TypeConversionException;

/** Reads {@code 10.0.0.0/8}, {@code 2001:db8::/32} or a single address. */
final class NetworkConverter implements ITypeConverter<Network> {
    @Override
    public Network convert(String text) {
        try {
            return Network.parse(text);
        } catch (IllegalArgumentException e) {
            throw new TypeConversionException(e.getMessage());
        }
    }
}
