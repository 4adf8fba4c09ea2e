package org.proxymachine.bench;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.util.List;
import java.util.Random;
import org.junit.jupiter.api.Test;

/** Compares contestants that cost what the test says, on a machine that changes meanwhile. */
class ComparisonTest {
    private static final Row ROW = new Row("row.cpu", "CPU", "µs", 3);
    private final Contestant ours = contestant("ours");
    private final Contestant other = contestant("other");

    private static Contestant contestant(String name) {
        return new Contestant(name, "1", (directory, port, to) -> {
            throw new IOException("nothing is started here");
        });
    }

    /** What costs so much more for ours, while the machine gets slower all the time and jitters by 1 %. */
    private static final class Costs implements Comparison.Slots {
        private final Random random = new Random(3);
        private final double ratio;
        private double machine = 100;

        Costs(double ratio) {
            this.ratio = ratio;
        }

        @Override
        public void warmUp(Contestant contestant) {}

        @Override
        public void restart() {}

        @Override
        public void measure(Contestant contestant, Figures figures) {
            machine *= 1.002;
            double cost = machine * (1 + 0.01 * random.nextGaussian());
            figures.add(ROW, contestant.name(), contestant.name().equals("ours") ? cost * ratio : cost);
        }
    }

    private String compare(double ratio) throws Exception {
        Comparison comparison = new Comparison(ours, other, 8, 3);
        comparison.run("row", 3, new Costs(ratio));
        return comparison.markdown();
    }

    @Test
    void shouldNotTellOneFromItselfOnAMachineThatDrifts() throws Exception {
        assertThat(compare(1.0)).contains("| no | yes | no more than 2 % above |");
    }

    @Test
    void shouldTellThreePerCentOnAMachineThatDrifts() throws Exception {
        assertThat(compare(1.03)).contains("| yes | ").contains("**more");
    }

    @Test
    void shouldTakeTheValuesOfAStartTogether() {
        assertThat(Comparison.ratios(List.of(1.0, 3.0, 10.0, 10.0), List.of(2.0, 2.0, 5.0, 5.0), 2))
                .containsExactly(1.0, 2.0);
    }
}
