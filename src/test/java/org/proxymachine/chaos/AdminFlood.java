package org.proxymachine.chaos;

import static java.nio.charset.StandardCharsets.ISO_8859_1;

import java.io.IOException;
import java.net.Socket;
import java.util.ArrayList;
import java.util.List;
import java.util.Random;

/** The admin endpoint: clients who send half a request and stay, and one who wants to know whether the daemon is well. */
final class AdminFlood implements Chaos {
    @Override
    public void strike(Daemon daemon, Random random) throws Exception {
        List<Socket> clients = new ArrayList<>();
        try {
            for (int i = random.nextInt(200); i >= 0; i--) {
                Socket client = new Socket();
                clients.add(client);
                client.connect(daemon.admin(), Daemon.ANSWER_MILLIS);
                client.getOutputStream()
                        .write("GET /healthz HTTP/1.1\r\nHo"
                                .substring(random.nextInt(10))
                                .getBytes(ISO_8859_1));
            }
        } catch (IOException e) {
            // Closed at once: one way to bound them.
        }
        try {
            String answer = daemon.ask("/healthz");
            if (!answer.startsWith("HTTP/1.1 200")) {
                throw new AssertionError("/healthz answered " + answer);
            }
        } finally {
            for (Socket client : clients) {
                client.close();
            }
        }
    }
}
