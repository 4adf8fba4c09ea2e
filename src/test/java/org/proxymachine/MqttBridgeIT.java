package org.proxymachine;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Map;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** Mosquitto as a bridge to a broker behind the daemon. */
class MqttBridgeIT {
    private static final String SCRIPT = """
            proxy { data ->
                def connect = mqtt(data)
                if (!connect) return [close: true]
                log.info("bridge: level ${connect.level} bit ${connect.bridge} ${connect.userName} ${connect.clientId}")
                [remote: '127.0.0.1:PORT']
            }""";

    @TempDir
    Path directory;

    // Mosquitto tells the other broker that it is a bridge by a bit of the level; in MQTT 5 it does not.
    @ParameterizedTest
    @CsvSource({"mqttv31, 3, true", "mqttv311, 4, true", "mqttv50, 5, false"})
    void messagesOfABridgeArriveInBothDirections(String version, int level, boolean bit) throws IOException {
        int central = Backend.deadPort();
        int edge = Backend.deadPort();
        Path script =
                Files.writeString(directory.resolve("router.groovy"), SCRIPT.replace("PORT", String.valueOf(central)));
        try (Program broker = broker("central", central, "");
                Program daemon = Program.daemon(Map.of(), "-c", script.toString(), "-h", "127.0.0.1", "-p", "0")) {
            String connection = """
                    connection through
                    address 127.0.0.1:%d
                    bridge_protocol_version %s
                    remote_clientid edge-1
                    remote_username alice
                    topic # both 1
                    """.formatted(daemon.port(), version);
            try (Program bridge = broker("edge", edge, connection)) {
                daemon.await("bridge: level " + level + " bit " + bit + " alice edge-1");
                publish(edge, "up");
                assertThat(retained(central, "up")).isEqualTo("said by " + edge + "\n");
                publish(central, "down");
                assertThat(retained(edge, "down")).isEqualTo("said by " + central + "\n");
                assertThat(broker.isAlive() && bridge.isAlive()).isTrue();
                assertThat(broker.output()).containsOnlyOnce(" as edge-1 ");
            }
        }
    }

    private Program broker(String name, int port, String more) throws IOException {
        Path file = Files.writeString(
                directory.resolve(name + ".conf"),
                "listener " + port + " 127.0.0.1\nallow_anonymous true\npersistence false\n" + more);
        Program broker = new Program(Map.of(), directory, "mosquitto", "-v", "-c", file.toString());
        broker.await("mosquitto version \\S+ running");
        return broker;
    }

    private void publish(int port, String topic) throws IOException {
        run("mosquitto_pub -q 1 -r -p " + port + " -t " + topic + " -m", "said by " + port);
    }

    private String retained(int port, String topic) throws IOException {
        return run("mosquitto_sub -C 1 -W 20 -p " + port + " -t", topic);
    }

    private String run(String command, String last) throws IOException {
        String[] words = (command + " ?").split(" ");
        words[words.length - 1] = last;
        return Program.run(directory, words);
    }
}
