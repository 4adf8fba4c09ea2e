package org.proxymachine.sniff;

import java.util.LinkedHashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/** Takes the headers of a request (RFC 9112, section 5) line by line. */
final class HttpFields {
    private static final String HOST = "host";

    private final Map<String, StringBuilder> values = new LinkedHashMap<>();
    private final Set<String> oddities = new LinkedHashSet<>();
    private @Nullable StringBuilder last;
    private @Nullable String host;
    private boolean ambiguousHost;

    /** Notes what is odd elsewhere in the head. */
    void odd(String what) {
        oddities.add(what);
    }

    /** Takes a line without its end, which is not the empty one that ends the head. */
    void take(String line) {
        if (hasControl(line)) {
            oddities.add("control");
        }
        int colon = line.indexOf(':');
        if (Ascii.isBlank(line.charAt(0))) {
            fold(line);
        } else if (colon < 0) {
            oddities.add("line");
        } else {
            field(line.substring(0, colon), trimmed(line.substring(colon + 1)));
        }
    }

    private void fold(String line) {
        StringBuilder value = last;
        oddities.add(value == null ? "line" : "fold");
        if (value != null) {
            value.append(' ').append(trimmed(line));
            ambiguousHost |= value == values.get(HOST);
        }
    }

    private void field(String written, String value) {
        String name = Ascii.lowerCase(trimmed(written));
        boolean blank = name.length() < written.length();
        if (blank) {
            oddities.add("blank");
        }
        if (!isName(name)) {
            oddities.add("name");
        }
        if (name.equals(HOST)) {
            ambiguousHost |= blank;
            if (value.equals(host)) {
                return;
            }
            different(value);
        }
        add(name, value);
    }

    private void different(String value) {
        if (host != null) {
            oddities.add("duplicate");
            ambiguousHost = true;
        }
        host = value;
    }

    private void add(String name, String value) {
        StringBuilder before = values.get(name);
        if (before == null) {
            before = new StringBuilder(value);
            values.put(name, before);
        } else {
            before.append(", ").append(value);
        }
        last = before;
    }

    /** Returns the values by name, as text. */
    Map<String, String> values() {
        Map<String, String> text = new LinkedHashMap<>();
        values.forEach((name, value) -> text.put(Text.of(name), Text.of(value.toString())));
        return text;
    }

    /** Returns what is odd, in the order of its appearance. */
    List<String> oddities() {
        return List.copyOf(oddities);
    }

    /** Returns what the Host header says; null if there is none, or an empty one, or if it can be read in two ways. */
    @Nullable
    Authority authority() {
        return host == null || ambiguousHost ? null : Authority.of(Text.of(host));
    }

    private static String trimmed(String value) {
        int start = 0;
        int end = value.length();
        while (start < end && Ascii.isBlank(value.charAt(start))) {
            start++;
        }
        while (start < end && Ascii.isBlank(value.charAt(end - 1))) {
            end--;
        }
        return value.substring(start, end);
    }

    // Loops: a stream costs more than a line does.
    private static boolean hasControl(String line) {
        for (int i = 0; i < line.length(); i++) {
            char c = line.charAt(i);
            if ((c < ' ' && c != '\t') || c == 0x7f) {
                return true;
            }
        }
        return false;
    }

    private static boolean isName(String name) {
        for (int i = 0; i < name.length(); i++) {
            if (!Http.isToken(name.charAt(i))) {
                return false;
            }
        }
        return !name.isEmpty();
    }
}
