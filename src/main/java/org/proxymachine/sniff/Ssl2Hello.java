package org.proxymachine.sniff;

import java.util.List;

/**
 * A hello in the form of SSL 2 (RFC 5246, appendix E.2). Clients that knew SSL 2 sent it to servers of any version, and
 * OpenSSL still answers it. It has no extensions.
 */
final class Ssl2Hello {
    /** Set in the first byte, as there is no padding. */
    private static final int NO_PADDING = 0x80;

    private static final int CLIENT_HELLO = 1;

    private static final int VERSION_2 = 2;

    private Ssl2Hello() {}

    /** Whether the first byte is that of such a hello, and so none of a record's. */
    static boolean begins(Cursor cursor) {
        return (cursor.peek() & NO_PADDING) != 0;
    }

    static Tls read(Cursor cursor) {
        int length = cursor.u16() & ~(NO_PADDING << 8);
        Cursor hello = cursor.slice(length);
        hello.check(hello.u8() == CLIENT_HELLO);
        int major = hello.u8();
        hello.check(major == 3 || major == 0);
        int version = major << 8 | hello.u8();
        hello.check(major == 3 || version == VERSION_2);
        // Of the cipher suites, the session's id and the challenge. With no name in it to look for, they tell it from
        // other protocols.
        int rest = hello.u16() + hello.u16() + hello.u16();
        hello.check(rest == hello.left());
        return new Tls(null, List.of(), List.of(TlsExtensions.version(version)), false, cursor.position());
    }
}
