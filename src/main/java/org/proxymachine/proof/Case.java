package org.proxymachine.proof;

import java.io.ByteArrayOutputStream;
import java.net.InetSocketAddress;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * What a client says, and what the router should make of it.
 *
 * @param where file and line, for messages
 * @param messages at least one, unless the router decides at accept
 */
public record Case(String where, String name, @Nullable InetSocketAddress peer, List<Message> messages) {
    /** Takes a copy of the messages. */
    public Case {
        messages = List.copyOf(messages);
    }

    /**
     * What a client says before it waits for an answer.
     *
     * @param bytes in the pieces in which they came; joined, they may be split anywhere
     * @param expected what is answered, or null for whatever: the text of {@link Answer}, or its beginning up to a
     *     space, or a regular expression between slashes
     * @param exact whether it is the text and nothing else, as of a recording
     */
    public record Message(List<byte[]> bytes, @Nullable String expected, boolean exact) {
        /** Takes a copy of the list. */
        public Message {
            bytes = List.copyOf(bytes);
        }

        /** A message whose answer a person wrote. */
        public Message(List<byte[]> bytes, @Nullable String expected) {
            this(bytes, expected, false);
        }

        /** Returns the pieces as one, which nobody may change. */
        byte[] joined() {
            if (bytes.size() == 1) {
                return bytes.get(0);
            }
            ByteArrayOutputStream all = new ByteArrayOutputStream();
            bytes.forEach(all::writeBytes);
            return all.toByteArray();
        }

        /** Whether this is a regular expression between slashes. */
        static boolean isPattern(String expected) {
            return expected.length() > 1 && expected.startsWith("/") && expected.endsWith("/");
        }
    }
}
