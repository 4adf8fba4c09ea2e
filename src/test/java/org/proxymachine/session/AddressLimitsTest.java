package org.proxymachine.session;

import static org.assertj.core.api.Assertions.assertThat;

import java.net.InetSocketAddress;
import java.net.UnixDomainSocketAddress;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;

/** Who is counted with whom, for how long, and what is forgotten. */
class AddressLimitsTest {
    private static final long SECOND = 1_000_000_000L;

    private static @Nullable CloseReason take(AddressLimits limits, String host, long nowNanos) {
        return limits.ticket().take(new InetSocketAddress(host, 1), nowNanos);
    }

    @Test
    void shouldCountAnIpv6NetworkAsOneAndUnixSocketsNotAtAll() {
        AddressLimits limits = new AddressLimits(1, 0, 10);
        assertThat(take(limits, "2001:db8::1", 0)).isNull();
        assertThat(take(limits, "2001:db8:0:0:ffff::2", 0)).isEqualTo(CloseReason.IP_LIMIT);
        assertThat(take(limits, "2001:db8:0:1::1", 0)).isNull();
        assertThat(take(limits, "::ffff:192.0.2.1", 0)).isNull();
        assertThat(take(limits, "192.0.2.1", 0)).isEqualTo(CloseReason.IP_LIMIT);
        for (int i = 0; i < 3; i++) {
            assertThat(limits.ticket().take(UnixDomainSocketAddress.of(""), 0)).isNull();
        }
    }

    @Test
    void shouldFillTheBucketWithTimeAndNoFurther() {
        AddressLimits limits = new AddressLimits(0, 2, 10);
        long now = Long.MAX_VALUE - SECOND;
        assertThat(take(limits, "192.0.2.1", now)).isNull();
        assertThat(take(limits, "192.0.2.1", now)).isNull();
        assertThat(take(limits, "192.0.2.1", now)).isEqualTo(CloseReason.RATE_LIMIT);
        assertThat(take(limits, "192.0.2.1", now + SECOND / 2 - 1)).isEqualTo(CloseReason.RATE_LIMIT);
        assertThat(take(limits, "192.0.2.1", now + SECOND / 2)).isNull();
        // Past the clock's overflow, and after a long time: a burst of two all the same.
        now += 1_000 * SECOND;
        assertThat(take(limits, "192.0.2.1", now)).isNull();
        assertThat(take(limits, "192.0.2.1", now)).isNull();
        assertThat(take(limits, "192.0.2.1", now)).isEqualTo(CloseReason.RATE_LIMIT);
    }

    @Test
    void shouldForgetWhoLeftLongestAgoAndNobodyWhoIsHere() {
        AddressLimits limits = new AddressLimits(1, 1, 3);
        List<AddressLimits.Ticket> tickets = new ArrayList<>();
        for (int i = 1; i <= 3; i++) {
            AddressLimits.Ticket ticket = limits.ticket();
            assertThat(ticket.take(new InetSocketAddress("192.0.2." + i, 1), 0)).isNull();
            tickets.add(ticket);
        }
        // All that are known hold connections: a new one is let in, uncounted.
        assertThat(take(limits, "192.0.2.9", 0)).isNull();
        assertThat(take(limits, "192.0.2.9", 0)).isNull();
        tickets.get(1).giveBack();
        tickets.get(1).giveBack();
        tickets.get(0).giveBack();
        assertThat(take(limits, "192.0.2.4", 0)).isNull();
        assertThat(limits.size()).isEqualTo(3);
        assertThat(take(limits, "192.0.2.1", 0)).as("left last").isEqualTo(CloseReason.RATE_LIMIT);
        assertThat(take(limits, "192.0.2.3", 2 * SECOND)).as("is here").isEqualTo(CloseReason.IP_LIMIT);
        assertThat(limits.size()).as("the bucket of .1 is full").isEqualTo(2);
        assertThat(take(limits, "192.0.2.2", 0))
                .as("left first, and is forgotten")
                .isNull();
    }

    @Test
    void shouldForgetAtOnceWhereOnlyConnectionsAreLimited() {
        AddressLimits limits = new AddressLimits(1, 0, 10);
        AddressLimits.Ticket ticket = limits.ticket();
        assertThat(ticket.take(new InetSocketAddress("192.0.2.1", 1), 0)).isNull();
        assertThat(limits.size()).isEqualTo(1);
        ticket.giveBack();
        assertThat(limits.size()).isZero();
        assertThat(take(limits, "192.0.2.1", 0)).isNull();
    }
}
