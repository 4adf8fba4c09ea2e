package org.proxymachine.script;

import groovy.lang.GString;
import java.math.BigDecimal;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.Future;
import org.jspecify.annotations.Nullable;
import org.proxymachine.route.ConnectPolicy;
import org.proxymachine.route.Decision;
import org.proxymachine.route.Destination;

/**
 * Turns what a script returned into a decision, strictly: what it cannot mean is an {@link IllegalArgumentException}
 * that names the key, what was expected and what was found.
 */
final class DecisionMapper {
    private static final List<String> KEYS = List.of(
            "remote",
            "data",
            "reply",
            "noop",
            "close",
            "connect_timeout",
            "inactivity_timeout",
            "idle_timeout",
            "retries",
            "retry_delay",
            "proxy_protocol",
            "tag");
    private static final Set<String> WITH_CLOSE = Set.of("close", "tag");
    private static final Set<String> WITH_NOOP = Set.of("noop", "data", "reply");
    private static final KnownDestinations KNOWN = new KnownDestinations();
    private static final int MAX_RETRIES = 1_000_000;
    private static final BigDecimal MAX_SECONDS =
            BigDecimal.valueOf(Duration.ofDays(3650).toSeconds());

    private final FutureWatch futures;

    DecisionMapper(FutureWatch futures) {
        this.futures = futures;
    }

    /** Maps an answer of {@code proxy} or {@code proxy_accept}. */
    Decision decision(@Nullable Object answer) {
        if (answer == null) {
            return Decision.await();
        }
        if (answer instanceof CompletionStage<?> stage) {
            return new Decision.Pending(stage.thenApply(DecisionMapper::settled));
        }
        if (answer instanceof Future<?> future) {
            return new Decision.Pending(futures.stage(future).thenApply(DecisionMapper::settled));
        }
        return settled(answer);
    }

    /** Maps an answer of an error block, where whatever does not act means close. */
    Decision errorAnswer(@Nullable Object answer) {
        boolean acts = answer instanceof Map || answer instanceof CompletionStage || answer instanceof Future;
        return acts ? decision(answer) : Decision.close();
    }

    private static Decision settled(@Nullable Object answer) {
        if (answer == null) {
            return Decision.await();
        }
        if (answer instanceof Map<?, ?> map) {
            return map(map);
        }
        throw new IllegalArgumentException(
                "the answer must be a Map such as [remote: 'host:port'], was " + kind(answer));
    }

    private static Decision map(Map<?, ?> map) {
        map.keySet().forEach(DecisionMapper::checkKey);
        boolean remote = map.containsKey("remote");
        boolean close = map.containsKey("close");
        boolean noop = map.containsKey("noop");
        if ((remote ? 1 : 0) + (close ? 1 : 0) + (noop ? 1 : 0) != 1) {
            throw new IllegalArgumentException(
                    "the answer must have exactly one of remote, noop, close, found " + map.keySet());
        }
        if (remote) {
            return connect(map);
        }
        if (close) {
            rejectOthers(map, WITH_CLOSE, "close");
            return new Decision.Close(closing(map.get("close")), Tag.of(map.get("tag")));
        }
        rejectOthers(map, WITH_NOOP, "noop");
        if (!Boolean.TRUE.equals(map.get("noop"))) {
            throw new IllegalArgumentException("noop must be true, was " + kind(map.get("noop")));
        }
        return new Decision.Wait(bytes(map, "data"), bytes(map, "reply"));
    }

    private static void checkKey(@Nullable Object key) {
        String name = String.valueOf(key);
        if (!KEYS.contains(name)) {
            String suggestion = Suggestion.among(KEYS, name);
            throw new IllegalArgumentException("unknown key " + Quoted.of(name)
                    + (suggestion == null ? ", expected one of " + KEYS : ", did you mean \"" + suggestion + "\"?"));
        }
    }

    private static void rejectOthers(Map<?, ?> map, Set<String> allowed, String with) {
        for (Object key : map.keySet()) {
            if (!allowed.contains(String.valueOf(key))) {
                throw new IllegalArgumentException(key + " makes no sense together with " + with);
            }
        }
    }

