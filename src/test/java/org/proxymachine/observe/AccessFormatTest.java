package org.proxymachine.observe;

import static org.assertj.core.api.Assertions.assertThat;

import java.net.InetSocketAddress;
import java.time.ZoneOffset;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;
import org.proxymachine.route.Destination;
import org.proxymachine.session.CloseReason;
import org.proxymachine.session.SessionReport;

/** The lines of the access log, to the char. */
class AccessFormatTest {
    private static final long END_MILLIS = 1_764_000_000_310L;

    private static InetSocketAddress address(String host, int port) {
        return new InetSocketAddress(host, port);
    }

    static SessionReport routed(@Nullable String tag) {
        return new SessionReport(
                7,
                address("192.0.2.1", 50_312),
                address("2001:db8::1", 9),
                address("192.0.2.9", 5_432),
                Destination.parse("app.example:80"),
                address("10.0.0.1", 80),
                CloseReason.DONE,
                2,
                1_043,
                88_211,
                1_044,
                88_210,
                2_000_000,
                250_000_000,
                251_000_000,
                253_000_000,
                310_000_000,
                12,
                tag);
    }

    private static SessionReport refused() {
        return new SessionReport(
                8,
                address("192.0.2.1", 50_312),
                address("192.0.2.1", 50_312),
                address("192.0.2.9", 5_432),
                null,
                null,
                CloseReason.ROUTE_TIMEOUT,
                0,
                3,
                0,
                0,
                0,
                -1,
                0,
                -1,
                -1,
                30_000_000_000L,
                1,
                null);
    }

    private static String text(SessionReport report) {
        StringBuilder line = new StringBuilder();
        AccessText.append(line, new AccessEntry(report, END_MILLIS), ZoneOffset.UTC);
        return line.toString();
    }

    private static String json(SessionReport report) {
        StringBuilder line = new StringBuilder();
        AccessJson.append(line, new AccessEntry(report, END_MILLIS), ZoneOffset.ofHours(1));
        return line.toString();
    }

    @Test
    void shouldWriteTextWithTheNamesOfHaproxy() {
        assertThat(text(routed("gold")))
                .isEqualTo("accept_date=2025-11-24T16:00:00.000+00:00 id=7 client_ip=2001:db8::1 client_port=9"
                        + " peer=192.0.2.1:50312 frontend_ip=192.0.2.9 frontend_port=5432 server_name=app.example:80"
                        + " server_ip=10.0.0.1 server_port=80 Tw=252 Tc=1 Tt=310 bytes_read=88211 bytes_uploaded=1043"
                        + " reason=done actconn=12 retries=1 tag=gold");
        assertThat(text(refused()))
                .isEqualTo("accept_date=2025-11-24T15:59:30.310+00:00 id=8 client_ip=192.0.2.1 client_port=50312"
                        + " frontend_ip=192.0.2.9 frontend_port=5432 server_name=- server_ip=- server_port=- Tw=-1 Tc=-1"
                        + " Tt=30000 bytes_read=0 bytes_uploaded=3 reason=route-timeout actconn=1 retries=0");
    }

    @Test
    void shouldWriteJsonWithTheNamesOfNginx() {
        assertThat(json(routed("gold")))
                .isEqualTo(
                        "{\"time_iso8601\":\"2025-11-24T17:00:00+01:00\",\"msec\":1764000000.310,\"connection\":7,"
                                + "\"protocol\":\"TCP\",\"remote_addr\":\"192.0.2.1\",\"remote_port\":50312,"
                                + "\"proxy_protocol_addr\":\"2001:db8::1\",\"proxy_protocol_port\":9,"
                                + "\"server_addr\":\"192.0.2.9\",\"server_port\":5432,\"status\":200,\"bytes_received\":1043,"
                                + "\"bytes_sent\":88211,\"session_time\":0.310,\"upstream_addr\":\"10.0.0.1:80\","
                                + "\"upstream_bytes_received\":88210,\"upstream_bytes_sent\":1044,"
                                + "\"upstream_connect_time\":0.251,\"upstream_first_byte_time\":0.253,"
                                + "\"upstream_session_time\":0.308,\"upstream\":\"app.example:80\",\"attempts\":2,"
                                + "\"route_time\":0.002,\"queue_time\":0.250,\"reason\":\"done\",\"connections\":12,\"tag\":\"gold\"}");
        assertThat(json(refused()))
                .contains("\"proxy_protocol_addr\":null,\"proxy_protocol_port\":null", "\"status\":400")
                .contains("\"upstream_addr\":null,\"upstream_bytes_received\":null,\"upstream_bytes_sent\":null")
                .endsWith("\"connections\":1,\"tag\":null}");
    }

    @Test
    void shouldKeepWhatIsSaidInItsField() {
        assertThat(text(routed("x\" reason=done\n")))
                .endsWith(" tag=\"x\\\" reason\\x3ddone\\n\"")
                .hasLineCount(1);
        assertThat(json(routed("x\",\"status\":1}\n\ud800")))
                .endsWith("\"tag\":\"x\\\",\\\"status\\\":1}\\u000a\\ud800\"}");
    }

    @Property
    void shouldWriteOneLineWhateverIsSaid(@ForAll String tag) {
        assertThat((text(routed(tag)) + json(routed(tag))).chars()).noneMatch(c -> c < 0x20 || c == 0x7f);
    }
}
