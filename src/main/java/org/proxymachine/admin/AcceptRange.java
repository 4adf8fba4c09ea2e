package org.proxymachine.admin;

import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Locale;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;

/**
 * One of the media ranges that a client accepts (RFC 9110, section 12.5.1).
 *
 * @param name as {@code text/plain}, {@code text/*} or {@code *}{@code /*}, in lower case
 * @param version null for any
 * @param quality from 0, which is a refusal, to 1
 * @param place from 0, which is the first
 */
record AcceptRange(String name, @Nullable String version, double quality, int place) {
    private static final String ANY = "*/*";
    private static final int BY_TYPE = 3;

    // RFC 9110, section 12.4.2, and what the JDK's own client sends: a fraction without the zero before it.
    private static final Pattern WEIGHT = Pattern.compile("(0?\\.\\d+|0\\.?|1(\\.0*)?)");

    /**
     * What a range says of a type.
     *
     * @param closeness 0 if the type is not in it, and more the more closely it is named
     */
    record Preference(int closeness, double quality, int place) implements Comparable<Preference> {
        static final Preference NONE = new Preference(0, 0, Integer.MAX_VALUE);

        private static final Comparator<Preference> ORDER = Comparator.comparingDouble(Preference::quality)
                .thenComparingInt(preference -> Math.min(preference.closeness, BY_TYPE))
                .thenComparing(Comparator.comparingInt(Preference::place).reversed());

        @Override
        public int compareTo(Preference other) {
            return ORDER.compare(this, other);
        }

        /** Whether this is what counts for a type rather than the other: by how closely it is named, then by its weight. */
        boolean overrules(Preference other) {
            return closeness != other.closeness ? closeness > other.closeness : quality > other.quality;
        }
    }

    /** Returns those of a value of Accept, in their order; none where it is null. What is no media range is left out. */
    static List<AcceptRange> all(@Nullable String accept) {
        List<AcceptRange> all = new ArrayList<>();
        for (String each : split(accept == null ? "" : accept, ',')) {
            AcceptRange range = parse(each.toLowerCase(Locale.ROOT), all.size());
            if (range.name.indexOf('/') > 0) {
                all.add(range);
            }
        }
        return all;
    }

    // What is between quotes does not part anything (RFC 9110, section 5.6.4).
    private static List<String> split(String text, char separator) {
        List<String> parts = new ArrayList<>();
        boolean quoted = false;
        int begin = 0;
        for (int i = 0; i < text.length(); i++) {
            char c = text.charAt(i);
            if (c == '"') {
                quoted = !quoted;
            } else if (c == '\\' && quoted) {
                i++;
            } else if (c == separator && !quoted) {
                parts.add(text.substring(begin, i));
                begin = i + 1;
            }
        }
        parts.add(text.substring(begin));
        return parts;
    }

    private static AcceptRange parse(String range, int place) {
        List<String> parts = split(range, ';');
        String version = null;
        double quality = 1;
        for (String each : parts) {
            String parameter = each.strip();
            if (parameter.startsWith("version=")) {
                version = parameter.substring("version=".length()).replace("\"", "");
            } else if (parameter.startsWith("q=")) {
                quality = quality(parameter.substring("q=".length()));
            }
        }
        String name = parts.get(0).strip();
        // So the JDK's own client names any.
        return new AcceptRange(name.equals("*") ? ANY : name, version, quality, place);
    }

    // What is no weight says nothing of the range.
    private static double quality(String text) {
        return WEIGHT.matcher(text).matches() ? Double.parseDouble(text) : 1;
    }

    /** Returns what it says of a type that there is in these versions. */
    Preference preference(String type, List<String> versions) {
        return new Preference(closeness(type, versions), quality, place);
    }

    private int closeness(String type, List<String> versions) {
        if (name.equals(type)) {
            return version == null ? BY_TYPE : versions.contains(version) ? BY_TYPE + 1 : 0;
        }
        if (name.equals(ANY)) {
            return 1;
        }
        return name.endsWith("/*") && type.startsWith(name.substring(0, name.length() - 1)) ? 2 : 0;
    }
}
