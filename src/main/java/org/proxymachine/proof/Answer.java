package org.proxymachine.proof;

import java.io.ByteArrayOutputStream;
import java.math.BigDecimal;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.List;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;
import org.proxymachine.route.ConnectPolicy;
import org.proxymachine.route.Decision;
import org.proxymachine.route.Destination;

/**
 * What a router said, and when.
 *
 * @param bytes how many bytes the client had sent by then
 * @param decision never {@link Decision.Pending}; null if the router failed
 * @param failure why, as one line; null if it did not
 */
public record Answer(
        long bytes, @Nullable Decision decision, @Nullable String failure) {

    /** Returns it as case files write it: {@code remote app1:443 reply "ok"}. */
    @Override
    public String toString() {
        if (decision instanceof Decision.Connect connect) {
            return text(connect);
        }
        if (decision instanceof Decision.Close close) {
            byte[] last = close.bytes();
            return (last == null ? "close" : "close " + Literal.of(last)) + tag(close.tag());
        }
        if (decision instanceof Decision.Wait wait) {
            return "wait" + bytes("data", wait.data()) + bytes("reply", wait.reply());
        }
        return "failed: " + failure;
    }

    /**
     * Returns what was answered to one message: its replies joined, and without what they left in the buffer, since that
     * differs from split to split.
     */
    static String summary(List<Answer> answers) {
        ByteArrayOutputStream replies = new ByteArrayOutputStream();
        String end = "";
        for (Answer each : answers) {
            if (each.decision() instanceof Decision.Wait wait) {
                if (wait.reply() != null) {
                    replies.writeBytes(wait.reply());
                }
            } else if (each.decision() instanceof Decision.Connect connect) {
                end = text(new Decision.Connect(
                        connect.destinations(), null, connect.reply(), connect.policy(), connect.tag()));
            } else {
                end = each.toString();
            }
        }
        if (replies.size() == 0) {
            return end.isEmpty() ? "wait" : end;
        }
        String wait = "wait reply " + Literal.of(replies.toByteArray());
        return end.isEmpty() ? wait : wait + "; " + end;
    }

    /** Returns a summary with what the backend gets, where that is not what the client sent. */
    static String withData(String summary, byte[] delivered) {
        return summary + " data " + Literal.of(delivered);
    }

    private static String text(Decision.Connect connect) {
        ConnectPolicy policy = connect.policy();
        int retries = connect.destinations().size() > 1 ? 0 : ConnectPolicy.DEFAULT_RETRIES;
        return "remote "
                + connect.destinations().stream().map(Destination::toString).collect(Collectors.joining(", "))
                + bytes("data", connect.data())
                + bytes("reply", connect.reply())
                + seconds("connect_timeout", policy.connectTimeout(), null)
                + seconds("inactivity_timeout", policy.inactivityTimeout(), null)
                + seconds("idle_timeout", policy.idleTimeout(), null)
                + (policy.retries() == retries ? "" : " retries " + policy.retries())
                + seconds("retry_delay", policy.retryDelay(), ConnectPolicy.DEFAULT_RETRY_DELAY)
                + (policy.proxyProtocol() == 0 ? "" : " proxy_protocol " + policy.proxyProtocol())
                + tag(connect.tag());
    }

    private static String tag(@Nullable String tag) {
        return bytes("tag", tag == null ? null : tag.getBytes(StandardCharsets.UTF_8));
    }

    private static String bytes(String key, byte @Nullable [] bytes) {
        return bytes == null ? "" : " " + key + " " + Literal.of(bytes);
    }

    private static String seconds(String key, @Nullable Duration duration, @Nullable Duration absent) {
        if (duration == null || duration.equals(absent)) {
            return "";
        }
        BigDecimal seconds = BigDecimal.valueOf(duration.toNanos(), 9);
        return " " + key + " " + seconds.stripTrailingZeros().toPlainString();
    }
}
