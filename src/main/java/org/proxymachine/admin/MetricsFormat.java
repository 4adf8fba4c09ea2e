package org.proxymachine.admin;

import io.prometheus.metrics.expositionformats.ExpositionFormatWriter;
import io.prometheus.metrics.expositionformats.ExpositionFormats;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** The text formats in which metrics are told, and which of them a client wants. */
enum MetricsFormat {
    PROMETHEUS("text/plain"),
    OPEN_METRICS("application/openmetrics-text");

    /** What is answered to a client that accepts neither. */
    static final String ALL = "Accept: expected text/plain or application/openmetrics-text among what is accepted";

    private static final ExpositionFormats FORMATS = ExpositionFormats.init();

    private final String type;

    MetricsFormat(String type) {
        this.type = type;
    }

    /**
     * Returns the one that this Accept prefers, and of two that it likes as much the one that it names first.
     *
     * @param accept null for none, which accepts all, as one without a media range does
     * @return null where it accepts neither
     */
    static @Nullable MetricsFormat of(@Nullable String accept) {
        List<AcceptRange> ranges = AcceptRange.all(accept);
        AcceptRange.Preference text = PROMETHEUS.preference(ranges);
        AcceptRange.Preference openMetrics = OPEN_METRICS.preference(ranges);
        if (!ranges.isEmpty() && text.quality() == 0 && openMetrics.quality() == 0) {
            return null;
        }
        return openMetrics.compareTo(text) > 0 ? OPEN_METRICS : PROMETHEUS;
    }

    /** What the range that names it most closely says of it. */
    private AcceptRange.Preference preference(List<AcceptRange> ranges) {
        AcceptRange.Preference closest = AcceptRange.Preference.NONE;
        for (AcceptRange each : ranges) {
            AcceptRange.Preference preference = each.preference(type, versions());
            if (preference.overrules(closest)) {
                closest = preference;
            }
        }
        // A refusal is no preference, however close.
        return closest.closeness() > 0 && closest.quality() > 0 ? closest : AcceptRange.Preference.NONE;
    }

    private List<String> versions() {
        return this == OPEN_METRICS ? List.of("1.0.0", "0.0.1") : List.of("0.0.4", "1.0.0");
    }

    ExpositionFormatWriter writer() {
        return this == OPEN_METRICS
                ? FORMATS.getOpenMetricsTextFormatWriter()
                : FORMATS.getPrometheusTextFormatWriter();
    }
}
