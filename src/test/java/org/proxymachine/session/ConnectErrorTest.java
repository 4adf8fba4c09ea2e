package org.proxymachine.session;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.net.BindException;
import java.net.ConnectException;
import java.net.SocketException;
import org.junit.jupiter.api.Test;

class ConnectErrorTest {

    @Test
    void shouldKnowEachKindByWhatTheSystemSays() {
        assertThat(ConnectError.of(new ConnectException("Connection refused"))).isEqualTo(ConnectError.REFUSED);
        assertThat(ConnectError.of(new ConnectException("Connection timed out")))
                .isEqualTo(ConnectError.TIMED_OUT);
        assertThat(ConnectError.of(new SocketException("Resource temporarily unavailable")))
                .isEqualTo(ConnectError.BACKLOG_FULL);
        assertThat(ConnectError.of(new BindException("Cannot assign requested address")))
                .isEqualTo(ConnectError.NO_LOCAL_ADDRESS);
        assertThat(ConnectError.of(new SocketException("Too many open files"))).isEqualTo(ConnectError.NO_DESCRIPTOR);
        assertThat(ConnectError.of(new SocketException("Too many open files in system")))
                .isEqualTo(ConnectError.NO_DESCRIPTOR);
        assertThat(ConnectError.of(new SocketException("No buffer space available")))
                .isEqualTo(ConnectError.NO_BUFFERS);
        assertThat(ConnectError.of(new IOException())).isEqualTo(ConnectError.OTHER);
    }

    @Test
    void shouldKnowARefusalInAnotherLanguage() {
        assertThat(ConnectError.of(new ConnectException("Verbindungsaufbau abgelehnt")))
                .isEqualTo(ConnectError.REFUSED);
    }

    @Test
    void shouldSayWhatTheSystemsWordsMeanHere() {
        SocketException full = new SocketException("Too many open files");
        assertThat(ConnectError.of(full).text(full)).isEqualTo("no descriptor is free for it (Too many open files)");
        ConnectException refused = new ConnectException("Connection refused");
        assertThat(ConnectError.of(refused).text(refused)).isEqualTo("Connection refused");
        IOException wordless = new IOException();
        assertThat(ConnectError.of(wordless).text(wordless)).isEqualTo("java.io.IOException");
    }
}
