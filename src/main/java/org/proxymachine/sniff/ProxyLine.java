package org.proxymachine.sniff;

import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.nio.charset.StandardCharsets;
import java.util.Locale;
import java.util.Map;

/** Version 1 of the PROXY protocol (section 2.1): a line. */
final class ProxyLine {
    /** Section 2.1: "PROXY UNKNOWN", two addresses and two ports at their longest, and CR LF. */
    private static final int MAX_BYTES = 107;

    private ProxyLine() {}

    static ProxyHeader read(Cursor cursor) {
        Cursor line = cursor.limited(MAX_BYTES);
        line.part("family");
        String family = line.oneOf("PROXY TCP4 ", "PROXY TCP6 ", "PROXY UNKNOWN");
        if (family.endsWith("UNKNOWN")) {
            return unknown(line);
        }
        line.part("source address");
        InetAddress source = address(line);
        line.part("destination address");
        InetAddress destination = address(line);
        line.part("source port");
        int sourcePort = line.decimal(65_535);
        line.expect(" ");
        line.part("destination port");
        int destinationPort = line.decimal(65_535);
        line.part("end");
        line.expect("\r\n");
        return new ProxyHeader(
                1,
                false,
                family.endsWith("4 ") ? "tcp4" : "tcp6",
                new InetSocketAddress(source, sourcePort),
                new InetSocketAddress(destination, destinationPort),
                Map.of(),
                line.position());
    }

    /** Section 2.1: the receiver must ignore anything before CR LF. */
    private static ProxyHeader unknown(Cursor line) {
        line.check(line.peek() == ' ' || line.peek() == '\r');
        line.part("end");
        line.until('\r', c -> c != '\n');
        line.expect("\n");
        return new ProxyHeader(1, true, ProxyHeader.UNSPEC, null, null, Map.of(), line.position());
    }

    // Of either family in each place, whatever the line says of both: nginx writes the client's, and its own
    // address may be one of the other. Dotted ends are taken: inet_ntop(3), which most senders use, writes
    // v4-mapped addresses so.
    private static InetAddress address(Cursor line) {
        int start = line.position();
        line.scan(MAX_BYTES, c -> !Ascii.isDigit(c));
        boolean v4 = line.position() > start && line.peek() == '.';
        Cursor address = line.from(start);
        byte[] bytes = v4 ? Addresses.ipv4(address) : Ipv6.read(address, ' ');
        line.skip(address.position() - line.position());
        if (v4) {
            line.expect(" ");
        }
        return Addresses.of(bytes);
    }

    static byte[] write(byte[] from, int sourcePort, byte[] to, int destinationPort) {
        String family = from.length == Addresses.IPV4_BYTES ? "TCP4" : "TCP6";
        return String.format(
                        Locale.ROOT,
                        "PROXY %s %s %s %d %d\r\n",
                        family,
                        text(from),
                        text(to),
                        sourcePort,
                        destinationPort)
                .getBytes(StandardCharsets.US_ASCII);
    }

    static byte[] unknown() {
        return "PROXY UNKNOWN\r\n".getBytes(StandardCharsets.US_ASCII);
    }

    // Without a dotted end, which section 2.1 does not have.
    private static String text(byte[] address) {
        return address.length == Addresses.IPV4_BYTES ? Addresses.text(address) : Addresses.groups(address);
    }
}
