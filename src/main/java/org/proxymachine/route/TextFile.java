package org.proxymachine.route;

import java.io.IOException;
import java.io.InputStream;
import java.nio.ByteBuffer;
import java.nio.charset.CharacterCodingException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;

/** Files that people write: text in UTF-8, with or without a byte-order mark. */
public final class TextFile {
    /** How long a file may be. */
    public static final int MAX_BYTES = 16 << 20;

    private static final String BYTE_ORDER_MARK = "\uFEFF";

    private TextFile() {}

    /**
     * Returns the text of a file, or what comes out of a pipe, without its byte-order mark.
     *
     * @throws IllegalArgumentException in one line, if it is longer than {@link #MAX_BYTES} or not text in UTF-8
     * @throws IOException if it cannot be read
     */
    public static String read(Path file) throws IOException {
        return text(file, bytes(file));
    }

    /**
     * Returns what is in a file, or comes out of a pipe. A device such as /dev/zero has no end, and says that it has no
     * length.
     *
     * @throws IllegalArgumentException in one line, if that is longer than {@link #MAX_BYTES}
     * @throws IOException if it cannot be read
     */
    public static byte[] bytes(Path file) throws IOException {
        try (InputStream in = Files.newInputStream(file)) {
            byte[] bytes = in.readNBytes(MAX_BYTES + 1);
            if (bytes.length > MAX_BYTES) {
                throw new IllegalArgumentException(file + ": must have at most " + (MAX_BYTES >> 20) + " MB");
            }
            return bytes;
        }
    }

    private static String text(Path file, byte[] bytes) {
        if (isUtf16(bytes)) {
            throw new IllegalArgumentException(file + ": must be text in UTF-8, was UTF-16 by its byte-order mark");
        }
        try {
            // Not through a String's constructor, which puts U+FFFD in place of what is not UTF-8.
            String text = StandardCharsets.UTF_8
                    .newDecoder()
                    .decode(ByteBuffer.wrap(bytes))
                    .toString();
            return text.startsWith(BYTE_ORDER_MARK) ? text.substring(1) : text;
        } catch (CharacterCodingException e) {
            throw new IllegalArgumentException(file + ": must be text in UTF-8", e);
        }
    }

    private static boolean isUtf16(byte[] bytes) {
        return bytes.length > 1
                && ((bytes[0] == (byte) 0xfe && bytes[1] == (byte) 0xff)
                        || (bytes[0] == (byte) 0xff && bytes[1] == (byte) 0xfe));
    }
}
