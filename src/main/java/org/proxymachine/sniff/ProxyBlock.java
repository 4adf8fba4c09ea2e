package org.proxymachine.sniff;

import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.nio.ByteBuffer;
import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.zip.CRC32C;

/** Version 2 of the PROXY protocol (section 2.2): binary. */
final class ProxyBlock {
    private static final String SIGNATURE = "\r\n\r\n\0\r\nQUIT\n";
    private static final int LOCAL = 0x20;
    private static final int PROXY = 0x21;

    private static final int UNIX_PATH_BYTES = 108;
    private static final int CHECKSUM = 3;
    private static final int NOOP = 4;

    private ProxyBlock() {}

    static ProxyHeader read(Cursor cursor) {
        cursor.part("signature");
        cursor.expect(SIGNATURE);
        cursor.part("version and command");
        int command = cursor.u8();
        cursor.check(command == LOCAL || command == PROXY);
        cursor.part("family and transport");
        int family = cursor.u8();
        cursor.check(command == LOCAL || (family >> 4 <= 3 && (family & 0xf) <= 2));
        String transport = command == LOCAL ? ProxyHeader.UNSPEC : transport(family);
        cursor.part("length");
        int length = length(cursor, addressBytes(transport));
        if (transport.equals(ProxyHeader.UNSPEC)) {
            cursor.skip(length);
            return new ProxyHeader(2, true, transport, null, null, Map.of(), cursor.position());
        }
        Cursor block = cursor.slice(length);
        block.awaitEnd();
        InetSocketAddress source = null;
        InetSocketAddress destination = null;
        if (transport.equals("unix")) {
            block.take(2 * UNIX_PATH_BYTES);
        } else {
            int bytes = family >> 4 == 1 ? Addresses.IPV4_BYTES : Ipv6.BYTES;
            InetAddress from = Addresses.of(Addresses.bytes(block.take(bytes)));
            InetAddress to = Addresses.of(Addresses.bytes(block.take(bytes)));
            source = new InetSocketAddress(from, block.u16());
            destination = new InetSocketAddress(to, block.u16());
        }
        Map<Integer, String> tlvs = tlvs(block, cursor);
        return new ProxyHeader(2, false, transport, source, destination, tlvs, cursor.position());
    }

    /** Where one of the two halves is UNSPEC, or the pair is none that the protocol expects, addresses are ignored. */
    private static String transport(int family) {
        return switch (family) {
            case 0x11 -> "tcp4";
            case 0x12 -> "udp4";
            case 0x21 -> "tcp6";
            case 0x22 -> "udp6";
            case 0x31, 0x32 -> "unix";
            default -> ProxyHeader.UNSPEC;
        };
    }

    private static int addressBytes(String transport) {
        return switch (transport) {
            case "tcp4", "udp4" -> 2 * Addresses.IPV4_BYTES + 4;
            case "tcp6", "udp6" -> 2 * Ipv6.BYTES + 4;
            case "unix" -> 2 * UNIX_PATH_BYTES;
            default -> 0;
        };
    }

    private static int length(Cursor cursor, int min) {
        int length = cursor.u16();
        cursor.check(length >= min);
        return length;
    }

    private static Map<Integer, String> tlvs(Cursor block, Cursor header) {
        block.part("list of values");
        Map<Integer, String> tlvs = new LinkedHashMap<>();
        int sumAt = -1;
        while (!block.atEnd()) {
            int type = block.u8();
            int length = block.u16();
            if (type == CHECKSUM && sumAt < 0) {
                block.check(length == Integer.BYTES);
                sumAt = block.position();
            }
            String value = block.take(length);
            if (type != NOOP) {
                tlvs.putIfAbsent(type, value);
            }
        }
        if (sumAt >= 0) {
            checkSum(header, sumAt);
        }
        return tlvs;
    }

    /** Section 2.2.3: of the whole header, with the sum itself as zeros. */
    private static void checkSum(Cursor header, int at) {
        header.part("checksum");
        byte[] bytes = Addresses.bytes(header.since(0));
        int sum = ByteBuffer.wrap(bytes).getInt(at);
        Arrays.fill(bytes, at, at + Integer.BYTES, (byte) 0);
        CRC32C crc = new CRC32C();
        crc.update(bytes);
        header.check((int) crc.getValue() == sum);
    }

    static byte[] write(byte[] from, int sourcePort, byte[] to, int destinationPort) {
        boolean v4 = from.length == Addresses.IPV4_BYTES;
        int length = addressBytes(v4 ? "tcp4" : "tcp6");
        return header(PROXY, v4 ? 0x11 : 0x21, length)
                .put(from)
                .put(to)
                .putShort((short) sourcePort)
                .putShort((short) destinationPort)
                .array();
    }

    static byte[] local() {
        return header(LOCAL, 0, 0).array();
    }

    private static ByteBuffer header(int command, int family, int length) {
        byte[] signature = Addresses.bytes(SIGNATURE);
        return ByteBuffer.allocate(signature.length + 4 + length)
                .put(signature)
                .put((byte) command)
                .put((byte) family)
                .putShort((short) length);
    }
}
