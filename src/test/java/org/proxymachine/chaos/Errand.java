package org.proxymachine.chaos;

import static java.nio.charset.StandardCharsets.ISO_8859_1;

import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.net.InetSocketAddress;
import java.net.Socket;
import java.util.EnumSet;
import java.util.Random;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.locks.LockSupport;

/** What one client does, and what it is owed for it, byte by byte. */
final class Errand {
    /** What clients begin with: bytes that the script routes by, and how they are sent. */
    enum Kind {
        ECHO("e", ""),
        HTTP("http / HTTP/1.1\r\nHost: chaos.example\r\n\r\n", ""),
        REDIS("*1\r\n$4\r\nPING\r\n", ""),
        FUTURE("f", ""),
        LIST("l", ""),
        REPLY("r", "reply"),
        DIALOGUE("d", "more?"),
        CLOSED("c", "closed"),
        SILENT("s", ""),
        GARBAGE("\0", ""),
        RESET("e", "");

        private final String first;
        private final String greeting;

        Kind(String first, String greeting) {
            this.first = first;
            this.greeting = greeting;
        }

        boolean isEchoed() {
            return EnumSet.range(ECHO, DIALOGUE).contains(this);
        }
    }

    /** One that is not answered for so long is lost: the longest that the daemon may be held up, several times over. */
    static final int DEADLINE_MILLIS = 60_000;

    private final Kind kind;
    private final byte[] bytes;
    private final int chunk;
    private final boolean slow;
    private int received;
    private int port;

    Errand(Random random) {
        Kind[] kinds = Kind.values();
        // Every other is a plain one.
        kind = random.nextBoolean() ? Kind.ECHO : kinds[random.nextInt(kinds.length)];
        slow = random.nextInt(8) == 0;
        int size = slow ? 100 : random.nextInt(10) == 0 ? 3_000_000 : random.nextInt(10) < 3 ? 100_000 : 2_000;
        bytes = new byte[random.nextInt(size)];
        random.nextBytes(bytes);
        chunk = slow ? 1 + random.nextInt(10) : 1 + random.nextInt(100_000);
    }

    /**
     * Runs it to its end.
     *
     * @throws TurnedAway if the client was closed before it got anything
     * @throws AssertionError if it got anything but what it is owed
     */
    void run(InetSocketAddress proxy, Runnable connected) throws IOException, TurnedAway {
        try (Socket socket = new Socket()) {
            socket.connect(proxy, DEADLINE_MILLIS);
            port = socket.getLocalPort();
            connected.run();
            socket.setSoTimeout(DEADLINE_MILLIS);
            socket.setTcpNoDelay(true);
            try {
                talk(socket);
            } catch (IOException e) {
                end(e);
            }
        }
    }

    private void talk(Socket socket) throws IOException, TurnedAway {
        say(socket, kind.first.getBytes(ISO_8859_1));
        if (kind == Kind.RESET) {
            say(socket, bytes);
            socket.setSoLinger(true, 0);
        } else if (kind == Kind.GARBAGE) {
            socket.shutdownOutput();
            expectEnd(socket, new byte[0]);
        } else if (kind.isEchoed()) {
            echo(socket);
        } else {
            expectEnd(socket, kind.greeting.getBytes(ISO_8859_1));
        }
    }

    private void echo(Socket socket) throws IOException, TurnedAway {
        byte[] greeting = socket.getInputStream().readNBytes(kind.greeting.length());
        received += greeting.length;
        if (!new String(greeting, ISO_8859_1).equals(kind.greeting)) {
            throw ended("the greeting " + kind.greeting);
        }
        CompletableFuture<Void> sending =
                CompletableFuture.runAsync(() -> send(socket), work -> new Thread(work, "sender").start());
        ByteArrayOutputStream owed = new ByteArrayOutputStream();
        owed.writeBytes(kind.first.getBytes(ISO_8859_1));
        owed.writeBytes(bytes);
        if (kind == Kind.DIALOGUE) {
            owed.write('!');
        }
        owed.writeBytes(Backends.GOODBYE.getBytes(ISO_8859_1));
        expectEnd(socket, owed.toByteArray());
        sending.join();
    }

    private void send(Socket socket) {
        try {
            say(socket, bytes);
            if (kind == Kind.DIALOGUE) {
                say(socket, new byte[] {'!'});
            }
            socket.shutdownOutput();
        } catch (IOException e) {
            // The reader sees what it has come to.
        }
    }

    private void say(Socket socket, byte[] all) throws IOException {
        for (int at = 0; at < all.length; at += chunk) {
            socket.getOutputStream().write(all, at, Math.min(chunk, all.length - at));
            if (slow) {
                LockSupport.parkNanos(20_000_000);
            }
        }
    }

    private void expectEnd(Socket socket, byte[] owed) throws IOException, TurnedAway {
        byte[] buffer = new byte[65_536];
        int at = 0;
        for (int read; (read = socket.getInputStream().read(buffer)) >= 0; at += read) {
            received += read;
            for (int i = 0; i < read; i++) {
                if (at + i >= owed.length || buffer[i] != owed[at + i]) {
                    throw new AssertionError(this + ": wrong byte at " + (at + i) + " of " + owed.length);
                }
            }
        }
        if (at < owed.length) {
            throw ended(owed.length + " bytes");
        }
    }

    private AssertionError ended(String owed) throws TurnedAway {
        if (received == 0) {
            throw new TurnedAway(this + ": closed before it got anything");
        }
        return new AssertionError(this + ": ended after " + received + " bytes, owed " + owed);
    }

    private void end(IOException e) throws TurnedAway {
        if (kind == Kind.RESET) {
            return;
        }
        if (received == 0 && !(e instanceof java.net.SocketTimeoutException)) {
            throw new TurnedAway(this + ": " + e);
        }
        throw new AssertionError(this + ": after " + received + " bytes: " + e, e);
    }

    /** A client that was closed before it got a byte. */
    static final class TurnedAway extends Exception {
        private static final long serialVersionUID = 1L;

        TurnedAway(String message) {
            super(message);
        }
    }

    @Override
    public String toString() {
        return "127.0.0.1:" + port + " " + kind + " of " + bytes.length + " bytes by " + chunk + (slow ? ", slow" : "");
    }
}
