package org.proxymachine.sniff;

import org.junit.jupiter.api.Test;

class SshTest {
    @Test
    void shouldReadAnIdentification() {
        String line = "SSH-2.0-OpenSSH_9.2p1 Debian-2\r\n";
        Prefixes.assertReads(Ssh::parse, line, new Ssh("2.0", "OpenSSH_9.2p1", "Debian-2", line.length()));
    }

    @Test
    void shouldTakeALineWithoutACarriageReturn() {
        Prefixes.assertReads(Ssh::parse, "SSH-1.99-x\n", new Ssh("1.99", "x", "", 11));
    }

    @Test
    void shouldRefuseAsEarlyAsOneByteAllows() {
        Prefixes.assertRefuses(Ssh::parse, "SSX", 3);
        Prefixes.assertRefuses(Ssh::parse, "SSH-2x", 6);
        Prefixes.assertRefuses(Ssh::parse, "SSH-2.0-a\0\r\n", 10);
        Prefixes.assertRefuses(Ssh::parse, "SSH-2.0-a\rb\n", 12);
        Prefixes.assertRefuses(Ssh::parse, "SSH-2.0-\r\n", 10);
    }

    @Test
    void shouldTakeALineOf255BytesAndNoLonger() {
        String line = "SSH-2.0-" + "x".repeat(245) + "\r\n";
        Prefixes.assertReads(Ssh::parse, line, new Ssh("2.0", "x".repeat(245), "", 255));
        Prefixes.assertRefuses(Ssh::parse, "SSH-2.0-" + "x".repeat(247) + "\r\n", 255);
    }
}
