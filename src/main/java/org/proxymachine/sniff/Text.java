package org.proxymachine.sniff;

import java.nio.ByteBuffer;
import java.nio.CharBuffer;
import java.nio.charset.CharsetDecoder;
import java.nio.charset.CoderResult;
import java.nio.charset.StandardCharsets;

/**
 * Text as all parsers give it: UTF-8 (RFC 3629). A byte that is part of no UTF-8 becomes the lone surrogate U+DC00 plus
 * its value, U+DC80 to U+DCFF (Python's surrogateescape, PEP 383). No text holds such a char, so different bytes never
 * become the same text, and a name that is no UTF-8 equals none that a script spells out.
 */
final class Text {
    private static final int ESCAPE = 0xdc00;

    private Text() {}

    /** Returns what these bytes say, given as a binary string. */
    static String of(String binary) {
        return isAscii(binary) ? binary : decoded(Addresses.bytes(binary));
    }

    private static boolean isAscii(String binary) {
        for (int i = 0; i < binary.length(); i++) {
            if (binary.charAt(i) >= 0x80) {
                return false;
            }
        }
        return true;
    }

    private static String decoded(byte[] binary) {
        CharsetDecoder decoder = StandardCharsets.UTF_8.newDecoder();
        ByteBuffer bytes = ByteBuffer.wrap(binary);
        // Never more chars than bytes.
        CharBuffer text = CharBuffer.allocate(binary.length);
        CoderResult result = decoder.decode(bytes, text, true);
        while (result.isError()) {
            for (int i = 0; i < result.length(); i++) {
                text.put((char) (ESCAPE + (bytes.get() & 0xff)));
            }
            result = decoder.decode(bytes, text, true);
        }
        return text.flip().toString();
    }
}
