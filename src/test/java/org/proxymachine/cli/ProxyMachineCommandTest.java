package org.proxymachine.cli;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;
import org.proxymachine.address.Network;
import org.proxymachine.session.KeepAlive;
import picocli.CommandLine;
import picocli.CommandLine.ParameterException;

/** What the options come to, and what is said of those that make no sense. */
class ProxyMachineCommandTest {

    private static ProxyMachineCommand parse(String arguments) {
        ProxyMachineCommand command = new ProxyMachineCommand();
        new CommandLine(command).parseArgs(("-c script " + arguments).strip().split(" ", -1));
        return command;
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            value = {
                "'' | 0.0.0.0:5432",
                "-p 80 | 0.0.0.0:80",
                "-h ::1 | [::1]:5432",
                "-h localhost -p 0 | localhost:0",
                "-h unix:/run/pm.sock | unix:/run/pm.sock",
                "--listen a:1 | a:1",
                "--listen a:1 --listen [::1]:2 --listen unix:/run/pm.sock | a:1 [::1]:2 unix:/run/pm.sock",
                "-p 80 --listen a:0 | 0.0.0.0:80 a:0",
                "-h b --listen a:1 | b:5432 a:1",
            })
    void shouldListenWhereItIsTold(String arguments, String addresses) {
        assertThat(parse(arguments).listeners().stream().map(ListenAddress::toString))
                .containsExactly(addresses.split(" ", -1));
    }

    @ParameterizedTest
    @ValueSource(strings = {"127.1", "0177.0.0.1", "2130706433"})
    void shouldListenOnNoAddressThatProgramsReadInDifferentWays(String host) {
        assertThatThrownBy(() -> ListenAddress.parse(host + ":0").resolve())
                .hasMessage("cannot listen on " + host
                        + ":0: expected a name or four decimal numbers without leading zeros");
    }

    @Test
    void shouldAcceptProxiesOfSeveralNetworks() {
        assertThat(parse("").acceptProxy).isEmpty();
        assertThat(parse("--accept-proxy 10.0.0.0/8,::1 --accept-proxy 127.0.0.1").acceptProxy)
                .isEqualTo(List.of(Network.parse("10.0.0.0/8"), Network.parse("::1"), Network.parse("127.0.0.1")));
    }

    @ParameterizedTest
    @CsvSource({"--socket-mode 600, 384", "--socket-mode 0777, 511", "'', 432"})
    void shouldReadTheModeInOctal(String arguments, int mode) {
        assertThat(parse(arguments).socketMode).isEqualTo(mode);
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            value = {
                "--listen 80 | Invalid value for option '--listen' (ADDRESS): expected host:port, [v6]:port or unix:/path, was \"80\"",
                "--listen ::1:80 | Invalid value for option '--listen' (ADDRESS): expected host:port, [v6]:port or unix:/path, was \"::1:80\"",
                "--listen [a]:80 | Invalid value for option '--listen' (ADDRESS): expected host:port, [v6]:port or unix:/path, was \"[a]:80\"",
                "--listen a:65536 | Invalid value for option '--listen' (ADDRESS): expected a port from 0 to 65535, was 65536",
                "--listen unix:pm | Invalid value for option '--listen' (ADDRESS): expected unix: and an absolute path, was \"unix:pm\"",
                "--socket-mode 9 | Invalid value for option '--socket-mode': expected a mode in octal such as 0660, was \"9\"",
                "--accept-proxy 10.0.0.1/8 | Invalid value for option '--accept-proxy' (NETWORK): expected a network such as 10.0.0.0/8 or 2001:db8::/32, or an address, was \"10.0.0.1/8\": has bits set behind its prefix of 8",
                "--accept-proxy ::1,local | Invalid value for option '--accept-proxy' (NETWORK): expected a network such as 10.0.0.0/8 or 2001:db8::/32, or an address, was \"local\"",
                "--access-log - --access-log-format xml | Invalid value for option '--access-log-format': expected text or json, was \"xml\"",
                "-p 65536 | --port: expected a number from 0 to 65535, was 65536",
                "-h unix:pm | --host: expected unix: and an absolute path, was \"unix:pm\"",
                "-h unix:/pm -p 80 | --port makes no sense together with --host unix:/pm",
            })
    void shouldSayInOneLineWhatIsWrong(String arguments, String line) {
        assertThatThrownBy(() -> parse(arguments).listeners())
                .isInstanceOf(ParameterException.class)
                .hasMessage(line);
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            value = {"'' | 60 | 15 | 4", "--keepalive 2m,500s,1 | 120 | 500 | 1"})
    void shouldTakeTheTimesOfKeepAlive(String arguments, int idle, int interval, int probes) {
        assertThat(parse(arguments).keepAlive).isEqualTo(new KeepAlive(idle, interval, probes));
        assertThat(parse("--keepalive off").keepAlive).isNull();
    }

    @ParameterizedTest
    @ValueSource(
            strings = {"60", "60s,15s", "0s,15s,4", "60s,1500ms,4", "60s,15s,many", "60s,15s,128", "10h,15s,4", "on"})
    void shouldRefuseTimesOfKeepAliveThatTheKernelDoesNotTake(String value) {
        assertThatThrownBy(() -> parse("--keepalive " + value))
                .isInstanceOf(ParameterException.class)
                .hasMessageContaining(
                        "expected idle time, interval and count, such as 60s,15s,4, or off, was " + value);
    }
}
