package org.proxymachine.sniff;

/** Reads an IPv6 address as text (RFC 4291, section 2.2), its last 32 bits perhaps as IPv4; zones are not taken. */
final class Ipv6 {
    static final int BYTES = 16;

    private final Cursor cursor;
    private final int end;
    private final byte[] address = new byte[BYTES];
    private int filled;
    /** Where the double colon stands, in bytes; -1 without one. */
    private int gap = -1;

    private Ipv6(Cursor cursor, int end) {
        this.cursor = cursor;
        this.end = end;
    }

    /** Reads an address, and this byte after it. */
    static byte[] read(Cursor cursor, int end) {
        return new Ipv6(cursor, end).read();
    }

    private byte[] read() {
        if (cursor.peek() == ':') {
            cursor.expect("::");
            gap = 0;
        }
        while (cursor.peek() != end) {
            piece();
            if (cursor.peek() != end) {
                colons();
            }
        }
        cursor.u8();
        cursor.check(gap >= 0 || filled == BYTES);
        return spread();
    }

    private void piece() {
        cursor.check(filled < room());
        int start = cursor.position();
        while (cursor.position() - start < 4 && Character.digit(cursor.peek(), 16) >= 0) {
            cursor.u8();
        }
        String digits = cursor.since(start);
        cursor.check(!digits.isEmpty());
        if (cursor.peek() == '.') {
            dotted(digits);
        } else {
            int group = Integer.parseInt(digits, 16);
            put(group >> 8);
            put(group);
        }
    }

    private void dotted(String first) {
        cursor.check(gap < 0 ? filled == BYTES - 4 : filled + 4 <= room());
        cursor.check(first.matches("0|[1-9][0-9]{0,2}") && Integer.parseInt(first) <= 255);
        put(Integer.parseInt(first));
        for (int i = 0; i < 3; i++) {
            cursor.expect(".");
            put(cursor.decimal(255));
        }
        cursor.check(cursor.peek() == end);
    }

    private void colons() {
        cursor.expect(":");
        cursor.check(filled < room());
        if (cursor.peek() == ':') {
            cursor.check(gap < 0);
            cursor.u8();
            gap = filled;
        } else {
            cursor.check(cursor.peek() != end);
        }
    }

    /** A double colon stands for one group at least. */
    private int room() {
        return gap < 0 ? BYTES : BYTES - 2;
    }

    private void put(int value) {
        address[filled++] = (byte) value;
    }

    private byte[] spread() {
        if (gap < 0) {
            return address;
        }
        byte[] spread = new byte[BYTES];
        int after = filled - gap;
        System.arraycopy(address, 0, spread, 0, gap);
        System.arraycopy(address, gap, spread, BYTES - after, after);
        return spread;
    }
}
