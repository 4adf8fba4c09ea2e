package org.proxymachine.script;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.api.Test;

class KnownDestinationsTest {

    @Test
    void shouldReadTheSameTextOnce() {
        KnownDestinations known = new KnownDestinations();
        assertThat(known.parse("a:1")).isSameAs(known.parse("a:1")).hasToString("a:1");
    }

    @Test
    void shouldStayBoundedWhateverAScriptNames() {
        KnownDestinations known = new KnownDestinations();
        for (int i = 0; i < 3 * KnownDestinations.MAX; i++) {
            known.parse("host" + i + ":1");
            assertThat(known.size()).isLessThanOrEqualTo(KnownDestinations.MAX);
        }
    }
}
