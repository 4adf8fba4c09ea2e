package org.proxymachine.cli;

import java.util.Arrays;
import java.util.Collections;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;
import org.proxymachine.observe.LineConverter;

/** An object of JSON as the commands print it: whatever is missing is a dash. */
record JsonObject(Map<?, ?> members) {
    private static final String MISSING = "-";

    /** Returns the text of this member, without what would move a terminal's cursor. */
    String text(String name) {
        return shown(members.get(name));
    }

    static String shown(@Nullable Object value) {
        return value == null ? MISSING : LineConverter.escape(value.toString());
    }

    boolean has(String name) {
        return members.get(name) != null;
    }

    long number(String name) {
        return members.get(name) instanceof Number number ? number.longValue() : 0;
    }

    double decimal(String name) {
        return members.get(name) instanceof Number number ? number.doubleValue() : 0;
    }

    /** Returns seconds as people read them. */
    String time(String name) {
        return has(name) ? Units.time(decimal(name)) : MISSING;
    }

    /** Returns bytes as people read them. */
    String size(String name) {
        return has(name) ? Units.size(number(name)) : MISSING;
    }

    JsonObject object(String name) {
        return new JsonObject(members.get(name) instanceof Map<?, ?> object ? object : Collections.emptyMap());
    }

    List<JsonObject> objects(String name) {
        return members.get(name) instanceof Object[] array
                ? Arrays.stream(array)
                        .filter(Map.class::isInstance)
                        .map(each -> new JsonObject((Map<?, ?>) each))
                        .toList()
                : List.of();
    }

    List<String> texts(String name) {
        return members.get(name) instanceof Object[] array
                ? Arrays.stream(array).map(JsonObject::shown).toList()
                : List.of();
    }
}
