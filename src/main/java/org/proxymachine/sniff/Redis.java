package org.proxymachine.sniff;

import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * The first command of a Redis client: an array of bulk strings or an inline command (Redis serialization protocol
 * specification, redis.io/docs/latest/develop/reference/protocol-spec), read as the server's networking.c does. What the
 * server passes over (empty lines, empty arrays) is passed over. What it answers with a protocol error is a command too, as
 * far as it goes, so that it can be sent there for its answer.
 *
 * @param command in upper case, as text: UTF-8, in which a byte that is none is a lone surrogate U+DC80 to U+DCFF; empty if
 *     there is none
 * @param arguments what follows the command, as binary strings, for they may be anything
 * @param user who logs in, if that is what the command does: of {@code AUTH} and of {@code HELLO … AUTH};
 *     {@code default} where AUTH has a password only; text as the command is
 * @param length bytes of the command, and of what was passed over before it
 */
public record Redis(
        String command, List<String> arguments, @Nullable String user, int length) {

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
        return Cursor.parse(data, RedisCommand::read);
    }

    static Redis of(List<String> words, int length) {
        String command = words.isEmpty() ? "" : Text.of(Ascii.upperCase(words.get(0)));
        List<String> arguments = words.isEmpty() ? List.of() : words.subList(1, words.size());
        String user = user(command, arguments);
        return new Redis(command, arguments, user == null ? null : Text.of(user), length);
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