    private static Decision connect(Map<?, ?> map) {
        Object remote = map.get("remote");
        boolean list = remote instanceof List;
        ConnectPolicy policy = new ConnectPolicy(
                timeout(map, "connect_timeout"),
                timeout(map, "inactivity_timeout"),
                timeout(map, "idle_timeout"),
                retries(map, list ? 0 : ConnectPolicy.DEFAULT_RETRIES),
                orElse(seconds(map, "retry_delay"), ConnectPolicy.DEFAULT_RETRY_DELAY),
                proxyProtocol(map));
        return new Decision.Connect(
                destinations(remote), bytes(map, "data"), bytes(map, "reply"), policy, Tag.of(map.get("tag")));
    }

    private static List<Destination> destinations(@Nullable Object remote) {
        if (!(remote instanceof List<?> list)) {
            return List.of(destination(remote, "remote"));
        }
        if (list.isEmpty()) {
            throw new IllegalArgumentException("remote must name at least one destination, was []");
        }
        List<Destination> destinations = new ArrayList<>();
        for (int i = 0; i < list.size(); i++) {
            destinations.add(destination(list.get(i), "remote[" + i + "]"));
        }
        return destinations;
    }

    private static Destination destination(@Nullable Object value, String key) {
        if (!(value instanceof CharSequence text)) {
            throw new IllegalArgumentException(
                    key + " must be host:port, [v6]:port or unix:/path, or a List of them, was " + kind(value));
        }
        try {
            return KNOWN.parse(text.toString());
        } catch (IllegalArgumentException e) {
            throw new IllegalArgumentException(key + " " + e.getMessage(), e);
        }
    }

    private static byte @Nullable [] closing(@Nullable Object value) {
        if (Boolean.TRUE.equals(value)) {
            return null;
        }
        if (value == null || value instanceof Boolean) {
            throw new IllegalArgumentException("close must be true or the bytes to send first, was " + value);
        }
        return BinaryString.bytes(value, "close");
    }

    private static byte @Nullable [] bytes(Map<?, ?> map, String key) {
        Object value = map.get(key);
        return value == null ? null : BinaryString.bytes(value, key);
    }

    private static int retries(Map<?, ?> map, int absent) {
        Object value = map.get("retries");
        if (value == null) {
            return absent;
        }
        if (value instanceof Integer count && count >= 0 && count <= MAX_RETRIES) {
            return count;
        }
        throw new IllegalArgumentException(
                "retries must be a whole number from 0 to " + MAX_RETRIES + ", was " + shown(value));
    }

    private static int proxyProtocol(Map<?, ?> map) {
        Object value = map.get("proxy_protocol");
        if (value == null) {
            return 0;
        }
        if (value instanceof Integer version && (version == 1 || version == 2)) {
            return version;
        }
        throw new IllegalArgumentException("proxy_protocol must be 1 or 2, was " + shown(value));
    }

    private static @Nullable Duration timeout(Map<?, ?> map, String key) {
        Duration duration = seconds(map, key);
        return duration == null || duration.isZero() ? null : duration;
    }

    private static @Nullable Duration seconds(Map<?, ?> map, String key) {
        Object value = map.get(key);
        if (value == null) {
            return null;
        }
        if (value instanceof Number number) {
            try {
                BigDecimal seconds = new BigDecimal(number.toString());
                if (seconds.signum() >= 0 && seconds.compareTo(MAX_SECONDS) <= 0) {
                    return Duration.ofNanos(seconds.movePointRight(9).longValue());
                }
            } catch (NumberFormatException e) {
                // NaN and the infinities: said below.
            }
        }
        throw new IllegalArgumentException(
                key + " must be a number of seconds from 0 to " + MAX_SECONDS + ", was " + shown(value));
    }

    private static Duration orElse(@Nullable Duration duration, Duration absent) {
        return duration == null ? absent : duration;
    }

    // Numbers are harmless in a log; of anything else only the kind, as it may be what a client sent.
    private static String shown(Object value) {
        return value instanceof Number ? value.toString() : kind(value);
    }

    static String kind(@Nullable Object value) {
        if (value == null) {
            return "null";
        }
        if (value instanceof Boolean) {
            return value.toString();
        }
        String name = value instanceof GString ? "GString" : value.getClass().getSimpleName();
        return (name.matches("[AEIO].*") ? "an " : "a ")
                + (name.isEmpty() ? value.getClass().getName() : name);
    }
}
