package org.proxymachine.sniff;

import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import org.jspecify.annotations.Nullable;

/**
 * The first command of a Redis client: an array of bulk strings or an inline command (Redis serialization protocol
 * specification, redis.io/docs/latest/develop/reference/protocol-spec).
 *
 * @param command in upper case
 * @param arguments what follows the command, as binary strings
 * @param user who logs in, if that is what the command does: of {@code AUTH} and of {@code HELLO … AUTH};
 *     {@code default} where AUTH has a password only
 * @param length bytes of the command
 */
public record Redis(
        String command, List<String> arguments, @Nullable String user, int length) {
    /** The server's limit for an inline command (PROTO_INLINE_MAX_SIZE), and ours for an array. */
    private static final int MAX_BYTES = 65_536;

    static final int MAX_WORDS = 1024;

    private static final String DEFAULT_USER = "default";

    /** Copies the arguments. */
    public Redis {
        arguments = List.copyOf(arguments);
    }

    /**
     * Reads a command.
     *
     * @param data a binary string of all that has come so far
     * @return null if this is not Redis
     * @throws NeedMore while it may yet be
     */
    public static @Nullable Redis parse(String data) {
        return Cursor.parse(data, Redis::read);
    }

    private static Redis read(Cursor cursor) {
        Cursor message = cursor.limited(MAX_BYTES);
        List<String> words = message.peek() == '*' ? array(message) : RedisLine.read(message);
        String command = words.get(0).toUpperCase(Locale.ROOT);
        List<String> arguments = words.subList(1, words.size());
        return new Redis(command, arguments, user(command, arguments), message.position());
    }

    private static List<String> array(Cursor message) {
        List<String> words = new ArrayList<>();
        message.expect("*");
        message.check(message.peek() != '0');
        int count = message.decimal(MAX_WORDS);
        message.expect("\r\n");
        for (int i = 0; i < count; i++) {
            message.expect("$");
            int length = message.decimal(MAX_BYTES);
            message.expect("\r\n");
            words.add(i == 0 ? name(message, length) : message.take(length));
            message.expect("\r\n");
        }
        return words;
    }

    private static String name(Cursor message, int length) {
        message.check(length > 0 && length <= message.left());
        int start = message.position();
        while (message.position() - start < length) {
            int c = message.u8();
            message.check(Ascii.isVisible(c));
        }
        return message.since(start);
    }

    private static @Nullable String user(String command, List<String> arguments) {
        if (command.equals("AUTH")) {
            return switch (arguments.size()) {
                case 1 -> DEFAULT_USER;
                case 2 -> arguments.get(0);
                default -> null;
            };
        }
        return command.equals("HELLO") ? userOfHello(arguments) : null;
    }

    /** {@code HELLO protover [AUTH username password] [SETNAME clientname]}, the options in any order. */
    private static @Nullable String userOfHello(List<String> arguments) {
        String user = null;
        int at = 1;
        while (at < arguments.size()) {
            if (arguments.get(at).equalsIgnoreCase("AUTH") && at + 2 < arguments.size()) {
                // Of several the server takes the last.
                user = arguments.get(at + 1);
                at += 3;
            } else {
                at += 2;
            }
        }
        return user;
    }

    /** Without the arguments, which may be passwords. */
    @Override
    public String toString() {
        return "Redis[command=" + command + ", user=" + user + "]";
    }
}
