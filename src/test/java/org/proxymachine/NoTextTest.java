package org.proxymachine;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;
import org.proxymachine.session.CloseReason;

/** A name that is no UTF-8, in each place where a script may put it. Its odd byte is the char U+DCFC to the script. */
class NoTextTest {
    private static final String AUTH = "*3\r\n$4\r\nAUTH\r\n$6\r\nj\u00fcrgen\r\n$1\r\np\r\n";
    private static final String SHOWN = "j\u00ef\u00bf\u00bdrgen";

    @ParameterizedTest
    @ValueSource(strings = {"http", "postgres", "git", "redis", "mqtt5"})
    void shouldShowAClientThatItIsRefusedInUtf8(String kind) throws IOException {
        try (Proxy proxy = new Proxy.Setup()
                        .running("proxy { data -> [close: refuse('" + kind + "', \"no ${redis(data).user}!\")] }");
                Connection client = proxy.connect()) {
            assertThat(client.send(AUTH).receiveAll()).contains("no " + SHOWN + "!");
        }
    }

    @ParameterizedTest
    @ValueSource(
            strings = {"close", "noop: true, reply", "noop: true, data", "remote: 'a:1', data", "remote: 'a:1', reply"})
    void shouldNameTheKeyAndThePositionWhereBytesAreWanted(String keys) throws IOException {
        try (Proxy proxy = new Proxy.Setup().running("proxy { data -> [" + keys + ": redis(data).user] }");
                Connection client = proxy.connect()) {
            client.send(AUTH).receiveAll();
            client.leave();
            assertThat(proxy.report().reason()).isEqualTo(CloseReason.SCRIPT_ERROR);
            assertThat(proxy.problem())
                    .contains(keys.substring(keys.lastIndexOf(' ') + 1)
                            + " must hold chars 0 to 255 only, was U+DCFC at position 1");
        }
    }

    @ParameterizedTest
    @ValueSource(strings = {"\"${user}.invalid:22\"", "\"unix:/run/${user}\"", "[\"${user}:1\", \"[${user}]:1\"]"})
    void shouldFindNoServerOfThatName(String remote) throws IOException {
        try (Proxy proxy = new Proxy.Setup()
                        .running("proxy { data -> def user = redis(data).user; [remote: " + remote
                                + ", retries: 0] }\nproxy_connect_error { [close: 'no server'] }");
                Connection client = proxy.connect()) {
            client.send(AUTH).receiveAll();
            client.leave();
            assertThat(proxy.report().reason())
                    .isIn(CloseReason.SCRIPT_ERROR, CloseReason.UNRESOLVED, CloseReason.CONNECT_FAILED);
        }
    }
}
