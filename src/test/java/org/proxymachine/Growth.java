package org.proxymachine;

import static org.assertj.core.api.Assertions.assertThat;

import java.lang.management.BufferPoolMXBean;
import java.lang.management.ManagementFactory;
import java.util.ArrayList;
import java.util.List;

/** Whether the memory in use grows over a long run: its first third compared with its last. */
final class Growth {
    private static final long MEGABYTE = 1 << 20;

    /** For what comes and goes: classes unloaded late, buffers kept for the next burst. */
    private static final long TOLERANCE = 8 * MEGABYTE;

    private final List<Long> heap = new ArrayList<>();
    private final List<Long> direct = new ArrayList<>();

    /** Notes the heap after a collection, and the direct buffers. */
    void sample() {
        System.gc();
        heap.add(ManagementFactory.getMemoryMXBean().getHeapMemoryUsage().getUsed());
        direct.add(directBytes());
    }

    /** Returns what direct buffers take. */
    static long directBytes() {
        return ManagementFactory.getPlatformMXBeans(BufferPoolMXBean.class).stream()
                .filter(pool -> pool.getName().equals("direct"))
                .mapToLong(BufferPoolMXBean::getMemoryUsed)
                .sum();
    }

    void assertNone() {
        assertFlat("heap", heap);
        assertFlat("direct buffers", direct);
    }

    private static void assertFlat(String what, List<Long> samples) {
        int third = samples.size() / 3;
        long first = median(samples.subList(0, third));
        long last = median(samples.subList(samples.size() - third, samples.size()));
        assertThat(last).as("%s, sampled %s", what, samples).isLessThanOrEqualTo(first + TOLERANCE);
    }

    private static long median(List<Long> samples) {
        return samples.stream().sorted().toList().get(samples.size() / 2);
    }

    @Override
    public String toString() {
        return "heap %d MB to %d MB, direct buffers %d MB to %d MB"
                .formatted(
                        heap.get(0) / MEGABYTE,
                        heap.get(heap.size() - 1) / MEGABYTE,
                        direct.get(0) / MEGABYTE,
                        direct.get(direct.size() - 1) / MEGABYTE);
    }
}
