package org.proxymachine;

import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.Socket;
import java.net.SocketException;
import java.nio.charset.StandardCharsets;
import java.util.Map;
import java.util.concurrent.ConcurrentSkipListMap;
import java.util.concurrent.atomic.AtomicLong;

/**
 * A program: clients that connect, ask, read the whole answer and close, as fast as they can, each on its own thread. An
 * answer is the name of who gives it, in capitals, and {@link #BODY}. Once in a while it says how many had one from
 * whom, how many were reset before it, and how many had anything else, with the first such; and last of all when it is
 * told to end by TERM.
 */
final class Load {
    static final String BODY = "0123456789".repeat(100);

    private static final int DEADLINE_MILLIS = 50_000;
    private static final long REPORT_MILLIS = 50;

    private final InetSocketAddress address;
    private final Map<String, AtomicLong> served = new ConcurrentSkipListMap<>();
    private final AtomicLong reset = new AtomicLong();
    private final AtomicLong failed = new AtomicLong();
    private volatile String firstFailure = "";
    private volatile boolean ending;

    private Load(InetSocketAddress address) {
        this.address = address;
    }

    /** Arguments: the port, and how many clients at a time. */
    public static void main(String[] arguments) throws InterruptedException {
        Load load = new Load(new InetSocketAddress(InetAddress.getLoopbackAddress(), Integer.parseInt(arguments[0])));
        Thread[] clients = new Thread[Integer.parseInt(arguments[1])];
        for (int i = 0; i < clients.length; i++) {
            clients[i] = new Thread(load::run, "client");
            clients[i].start();
        }
        Runtime.getRuntime().addShutdownHook(new Thread(() -> load.end(clients)));
        while (!load.ending) {
            System.out.println(load.report());
            clients[0].join(REPORT_MILLIS);
        }
    }

    private void end(Thread[] clients) {
        ending = true;
        try {
            for (Thread client : clients) {
                client.join();
            }
        } catch (InterruptedException e) {
            return;
        }
        System.out.println("ended: " + report());
    }

    private String report() {
        return "served " + served + " reset " + reset + " failed " + failed
                + (firstFailure.isEmpty() ? "" : ": " + firstFailure);
    }

    private void run() {
        while (!ending) {
            try {
                String answer = exchange();
                if (answer.matches("[A-Z]" + BODY)) {
                    served.computeIfAbsent(answer.substring(0, 1), name -> new AtomicLong())
                            .incrementAndGet();
                } else {
                    fail("answered " + answer.length() + " bytes");
                }
            } catch (SocketException e) {
                // What the kernel says of a connection, or of a connect, that met with a RST.
                if (String.valueOf(e.getMessage()).startsWith("Connection reset")) {
                    reset.incrementAndGet();
                } else {
                    fail(e.toString());
                }
            } catch (IOException e) {
                fail(e.toString());
            }
        }
    }

    private String exchange() throws IOException {
        try (Socket socket = new Socket()) {
            socket.connect(address, DEADLINE_MILLIS);
            socket.setSoTimeout(DEADLINE_MILLIS);
            socket.getOutputStream().write('?');
            return new String(socket.getInputStream().readAllBytes(), StandardCharsets.ISO_8859_1);
        }
    }

    private void fail(String problem) {
        failed.incrementAndGet();
        if (firstFailure.isEmpty()) {
            firstFailure = problem;
        }
    }
}
