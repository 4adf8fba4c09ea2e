package org.proxymachine.admin;

import static org.assertj.core.api.Assertions.assertThat;

import io.prometheus.metrics.model.registry.PrometheusRegistry;
import java.net.InetSocketAddress;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;
import org.proxymachine.route.Destination;
import org.proxymachine.session.CloseReason;
import org.proxymachine.session.SessionReport;

class MetricsTest {
    private static final Destination BACKEND = new Destination.Tcp("app1", 80);

    private final Metrics metrics = new Metrics(new PrometheusRegistry());

    private static SessionReport report(CloseReason reason) {
        InetSocketAddress client = InetSocketAddress.createUnresolved("192.0.2.1", 1);
        return new SessionReport(
                1, client, client, client, BACKEND, null, reason, 1, 1, 1, 1, 1, 1, 0, 1, 1, 2, 1, null);
    }

    private long failuresOfTheBackend() {
        metrics.flush();
        return metrics.backends().all().stream().mapToLong(Backend::failures).sum();
    }

    @Test
    void shouldCountAResetByTheBackendAsAFailureOfBoth() {
        metrics.closed(report(CloseReason.BACKEND_RESET));
        assertThat(metrics.failures()).isEqualTo(1);
        assertThat(failuresOfTheBackend()).isEqualTo(1);
    }

    @ParameterizedTest
    @EnumSource(names = {"DONE", "CLIENT_RESET", "IDLE_TIMEOUT", "SCRIPT_CLOSE", "ADMIN_CLOSE"})
    void shouldCountWhatEndsAsItShouldAsAFailureOfNobody(CloseReason reason) {
        metrics.closed(report(reason));
        assertThat(metrics.failures()).isZero();
        assertThat(failuresOfTheBackend()).isZero();
    }

    @Test
    void shouldCountABackendThatCouldNotBeUsedOnce() {
        metrics.backends().failed(BACKEND);
        metrics.closed(report(CloseReason.CONNECT_REFUSED));
        assertThat(metrics.failures()).isEqualTo(1);
        assertThat(failuresOfTheBackend()).isEqualTo(1);
    }
}
