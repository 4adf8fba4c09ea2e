package org.proxymachine.bench;

import java.util.List;
import java.util.Locale;

/**
 * A ratio as its paired measurements tell it: the geometric mean, and the interval that holds the true one in 95 of 100
 * comparisons (Student's t on the logarithms, which are symmetric where ratios are not).
 *
 * @param ratio the geometric mean
 * @param low the interval's lower end
 * @param high its upper end
 * @param count how many measurements it is made of
 */
record Interval(double ratio, double low, double high, int count) {
    /** Two-sided, 95 %, for 1 to 30 degrees of freedom. */
    private static final double[] STUDENT = {
        12.706, 4.303, 3.182, 2.776, 2.571, 2.447, 2.365, 2.306, 2.262, 2.228, 2.201, 2.179, 2.160, 2.145, 2.131, 2.120,
        2.110, 2.101, 2.093, 2.086, 2.080, 2.074, 2.069, 2.064, 2.060, 2.056, 2.052, 2.048, 2.045, 2.042
    };

    /** What differs by less is the same for all that follows from it. */
    static final double TOLERATED = 1.02;

    /**
     * Returns the interval of these ratios, each of a pair that was measured together.
     *
     * @throws IllegalArgumentException if there are fewer than two, or one is not above zero
     */
    static Interval of(List<Double> ratios) {
        int count = ratios.size();
        if (count < 2 || ratios.stream().anyMatch(ratio -> !(ratio > 0))) {
            throw new IllegalArgumentException("expected two ratios above zero or more, was " + ratios);
        }
        double mean = ratios.stream().mapToDouble(Math::log).average().orElseThrow();
        double squares = ratios.stream()
                .mapToDouble(ratio -> Math.pow(Math.log(ratio) - mean, 2))
                .sum();
        double half = student(count - 1) * Math.sqrt(squares / (count - 1) / count);
        return new Interval(Math.exp(mean), Math.exp(mean - half), Math.exp(mean + half), count);
    }

    // Beyond the table by the first terms of Cornish and Fisher's expansion, which is off by less than 0.001 there.
    private static double student(int freedom) {
        return freedom <= STUDENT.length
                ? STUDENT[freedom - 1]
                : 1.95996 + 2.3722 / freedom + 2.8225 / freedom / freedom;
    }

    boolean excludes(double value) {
        return value < low || value > high;
    }

    /** Returns in words what can be said, and what cannot. */
    String verdict() {
        if (high < 1) {
            return "less";
        }
        if (low > TOLERATED) {
            return "**more, by over 2 %**";
        }
        if (low > 1) {
            return high < TOLERATED ? "more, by less than 2 %" : "**more**";
        }
        return high < TOLERATED ? "no more than 2 % above" : "not known: more rounds are needed";
    }

    @Override
    public String toString() {
        return String.format(Locale.ROOT, "%.3f (%.3f–%.3f)", ratio, low, high);
    }
}
