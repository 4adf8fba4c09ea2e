package org.proxymachine.script;

import java.net.InetSocketAddress;
import java.nio.charset.StandardCharsets;
import org.jspecify.annotations.Nullable;
import org.proxymachine.route.Client;
import org.proxymachine.route.Decision;
import org.proxymachine.route.Router;
import org.proxymachine.route.RoutingException;

/** One client's talk with a router, without sockets: what a session does with the answers, and all it comes to. */
final class Dialogue {
    private final Router router;
    private final Client client = new Client(1, new InetSocketAddress(1), new InetSocketAddress(2));
    private final StringBuilder replies = new StringBuilder();
    private String buffer = "";
    private @Nullable String outcome;

    private Dialogue(Router router) {
        this.router = router;
    }

    /**
     * Returns what the client was told and where it was sent, with the bytes that go there: those that had not come yet
     * when it was decided included, so that chunks make no difference.
     */
    static String with(Router router, String... chunks) {
        Dialogue dialogue = new Dialogue(router);
        dialogue.take(router.accepted(dialogue.client));
        StringBuilder late = new StringBuilder();
        for (String chunk : chunks) {
            if (dialogue.outcome == null) {
                dialogue.hear(chunk);
            } else {
                late.append(chunk);
            }
        }
        String outcome = dialogue.outcome;
        if (outcome == null) {
            return dialogue.replies + "waits";
        }
        return dialogue.replies + outcome + (outcome.startsWith("to ") ? dialogue.buffer + late : "");
    }

    private void hear(String chunk) {
        buffer += chunk;
        boolean more = true;
        while (more && outcome == null) {
            int shown = buffer.length();
            byte[] bytes = buffer.getBytes(StandardCharsets.ISO_8859_1);
            try {
                take(router.received(client, bytes, bytes.length));
            } catch (RoutingException e) {
                outcome = "failed: " + e.getMessage();
            }
            more = !buffer.isEmpty() && buffer.length() < shown;
        }
    }

    private void take(Decision decision) {
        if (decision instanceof Decision.Pending pending) {
            take(pending.answer().toCompletableFuture().join());
        } else if (decision instanceof Decision.Wait wait) {
            replace(wait.data());
            replies.append(text(wait.reply()));
        } else if (decision instanceof Decision.Close close) {
            outcome = "close " + text(close.bytes());
        } else if (decision instanceof Decision.Connect connect) {
            replace(connect.data());
            outcome = "to %s, %s, reply %s, data "
                    .formatted(connect.destinations(), connect.policy(), text(connect.reply()));
        }
    }

    private void replace(byte @Nullable [] data) {
        if (data != null) {
            buffer = text(data);
        }
    }

    private static String text(byte @Nullable [] bytes) {
        return bytes == null ? "" : new String(bytes, StandardCharsets.ISO_8859_1);
    }
}
