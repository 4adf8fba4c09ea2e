package org.proxymachine.route;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.time.Duration;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

class DurationTextTest {
    @ParameterizedTest
    @CsvSource({
        "30, PT30S",
        "2.5, PT2.5S",
        "0.000000001, PT0.000000001S",
        "500ms, PT0.5S",
        "30s, PT30S",
        "5m, PT5M",
        "1.5h, PT1H30M",
        "7d, PT168H",
        "3650d, PT87600H"
    })
    void shouldReadWhatPeopleWrite(String text, Duration duration) {
        assertThat(DurationText.parse(text)).isEqualTo(duration);
    }

    @ParameterizedTest
    @ValueSource(strings = {"", " 1", "1 h", "-1", "1e3", ".5", "5.", "1w", "NaN", "3651d", "999999999h", "١", "1h30m"})
    void shouldRefuseAnythingElseInOneLine(String text) {
        assertThatThrownBy(() -> DurationText.parse(text))
                .isInstanceOf(IllegalArgumentException.class)
                .hasMessage(
                        "expected a duration such as 30, 2.5, 500ms, 5m or 1h, of at most 3650d, was \"" + text + "\"");
    }
}
