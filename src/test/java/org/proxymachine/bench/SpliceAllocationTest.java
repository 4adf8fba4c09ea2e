package org.proxymachine.bench;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.api.Test;

/** Moving bytes leaves no garbage, so that a long transfer never waits for the collector. */
class SpliceAllocationTest {
    /** On Java 17 the selector allocates a little of its own for each select with a callback. */
    private static final double ALLOWED_BYTES = Runtime.version().feature() >= 25 ? 0 : 16;

    @Test
    void shouldAllocateNothingWhileSplicing() throws Exception {
        // Rounded: a task of another thread, or a safepoint, may cost the reactor a few bytes in forty thousand events.
        assertThat(Math.floor(SpliceAllocation.bytesPerEvent() * 100) / 100).isLessThanOrEqualTo(ALLOWED_BYTES);
    }
}
