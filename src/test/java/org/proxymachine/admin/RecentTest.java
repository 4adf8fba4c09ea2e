package org.proxymachine.admin;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Test;

class RecentTest {
    private final Recent<Integer> ended = new Recent<>();

    private void end(int count, long nanos) {
        for (int i = 0; i < count; i++) {
            ended.add(i, nanos);
        }
    }

    @Test
    void shouldRememberTheLastAndNotTooManyOfASecond() {
        long second = TimeUnit.SECONDS.toNanos(1);
        // Where the clock of the JVM begins is nobody's business.
        long start = Long.MAX_VALUE - 3 * second;
        end(10_000, start);
        assertThat(ended.all()).hasSize(Recent.PER_SECOND);
        end(10, start + second - 1);
        assertThat(ended.all()).hasSize(Recent.PER_SECOND);
        for (int i = 1; i <= 20; i++) {
            end(Recent.PER_SECOND + 1, start + i * second);
        }
        assertThat(ended.all()).hasSize(Recent.REMEMBERED);
    }
}
