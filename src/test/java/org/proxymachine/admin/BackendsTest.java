package org.proxymachine.admin;

import static org.assertj.core.api.Assertions.assertThat;

import io.prometheus.metrics.model.registry.PrometheusRegistry;
import org.junit.jupiter.api.Test;
import org.proxymachine.route.Destination;

class BackendsTest {
    private final PrometheusRegistry registry = new PrometheusRegistry();
    private final Backends backends = new Backends(registry);

    private long series() {
        return registry.scrape().stream()
                .mapToLong(each -> each.getDataPoints().size())
                .max()
                .orElse(0);
    }

    @Test
    void shouldTellApartOnlySoMany() {
        for (int i = 0; i < 10_000; i++) {
            backends.failed(new Destination.Tcp("host" + i, 80));
            if (i < 50) {
                backends.connected(new Destination.Tcp("host" + i, 80));
            }
        }
        backends.failed(new Destination.Tcp("host0", 80));
        assertThat(backends.all()).hasSize(Backends.MAX);
        assertThat(series()).isEqualTo(Backends.MAX + 2);
        assertThat(backends.other().failures()).isEqualTo(10_000 - Backends.MAX);
        assertThat(backends.name(new Destination.Tcp("host0", 80))).isEqualTo("host0:80");
        assertThat(backends.name(new Destination.Tcp("host9999", 80))).isEqualTo(Backends.OTHER);
        assertThat(backends.name(null)).isEqualTo(Backends.NONE);

        // One that is connected to makes those go that never were.
        for (int i = 0; i < 200; i++) {
            backends.connected(new Destination.Tcp("real" + i, 80));
        }
        assertThat(backends.all()).hasSize(Backends.MAX);
        assertThat(series()).isEqualTo(Backends.MAX + 2);
        assertThat(backends.name(new Destination.Tcp("host49", 80))).isEqualTo("host49:80");
        assertThat(backends.name(new Destination.Tcp("host50", 80))).isEqualTo(Backends.OTHER);
        assertThat(backends.name(new Destination.Tcp("real49", 80))).isEqualTo("real49:80");
        assertThat(backends.name(new Destination.Tcp("real50", 80))).isEqualTo(Backends.OTHER);
    }

    @Test
    void shouldCutLongNames() {
        Destination.Tcp one = new Destination.Tcp("a".repeat(1_000), 80);
        Destination.Tcp other = new Destination.Tcp("a".repeat(1_000), 81);
        backends.failed(one);
        backends.failed(other);
        assertThat(backends.name(one)).hasSize(Backends.MAX_NAME_CHARS).isEqualTo(backends.name(other));
        assertThat(series()).isEqualTo(1 + 2);
    }
}
