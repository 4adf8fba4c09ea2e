package org.proxymachine.reactor;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.ByteBuffer;
import java.util.Objects;
import org.junit.jupiter.api.Test;

class BufferPoolTest {

    @Test
    void shouldGiveTheSizeThatIsNeeded() {
        BufferPool pool = new BufferPool(1 << 20);
        assertThat(pool.take(1)).extracting(ByteBuffer::capacity).isEqualTo(BufferPool.SMALL_BYTES);
        assertThat(pool.take(BufferPool.SMALL_BYTES + 1))
                .extracting(ByteBuffer::capacity)
                .isEqualTo(BufferPool.LARGE_BYTES);
        assertThat(pool.out()).isEqualTo(2);
    }

    @Test
    void shouldGiveNoMoreThanItMayAndTheSameAgainOnceTheyAreBack() {
        BufferPool pool = new BufferPool(BufferPool.LARGE_BYTES + BufferPool.SMALL_BYTES);
        ByteBuffer large = Objects.requireNonNull(pool.take(BufferPool.LARGE_BYTES));
        assertThat(pool.hasRoom()).isFalse();
        ByteBuffer small = Objects.requireNonNull(pool.take(BufferPool.SMALL_BYTES));
        assertThat(pool.take(1)).isNull();
        pool.give(large);
        pool.give(small);
        assertThat(pool.hasRoom()).isTrue();
        assertThat(pool.take(BufferPool.LARGE_BYTES)).isSameAs(large);
        assertThat(pool.take(1)).isSameAs(small);
    }
}
