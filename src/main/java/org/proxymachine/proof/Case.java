package org.proxymachine.proof;

import java.io.ByteArrayOutputStream;
import java.net.InetSocketAddress;
import java.time.Duration;
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
     * @param silence what it waits before the first of them; null for no time at all
     * @param bytes in the pieces in which they came; joined, they may be split anywhere
     * @param expected what is answered, or null for whatever: the text of {@link Answer}, or its beginning up to a
     *     space, or a regular expression between slashes
     * @param exact whether it is the text and nothing else, as of a recording
     */
    public record Message(
            @Nullable Duration silence,
            List<byte[]> bytes,
            @Nullable String expected,
            boolean exact) {
        /** Takes a copy of the list. */
        public Message {
            bytes = List.copyOf(bytes);
        }

        /** A message of a client that does not wait. */
        public Message(List<byte[]> bytes, @Nullable String expected, boolean exact) {
            this(null, bytes, expected, exact);
        }

        /** A message whose answer a person wrote, of a client that does not wait. */
        public Message(List<byte[]> bytes, @Nullable String expected) {
            this(null, bytes, expected, false);
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
