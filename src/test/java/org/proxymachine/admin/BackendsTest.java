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
        }
        backends.failed(new Destination.Tcp("host0", 80));
        assertThat(backends.all()).hasSize(Backends.MAX);
        assertThat(series()).isEqualTo(Backends.MAX + 2);
        assertThat(backends.other().failures()).isEqualTo(10_000 - Backends.MAX);
        assertThat(backends.name(new Destination.Tcp("host0", 80))).isEqualTo("host0:80");
        assertThat(backends.name(new Destination.Tcp("host9999", 80))).isEqualTo(Backends.OTHER);
        assertThat(backends.name(null)).isEqualTo(Backends.NONE);
    }
}
