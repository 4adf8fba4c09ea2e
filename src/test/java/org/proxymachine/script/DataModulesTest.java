package org.proxymachine.script;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.net.InetSocketAddress;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.proxymachine.route.Client;
import org.proxymachine.route.Decision;

class DataModulesTest {
    @TempDir
    Path directory;

    @Test
    void shouldReadJsonYamlAndXmlByGroovysOwnModules() throws IOException {
        Path file = Files.writeString(directory.resolve("router.groovy"), """
                def json = new groovy.json.JsonSlurper().parseText('{"a": {"port": 1}}')
                def yaml = new groovy.yaml.YamlSlurper().parseText('a: {port: 2}')
                def xml = new groovy.xml.XmlSlurper().parseText('<a><port>3</port></a>')
                proxy { data -> [close: "${json.a.port} ${yaml.a.port} ${xml.port}"] }
                """);
        Decision answer = new ScriptLoader(file)
                .load()
                .received(new Client(1, new InetSocketAddress(1), new InetSocketAddress(2)), new byte[1], 1);
        assertThat(answer)
                .isInstanceOfSatisfying(
                        Decision.Close.class,
                        close -> assertThat(close.bytes()).isEqualTo("1 2 3".getBytes(StandardCharsets.ISO_8859_1)));
    }
}
