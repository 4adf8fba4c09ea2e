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
        Prefixes.assertRefuses(Ssh::parse, "SSH--", 5);
    }

    @Test
    void shouldTakeALineOfAnyLengthAndText() {
        String line = "SSH-2.0-" + "x".repeat(300) + "\r\n";
        Prefixes.assertReads(Ssh::parse, line, new Ssh("2.0", "x".repeat(300), "", 310));
        String odd = "SSH-2.0- a\0\rb\u00ff\u00c3\u00a4\n";
        Prefixes.assertReads(Ssh::parse, odd, new Ssh("2.0", "", "a\0\rb\udcffä", odd.length()));
    }
}
