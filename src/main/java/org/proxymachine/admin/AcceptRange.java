package org.proxymachine.admin;

import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Locale;
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
    /**
     * What a range says of a type.
     *
     * @param closeness 0 if the type is not in it, and more the more closely it is named
     */
    record Preference(int closeness, double quality, int place) implements Comparable<Preference> {
        static final Preference NONE = new Preference(0, 0, Integer.MAX_VALUE);

        private static final Comparator<Preference> ORDER = Comparator.comparingDouble(Preference::quality)
                .thenComparingInt(Preference::closeness)
                .thenComparing(Comparator.comparingInt(Preference::place).reversed());

        @Override
        public int compareTo(Preference other) {
            return ORDER.compare(this, other);
        }
    }

    /** Returns those of a value of Accept, in their order; none where it is null. */
    static List<AcceptRange> all(@Nullable String accept) {
        List<AcceptRange> all = new ArrayList<>();
        for (String each : (accept == null ? "" : accept).split(",", -1)) {
            all.add(parse(each.toLowerCase(Locale.ROOT), all.size()));
        }
        return all;
    }

    private static AcceptRange parse(String range, int place) {
        String[] parts = range.split(";", -1);
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
        return new AcceptRange(parts[0].strip(), version, quality, place);
    }

    // What is no number says nothing of the range.
    private static double quality(String text) {
        try {
            double quality = Double.parseDouble(text);
            return quality >= 0 && quality <= 1 ? quality : 1;
        } catch (NumberFormatException e) {
            return 1;
        }
    }

    /** Returns what it says of a type that there is in these versions. */
    Preference preference(String type, List<String> versions) {
        return new Preference(closeness(type, versions), quality, place);
    }

    private int closeness(String type, List<String> versions) {
        if (name.equals(type)) {
            return version == null || versions.contains(version) ? 3 : 0;
        }
        if (name.equals("*/*")) {
            return 1;
        }
        return name.endsWith("/*") && type.startsWith(name.substring(0, name.length() - 1)) ? 2 : 0;
    }
}
