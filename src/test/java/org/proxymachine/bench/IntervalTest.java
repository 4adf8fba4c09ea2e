package org.proxymachine.bench;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.within;

import java.util.ArrayList;
import java.util.List;
import java.util.Random;
import org.junit.jupiter.api.Test;

class IntervalTest {
    // Worked by hand: logs 0 and ln 1.21 have the mean ln 1.1, s = 0.19062 / √2, t(1) = 12.706.
    @Test
    void shouldBeStudentsOnTheLogarithms() {
        Interval interval = Interval.of(List.of(1.0, 1.21));
        assertThat(interval.ratio()).isCloseTo(1.1, within(1e-9));
        double half = 12.706 * Math.log(1.21) / 2;
        assertThat(Math.log(interval.high() / interval.ratio())).isCloseTo(half, within(1e-9));
        assertThat(Math.log(interval.ratio() / interval.low())).isCloseTo(half, within(1e-9));
    }

    @Test
    void shouldHoldTheTrueRatioInNineteenOfTwentyComparisons() {
        Random random = new Random(1);
        for (int count : new int[] {8, 20, 40}) {
            int held = 0;
            for (int i = 0; i < 4_000; i++) {
                held += Interval.of(sample(random, count, 1.0, 0.02)).excludes(1) ? 0 : 1;
            }
            assertThat(held / 4_000.0).as("%d ratios", count).isCloseTo(0.95, within(0.012));
        }
    }

    @Test
    void shouldTellThreePerCentFromNothingByTwentyRoundsOfTwoPerCentNoise() {
        Random random = new Random(2);
        int told = 0;
        for (int i = 0; i < 1_000; i++) {
            Interval slower = Interval.of(sample(random, 20, 1.03, 0.02));
            told += slower.excludes(1) && slower.low() > 1 ? 1 : 0;
        }
        assertThat(told).isGreaterThan(990);
    }

    private static List<Double> sample(Random random, int count, double ratio, double deviation) {
        List<Double> sample = new ArrayList<>();
        for (int i = 0; i < count; i++) {
            sample.add(ratio * Math.exp(deviation * random.nextGaussian()));
        }
        return sample;
    }

    @Test
    void shouldSayPlainlyWhatItExcludes() {
        assertThat(new Interval(0.97, 0.96, 0.98, 20).verdict()).isEqualTo("less");
        assertThat(new Interval(1.0, 0.99, 1.01, 20).verdict()).isEqualTo("no more than 2 % above");
        assertThat(new Interval(1.01, 1.005, 1.015, 20).verdict()).isEqualTo("more, by less than 2 %");
        assertThat(new Interval(1.02, 1.01, 1.03, 20).verdict()).isEqualTo("**more**");
        assertThat(new Interval(1.05, 1.03, 1.07, 20).verdict()).isEqualTo("**more, by over 2 %**");
        assertThat(new Interval(1.0, 0.95, 1.05, 20).verdict()).startsWith("not known");
    }

    @Test
    void shouldRefuseWhatHasNoInterval() {
        assertThatThrownBy(() -> Interval.of(List.of(1.0))).isInstanceOf(IllegalArgumentException.class);
        assertThatThrownBy(() -> Interval.of(List.of(1.0, 0.0))).isInstanceOf(IllegalArgumentException.class);
        assertThatThrownBy(() -> Interval.of(List.of(1.0, Double.NaN))).isInstanceOf(IllegalArgumentException.class);
    }
}
