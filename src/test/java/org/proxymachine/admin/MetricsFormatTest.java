package org.proxymachine.admin;

import static org.assertj.core.api.Assertions.assertThat;
import static org.junit.jupiter.api.Assertions.assertTimeout;

import java.time.Duration;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

class MetricsFormatTest {
    private static final String PROTOBUF =
            "application/vnd.google.protobuf;proto=io.prometheus.client.MetricFamily;encoding=delimited";

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            value = {
                // Prometheus 2.
                "application/openmetrics-text;version=1.0.0,application/openmetrics-text;version=0.0.1;q=0.75,"
                        + "text/plain;version=0.0.4;q=0.5,*/*;q=0.1 | OPEN_METRICS",
                // Prometheus 3, and 3 told to prefer its own text.
                "application/openmetrics-text;version=1.0.0;escaping=allow-utf-8;q=0.6,"
                        + "application/openmetrics-text;version=0.0.1;q=0.5,"
                        + "text/plain;version=1.0.0;escaping=allow-utf-8;q=0.4,"
                        + "text/plain;version=0.0.4;q=0.3,*/*;q=0.2 | OPEN_METRICS",
                "text/plain;version=0.0.4;q=0.6,application/openmetrics-text;version=1.0.0;escaping=allow-utf-8;q=0.5,"
                        + "*/*;q=0.2 | PROMETHEUS",
                // Prometheus 3 told to take protobuf alone, which adds any all the same.
                PROTOBUF + ";q=0.6,*/*;q=0.5 | PROMETHEUS",
                // The JDK's client.
                "text/html, image/gif, image/jpeg, *; q=.2, */*; q=.2 | PROMETHEUS",
                "text/plain; q=.2, application/openmetrics-text; q=.3 | OPEN_METRICS",
            })
    void shouldUnderstandWhatClientsReallySend(String accept, MetricsFormat format) {
        assertThat(MetricsFormat.of(accept)).isEqualTo(format);
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            value = {
                "text/plain;q=0,text/plain;version=0.0.4;q=0.5 | PROMETHEUS",
                "text/plain;version=0.0.4;q=0.2,application/openmetrics-text;q=0.5,text/plain;q=0.9 | OPEN_METRICS",
                "application/*;q=0.9,application/openmetrics-text;q=0.1,text/plain;q=0.5 | PROMETHEUS",
                "*/*,application/*;q=0.1 | PROMETHEUS",
                "*/*;q=0.1,application/*;q=0 | PROMETHEUS",
                "*/*;q=0.9,text/*;q=0 | OPEN_METRICS",
                // Of several versions that there are, the one that is liked most.
                "application/openmetrics-text;version=0.0.1;q=0.1,application/openmetrics-text;version=1.0.0;q=0.9,"
                        + "text/plain;q=0.5 | OPEN_METRICS",
                "application/openmetrics-text;version=0.0.1;q=0,application/openmetrics-text;version=1.0.0 "
                        + "| OPEN_METRICS",
            })
    void shouldTakeTheMostSpecificRange(String accept, MetricsFormat format) {
        assertThat(MetricsFormat.of(accept)).isEqualTo(format);
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "text/plain;q=0.5,application/openmetrics-text;q=0x1p-9",
                "text/plain;q=0.5,application/openmetrics-text;q=1e-3",
                "text/plain;q=0.5,application/openmetrics-text;q=0.1f",
                "text/plain;q=0.5,application/openmetrics-text;q=NaN",
                "text/plain;q=0.5,application/openmetrics-text;q=-0",
                "text/plain;q=0.5,application/openmetrics-text;q=1.5",
                "text/plain;q=0.5,application/openmetrics-text;q=",
                "text/plain;q=0.5,application/openmetrics-text;q",
                "TEXT/Plain ;\tQ=0.5 , Application/OpenMetrics-Text ; Version=\"1.0.0\" ; Q=0.501",
                ",, text/plain;q=0.999, , application/openmetrics-text;q=1.000,",
                "text/plain;a=\"b,text/plain\\\";q=1,\";q=0.5,application/openmetrics-text;q=0.6",
            })
    void shouldNotMistakeAWeight(String accept) {
        assertThat(MetricsFormat.of(accept)).isEqualTo(MetricsFormat.OPEN_METRICS);
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                PROTOBUF,
                "image/png",
                "text/html, application/json;q=0.9",
                "*/*;q=0",
                "*/*;q=0.000",
                "*/*, text/plain;q=0, application/openmetrics-text;q=0.0",
                "text/*;q=0, application/*;q=0, */*",
                "application/openmetrics-text;version=9.0.0",
            })
    void shouldFindNothingForAClientThatAcceptsNeither(String accept) {
        assertThat(MetricsFormat.of(accept)).isNull();
    }

    @ParameterizedTest
    @ValueSource(strings = {"", " ", ",", ";;q=,,\";", "q=0", "nonsense", "/;q=0.1"})
    void shouldTakeWhatHasNoMediaRangeForNoAcceptAtAll(String accept) {
        assertThat(MetricsFormat.of(accept)).isEqualTo(MetricsFormat.PROMETHEUS);
    }

    @Test
    void shouldReadTenThousandRangesInNoTime() {
        String accept = "text/plain;q=0.1;a=\"\\\"".repeat(10_000) + "," + "text/*;q=0.5, ".repeat(10_000);
        assertTimeout(
                Duration.ofSeconds(5),
                () -> assertThat(MetricsFormat.of(accept + "\",")).isNotNull());
        assertThat(MetricsFormat.of("image/png;q=0.5,".repeat(10_000) + "application/*;q=0.1"))
                .isEqualTo(MetricsFormat.OPEN_METRICS);
    }
}
