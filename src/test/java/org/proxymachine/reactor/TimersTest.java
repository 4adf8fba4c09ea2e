package org.proxymachine.reactor;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.TreeMap;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.constraints.IntRange;
import net.jqwik.api.constraints.Size;
import org.junit.jupiter.api.Test;

class TimersTest {

    @Test
    void shouldExpireOnceAndNotBefore() {
        Timers timers = new Timers(Runnable::run);
        List<String> expired = new ArrayList<>();
        Timer timer = timers.create(() -> expired.add("x"));
        timer.arm(10);
        timers.expire(9);
        assertThat(expired).isEmpty();
        assertThat(timers.untilNextNanos(9)).isEqualTo(1);
        timers.expire(10);
        timers.expire(20);
        assertThat(expired).containsExactly("x");
        assertThat(timers.untilNextNanos(20)).isEqualTo(Timers.NONE);
    }

    @Test
    void shouldMoveLaterLazilyAndEarlierAtOnce() {
        Timers timers = new Timers(Runnable::run);
        List<String> expired = new ArrayList<>();
        Timer timer = timers.create(() -> expired.add("x"));
        timer.arm(10);
        timer.arm(30);
        timers.expire(10);
        assertThat(expired).isEmpty();
        assertThat(timers.untilNextNanos(10)).isEqualTo(20);
        timer.arm(15);
        assertThat(timers.untilNextNanos(10)).isEqualTo(5);
        timers.expire(15);
        assertThat(expired).containsExactly("x");
    }

    @Test
    void shouldOutliveAnOverflowOfTheClock() {
        Timers timers = new Timers(Runnable::run);
        List<String> expired = new ArrayList<>();
        timers.create(() -> expired.add("later")).arm(Long.MIN_VALUE + 5);
        timers.create(() -> expired.add("sooner")).arm(Long.MAX_VALUE - 5);
        timers.expire(Long.MAX_VALUE - 5);
        assertThat(expired).containsExactly("sooner");
        timers.expire(Long.MIN_VALUE + 5);
        assertThat(expired).containsExactly("sooner", "later");
    }

    @Property
    void shouldExpireInOrderWhateverIsArmedMovedAndDisarmed(
            @ForAll @Size(max = 200) List<@IntRange(min = 0, max = 999) Integer> moves) {
        Timers timers = new Timers(Runnable::run);
        List<Integer> expired = new ArrayList<>();
        List<Timer> all = new ArrayList<>();
        TreeMap<Integer, Integer> expected = new TreeMap<>();
        for (int i = 0; i < 20; i++) {
            int name = i;
            all.add(timers.create(() -> expired.add(name)));
        }
        for (int i = 0; i < moves.size(); i++) {
            int name = i % 20;
            if (moves.get(i) % 5 == 0) {
                all.get(name).disarm();
                expected.remove(name);
            } else {
                all.get(name).arm(moves.get(i));
                expected.put(name, moves.get(i));
            }
        }
        List<Integer> times = new ArrayList<>();
        for (int now = 0; now < 1_000; now++) {
            int before = expired.size();
            timers.expire(now);
            // A timer that had moved later is re-armed, and then due, within the same moment at the latest.
            for (int i = before; i < expired.size(); i++) {
                assertThat(expected.get(expired.get(i))).isEqualTo(now);
                times.add(now);
            }
        }
        assertThat(times).isSorted();
        List<Integer> names = new ArrayList<>(expired);
        Collections.sort(names);
        assertThat(names).containsExactlyElementsOf(expected.keySet());
    }
}
