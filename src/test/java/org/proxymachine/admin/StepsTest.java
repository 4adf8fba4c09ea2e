package org.proxymachine.admin;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.Objects;
import org.junit.jupiter.api.Test;
import org.proxymachine.route.Decision;

class StepsTest {
    private final Steps steps = new Steps();

    private static Step answer(long nanos, Outline outline) {
        return new Step(nanos, "received", nanos, 10, outline, 1);
    }

    @Test
    void shouldCountWhatIsSaidAgain() {
        for (int i = 1; i <= 1_000; i++) {
            steps.add(answer(i, Outline.of(Decision.await())));
        }
        steps.add(Step.event(1_001, 5, "connecting"));
        steps.add(answer(1_002, Outline.WAIT));
        assertThat(steps.all())
                .containsExactly(
                        new Step(1, "received", 1_000, 10_000, Outline.WAIT, 1_000),
                        Step.event(1_001, 5, "connecting"),
                        answer(1_002, Outline.WAIT));
        assertThat(steps.leftOut()).isZero();
    }

    @Test
    void shouldKeepHowItBeganAndHowItWentLast() {
        for (int i = 0; i < 1_000; i++) {
            steps.add(answer(i, Outline.of(new Decision.Wait(null, new byte[i]))));
        }
        assertThat(steps.all()).hasSize(Steps.MAX);
        assertThat(steps.leftOut()).isEqualTo(1_000 - Steps.MAX);
        for (int i = 0; i < Steps.MAX / 2; i++) {
            assertThat(steps.all().get(i).nanos()).isEqualTo(i);
            assertThat(steps.all().get(Steps.MAX - 1 - i).nanos()).isEqualTo(999 - i);
        }
    }

    @Test
    void shouldKeepNoBytes() {
        Outline close = Outline.of(new Decision.Close(new byte[70_000], "why"));
        assertThat(close).hasToString("close tag \"why\" reply of 70000 bytes");
        assertThat(((Decision.Close) Objects.requireNonNull(close.decision())).bytes())
                .isNull();
        assertThat(Outline.failed("router.groovy:3: oops")).hasToString("failed: router.groovy:3: oops");
    }
}
