package org.proxymachine.script;

import java.time.Duration;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.jspecify.annotations.Nullable;
import org.proxymachine.route.ConnectPolicy;
import org.proxymachine.route.Decision;
import org.proxymachine.route.Destination;
import org.proxymachine.route.DurationText;

/**
 * Turns what a script returned into a decision, strictly: what it cannot mean is an {@link WrongAnswerException}
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
    private static final String REMOTE = "host:port, [v6]:port or unix:/path";
    private static final String REMOTES = REMOTE + ", or a List of them";
    private static final KnownDestinations KNOWN = new KnownDestinations();
    private static final int MAX_RETRIES = 1_000_000;

    /** The most destinations of one decision: each that fails is a line of the log, and the loop goes through all. */
    private static final int MAX_DESTINATIONS = 1_000;

    private DecisionMapper() {}

    /** Maps an answer of an error block, where whatever does not act means close. */
    static Decision errorAnswer(@Nullable Object answer) {
        return answer instanceof Map ? decision(answer) : Decision.close();
    }

    /** Maps an answer of any other block, or of a future. */
    static Decision decision(@Nullable Object answer) {
        if (answer == null) {
            return Decision.await();
        }
        if (answer instanceof Map<?, ?> map) {
            return map(byName(map));
        }
        throw new WrongAnswerException(
                "the answer must be a Map such as [remote: 'host:port'], was " + TypeName.of(answer));
    }

    // By its entries: a map with a default value would have an answer to any key. What a Map literal gives has none.
    @SuppressWarnings("unchecked") // All its keys are.
    private static Map<String, @Nullable Object> byName(Map<?, ?> answer) {
        if (answer.getClass() == LinkedHashMap.class && hasKnownKeys(answer)) {
            return (Map<String, @Nullable Object>) answer;
        }
        Map<String, @Nullable Object> named = new LinkedHashMap<>();
        for (Map.Entry<?, ?> entry : answer.entrySet()) {
            String key = key(entry.getKey());
            if (named.containsKey(key)) {
                throw new WrongAnswerException(key + " is there twice, as a String and as another kind of text");
            }
            named.put(key, entry.getValue());
        }
        return named;
    }

    private static boolean hasKnownKeys(Map<?, ?> answer) {
        for (Object key : answer.keySet()) {
            if (!(key instanceof String) || !KEYS.contains(key)) {
                return false;
            }
        }
        return true;
    }

    private static String key(@Nullable Object key) {
        if (!(key instanceof CharSequence)) {
            throw new WrongAnswerException("a key must be text, such as remote, was " + ScriptNumber.shown(key));
        }
        String name = key.toString();
        if (!KEYS.contains(name)) {
            String suggestion = Suggestion.among(KEYS, name);
            throw new WrongAnswerException("unknown key " + Quoted.of(name)
                    + (suggestion == null ? ", expected one of " + KEYS : ", did you mean \"" + suggestion + "\"?"));
        }
        return name;
    }

    private static Decision map(Map<String, @Nullable Object> map) {
        boolean remote = map.containsKey("remote");
        boolean close = map.containsKey("close");
        boolean noop = map.containsKey("noop");
        if ((remote ? 1 : 0) + (close ? 1 : 0) + (noop ? 1 : 0) != 1) {
            throw new WrongAnswerException(
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
            throw new WrongAnswerException("noop must be true, was " + TypeName.of(map.get("noop")));
        }
        return new Decision.Wait(bytes(map, "data"), bytes(map, "reply"));
    }

    private static void rejectOthers(Map<String, @Nullable Object> map, Set<String> allowed, String with) {
        for (String key : map.keySet()) {
            if (!allowed.contains(key)) {
                throw new WrongAnswerException(key + " makes no sense together with " + with);
            }
        }
    }

    private static Decision connect(Map<String, @Nullable Object> map) {
        Object remote = map.get("remote");
        List<?> list = list(remote);
        ConnectPolicy policy = new ConnectPolicy(
                timeout(map, "connect_timeout"),
                timeout(map, "inactivity_timeout"),
                timeout(map, "idle_timeout"),
                orElse(
                        whole(map, "retries", 0, MAX_RETRIES, "a whole number from 0 to " + MAX_RETRIES),
                        list == null ? ConnectPolicy.DEFAULT_RETRIES : 0),
                orElse(seconds(map, "retry_delay"), ConnectPolicy.DEFAULT_RETRY_DELAY),
                orElse(whole(map, "proxy_protocol", 1, 2, "1 or 2"), 0));
        List<Destination> destinations =
                list == null ? List.of(destination(remote, "remote", REMOTES)) : destinations(list);
        return new Decision.Connect(
                destinations, bytes(map, "data"), bytes(map, "reply"), policy, Tag.of(map.get("tag")));
    }

    // An array as well, as that is what split gives.
    private static @Nullable List<?> list(@Nullable Object remote) {
        return remote instanceof Object[] array ? Arrays.asList(array) : remote instanceof List<?> list ? list : null;
    }

    private static List<Destination> destinations(List<?> list) {
        if (list.isEmpty()) {
            throw new WrongAnswerException("remote must name at least one destination, was []");
        }
        List<Destination> destinations = new ArrayList<>();
        for (Object each : list) {
            // Counted: a List of the script's own may have no end, whatever its size.
            if (destinations.size() == MAX_DESTINATIONS) {
                throw new WrongAnswerException(
                        "remote must name at most " + MAX_DESTINATIONS + " destinations, was a List of more");
            }
            destinations.add(destination(each, "remote[" + destinations.size() + "]", REMOTE));
        }
        return destinations;
    }

    private static Destination destination(@Nullable Object value, String key, String expected) {
        if (!(value instanceof CharSequence)) {
            throw new WrongAnswerException(key + " must be " + expected + ", was " + TypeName.of(value));
        }
        try {
            return KNOWN.parse(value.toString());
        } catch (IllegalArgumentException e) {
            throw new WrongAnswerException(key + " " + e.getMessage(), e);
        }
    }

    private static byte @Nullable [] closing(@Nullable Object value) {
        if (Boolean.TRUE.equals(value)) {
            return null;
        }
        if (value == null || value instanceof Boolean) {
            throw new WrongAnswerException("close must be true or the bytes to send first, was " + value);
        }
        return BinaryString.bytes(value, "close");
    }

    private static byte @Nullable [] bytes(Map<String, @Nullable Object> map, String key) {
        Object value = map.get(key);
        return value == null ? null : BinaryString.bytes(value, key);
    }

    private static @Nullable Integer whole(
            Map<String, @Nullable Object> map, String key, int min, int max, String expected) {
        Object value = map.get(key);
        Integer number = ScriptNumber.whole(value, min, max);
        if (value != null && number == null) {
            throw new WrongAnswerException(key + " must be " + expected + ", was " + ScriptNumber.shown(value));
        }
        return number;
    }

    private static @Nullable Duration timeout(Map<String, @Nullable Object> map, String key) {
        Duration duration = seconds(map, key);
        return duration == null || duration.isZero() ? null : duration;
    }

    private static @Nullable Duration seconds(Map<String, @Nullable Object> map, String key) {
        Object value = map.get(key);
        if (value == null) {
            return null;
        }
        Duration duration = ScriptNumber.seconds(value);
        if (duration == null) {
            throw new WrongAnswerException(key + " must be a number of seconds from 0 to "
                    + DurationText.MAX_SECONDS + ", or text such as '500ms' or '1h', was "
                    + (value instanceof CharSequence text ? Quoted.of(text.toString()) : ScriptNumber.shown(value)));
        }
        return duration;
    }

    private static <T> T orElse(@Nullable T value, T absent) {
        return value == null ? absent : value;
    }
}
