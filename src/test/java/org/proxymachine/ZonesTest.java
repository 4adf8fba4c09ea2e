package org.proxymachine;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.IOException;
import org.junit.jupiter.api.Test;
import org.proxymachine.route.Destination;
import org.proxymachine.session.CloseReason;
import org.proxymachine.session.SessionReport;

/** Destinations in a zone, which may come and go. */
class ZonesTest {

    @Test
    void shouldTakeAZoneThatDoesNotExistNowForAFailedConnect() throws IOException {
        try (Proxy proxy = Proxy.running("""
                proxy { data -> [remote: '[fe80::1%eth99]:80', retries: 2, retry_delay: 0] }
                proxy_connect_error { remote, conn, error -> [close: "$remote $error"] }""")) {
            assertThat(proxy.exchange("x")).isEqualTo("[fe80::1%eth99]:80 there is no network interface \"eth99\" now");
            SessionReport report = proxy.report();
            assertThat(report.reason()).isEqualTo(CloseReason.CONNECT_FAILED);
            assertThat(report.connectAttempts()).isEqualTo(3);
        }
    }

    @Test
    void shouldConnectInAZoneByItsNameAndByItsNumber() throws IOException {
        try (Proxy proxy = Proxy.running("""
                proxy { data -> data ? [remote: data, retries: 0] : null }
                proxy_connect_error { remote, conn, error -> [close: error] }""")) {
            // Of loopback no address of this kind is there to connect to, and the system says so.
            for (String zone : new String[] {"lo", "1", "9999"}) {
                assertThat(proxy.exchange("[fe80::1%" + zone + "]:80"))
                        .doesNotContain("interface")
                        .isNotEmpty();
                proxy.assertClosedBecause(CloseReason.CONNECT_FAILED);
            }
        }
    }

    @Test
    void shouldStillRefuseAnAddressThatIsNone() {
        assertThatThrownBy(() -> Destination.parse("[fe80::x%eth0]:80"))
                .hasMessage("must be an IPv6 address, was \"fe80::x%eth0\"");
        assertThatThrownBy(() -> Destination.parse("[fe80::1%]:80"))
                .hasMessage("must be an IPv6 address, was \"fe80::1%\"");
    }
}
