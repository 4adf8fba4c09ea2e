package org.proxymachine.address;

import java.net.InetAddress;
import java.net.UnknownHostException;

/**
 * Addresses that begin with the same bits (RFC 4632, section 3.1; RFC 4291, section 2.3).
 *
 * @param prefixBits how many bits those are, from 0 to all of the address
 */
public record Network(InetAddress address, int prefixBits) {

    /** @throws IllegalArgumentException if the address does not have so many bits, or others than those are set */
    public Network {
        byte[] bytes = address.getAddress();
        if (prefixBits < 0 || prefixBits > bytes.length * Byte.SIZE) {
            throw new IllegalArgumentException(
                    "a prefix has from 0 to " + bytes.length * Byte.SIZE + " bits, was " + prefixBits);
        }
        // More likely a slip of the pen than a wish, and one that would trust more than was meant.
        for (int bit = prefixBits; bit < bytes.length * Byte.SIZE; bit++) {
            if (isSet(bytes, bit)) {
                throw new IllegalArgumentException("has bits set behind its prefix of " + prefixBits);
            }
        }
    }

    /**
     * Reads {@code 10.0.0.0/8}, {@code 2001:db8::/32}, or a single address.
     *
     * @throws IllegalArgumentException with one line that says what was expected and what was found
     */
    public static Network parse(String text) {
        int slash = text.indexOf('/');
        String host = slash < 0 ? text : text.substring(0, slash);
        try {
            InetAddress address = LiteralAddress.parse(host);
            if (address != null) {
                int allBits = address.getAddress().length * Byte.SIZE;
                return new Network(address, slash < 0 ? allBits : prefix(text.substring(slash + 1)));
            }
        } catch (UnknownHostException e) {
            // Said below.
        } catch (IllegalArgumentException e) {
            throw new IllegalArgumentException(expected(text) + ": " + e.getMessage(), e);
        }
        throw new IllegalArgumentException(expected(text));
    }

    private static String expected(String text) {
        return "expected a network such as 10.0.0.0/8 or 2001:db8::/32, or an address, was \"" + text + "\"";
    }

    private static int prefix(String digits) {
        if (!digits.matches("[0-9]{1,3}")) {
            throw new IllegalArgumentException("a prefix is a number of bits");
        }
        return Integer.parseInt(digits);
    }

    /** Whether this address, of either family, belongs to it. */
    public boolean contains(InetAddress other) {
        byte[] mine = address.getAddress();
        byte[] others = other.getAddress();
        if (mine.length != others.length) {
            return false;
        }
        for (int bit = 0; bit < prefixBits; bit++) {
            if (isSet(mine, bit) != isSet(others, bit)) {
                return false;
            }
        }
        return true;
    }

    private static boolean isSet(byte[] bytes, int bit) {
        return (bytes[bit / Byte.SIZE] & (0x80 >>> (bit % Byte.SIZE))) != 0;
    }
}
