package org.proxymachine.cli;

import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;
import org.proxymachine.observe.Json;
import org.proxymachine.proof.Answer;
import org.proxymachine.proof.Conversation;
import org.proxymachine.route.ConnectPolicy;
import org.proxymachine.route.Decision;
import org.proxymachine.route.Destination;

/**
 * What a script said as one JSON object (RFC 8259). Bytes are strings in which each character is one of them, U+0000 to
 * U+00FF.
 */
final class AnswersJson {
    private AnswersJson() {}

    static String of(Conversation conversation) {
        List<String> answers = new ArrayList<>();
        for (Answer each : conversation.answers()) {
            answers.add(of(each));
        }
        return "{\"decided\":" + conversation.isOver() + ",\"bytes\":" + conversation.heard() + ",\"answers\":["
                + String.join(",", answers) + "]}";
    }

    private static String of(Answer answer) {
        StringBuilder json = new StringBuilder("{\"byte\":").append(answer.bytes());
        if (answer.decision() instanceof Decision.Connect connect) {
            List<String> remotes = new ArrayList<>();
            for (Destination each : connect.destinations()) {
                remotes.add(Json.string(each.toString()));
            }
            json.append(",\"decision\":\"remote\",\"remote\":[")
                    .append(String.join(",", remotes))
                    .append(']');
            bytes(json, "data", connect.data());
            bytes(json, "reply", connect.reply());
            policy(json, connect.policy());
            tag(json, connect.tag());
        } else if (answer.decision() instanceof Decision.Close close) {
            json.append(",\"decision\":\"close\"");
            bytes(json, "bytes", close.bytes());
            tag(json, close.tag());
        } else if (answer.decision() instanceof Decision.Wait wait) {
            json.append(",\"decision\":\"wait\"");
            bytes(json, "data", wait.data());
            bytes(json, "reply", wait.reply());
        } else {
            json.append(",\"decision\":\"failed\",\"failure\":").append(Json.string(String.valueOf(answer.failure())));
        }
        return json.append(",\"text\":")
                .append(Json.string(answer.toString()))
                .append('}')
                .toString();
    }

    private static void policy(StringBuilder json, ConnectPolicy policy) {
        seconds(json, "connect_timeout", policy.connectTimeout());
        seconds(json, "inactivity_timeout", policy.inactivityTimeout());
        seconds(json, "idle_timeout", policy.idleTimeout());
        json.append(",\"retries\":").append(policy.retries());
        seconds(json, "retry_delay", policy.retryDelay());
        if (policy.proxyProtocol() != 0) {
            json.append(",\"proxy_protocol\":").append(policy.proxyProtocol());
        }
    }

    private static void seconds(StringBuilder json, String key, @Nullable Duration duration) {
        if (duration != null) {
            json.append(",\"").append(key).append("\":").append(duration.toNanos() / 1e9);
        }
    }

    private static void tag(StringBuilder json, @Nullable String tag) {
        if (tag != null) {
            json.append(",\"tag\":").append(Json.string(tag));
        }
    }

    private static void bytes(StringBuilder json, String key, byte @Nullable [] bytes) {
        if (bytes != null) {
            json.append(",\"")
                    .append(key)
                    .append("\":")
                    .append(Json.string(new String(bytes, StandardCharsets.ISO_8859_1)));
        }
    }
}
