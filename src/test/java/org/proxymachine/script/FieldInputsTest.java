package org.proxymachine.script;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.stream.Stream;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.MethodSource;
import org.junit.jupiter.params.provider.ValueSource;
import org.proxymachine.route.Router;

/** What clients of other proxies were reported to say, and what a script is told of it, at once and byte by byte. */
class FieldInputsTest {
    private static final String BUNGEE = "play.example.com\0" + "192.0.2.7\0" + "0123456789abcdef".repeat(2)
            + "\0[{\"name\":\"textures\",\"value\":\"" + "v".repeat(900) + "\"}]";

    @TempDir
    Path directory;

    @ParameterizedTest(name = "{0}")
    @MethodSource
    void shouldTellTheScriptWhatIsOddAndNotThatItIsAnotherProtocol(
            String name, String expression, String bytes, String told) throws IOException {
        assertTold(expression, bytes, told);
    }

    static List<Arguments> shouldTellTheScriptWhatIsOddAndNotThatItIsAnotherProtocol() {
        return Stream.of(mqtt(), minecraft(), tls(), redis(), git(), socks(), http(), others())
                .flatMap(rows -> rows)
                .toList();
    }

    private static Stream<Arguments> mqtt() {
        String told = "mqtt(data).with { [clientId, userName, level, bridge] }";
        return Stream.of(
                row(
                        "a bridge",
                        told,
                        connect(text("MQTT") + "\u0084\u0082\0\74" + text("b1") + text("alice")),
                        "[b1, alice, 4, true]"),
                row(
                        "an old bridge",
                        told,
                        connect(text("MQIsdp") + "\u0083\2\0\74" + text("b1")),
                        "[b1, null, 3, true]"),
                row(
                        "a level of another time",
                        told,
                        connect(text("MQTT") + "\11\2\0\74" + text("b1")),
                        "[b1, null, 9, false]"),
                row(
                        "flags that contradict each other",
                        told,
                        connect(text("MQTT") + "\4\131\0\74" + text("b1")),
                        "[b1, null, 4, false]"),
                row(
                        "something behind the last field",
                        told,
                        connect(text("MQTT") + "\4\2\0\74" + text("b1") + "more"),
                        "[b1, null, 4, false]"));
    }

    private static Stream<Arguments> minecraft() {
        String host = "minecraft(data).host";
        return Stream.of(
                row("BungeeCord's forwarding", host, handshake(BUNGEE, 2), "play.example.com"),
                row("a name in capitals", host, handshake("Play.Example.COM", 2), "play.example.com"),
                row(
                        "a filter service",
                        host,
                        handshake("play.example.com///192.0.2.1:5555///1600000000///c2ln", 2),
                        "play.example.com"),
                row("Forge", host, handshake("Play.example.com.\0FML2\0", 2), "play.example.com"),
                row("an address of more than 255 chars", host + ".size()", handshake("x".repeat(300), 2), "300"),
                row("an intent of another time", "minecraft(data).nextState", handshake("a", 4), "4"),
                row("a name that is no UTF-8", host, handshake("\u00ff", 2), "\udcff"));
    }

    private static Stream<Arguments> tls() {
        String name = "tls(data).serverName";
        return Stream.of(
                row("an address for a server name", name, hello("2001:db8::1"), "null"),
                row("a server name with a space", name, hello("a b"), "null"),
                row("no server name at all", name, hello(""), "null"),
                row("a server name in capitals with a dot", name, hello("WWW.Example.COM."), "www.example.com"),
                row("a server name in UTF-8", name, hello(utf8("Bücher.example")), "bücher.example"));
    }

    private static Stream<Arguments> redis() {
        String told = "redis(data).with { [command] + arguments }";
        return Stream.of(
                row("an empty line before", told, "\r\n*1\r\n$4\r\nPING\r\n", "[PING]"),
                row("an empty array before", told, "*-1\r\n*0\r\nPING\r\n", "[PING]"),
                row(
                        "1,025 arguments",
                        "redis(data).arguments.size()",
                        "*1026\r\n$3\r\nDEL\r\n" + "$1\r\nk\r\n".repeat(1025),
                        "1025"),
                row(
                        "a value of 66,000 bytes",
                        "redis(data).arguments[1].size()",
                        "*3\r\n$3\r\nSET\r\n$1\r\nk\r\n$66000\r\n" + "v".repeat(66_000) + "\r\n",
                        "66000"),
                row("UTF-8 in a line", told, "SET greeting h\u00c3\u00a9llo\r\n", "[SET, greeting, h\u00c3\u00a9llo]"),
                row("quotes that are not in balance", told, "set \"\"\"test-key\"\"\" test-value\r\n", "[SET]"),
                row("a length that is none", told, "*3000000000\r\n", "[]"),
                row("a word without its length", told, "*2\r\n$3\r\nGET\r\nfoo\r\n", "[GET]"));
    }

    private static Stream<Arguments> git() {
        String told = "git(data).with { [path, user, host, port, version] }";
        return Stream.of(
                row(
                        "a line feed behind the path",
                        told,
                        packet("git-upload-pack /alice/repo.git\n\0host=localhost\0"),
                        "[/alice/repo.git, alice, localhost, null, 0]"),
                row(
                        "no NUL at the end",
                        told,
                        packet("git-upload-pack /alice/repo.git\n\0host=localhost"),
                        "[/alice/repo.git, alice, localhost, null, 0]"),
                row(
                        "a host in capitals",
                        told,
                        packet("git-upload-pack /a\0HOST=LocalHost.:9418\0\0version=2"),
                        "[/a, null, localhost, 9418, 2]"),
                row(
                        "an address in brackets",
                        told,
                        packet("git-upload-pack /a\0host=[::1]:9418\0"),
                        "[/a, null, ::1, 9418, 0]"),
                row(
                        "a host that is none",
                        told,
                        packet("git-upload-pack /a\0host=a b\0"),
                        "[/a, null, null, null, 0]"));
    }

    private static Stream<Arguments> socks() {
        String four = "socks4(data).with { [command, host, remote] }";
        String five = "socks5(data, 'request').with { [command, addressType, host, remote] }";
        return Stream.of(
                row("4a with a name in brackets", four, "\4\1\0\120\0\0\0\1\0[::1]\0", "[connect, ::1, [::1]:80]"),
                row(
                        "4a with a name in capitals",
                        four,
                        "\4\1\0\120\0\0\0\1\0A.Example.\0",
                        "[connect, a.example, a.example:80]"),
                row("4 with another command", four, "\4\u00f0\0\120\300\0\2\1\0", "[240, 192.0.2.1, 192.0.2.1:80]"),
                row("5 with a name in brackets", five, "\5\1\0\3\5[::1]\0\120", "[connect, 3, ::1, [::1]:80]"),
                row(
                        "5 with a name in capitals",
                        five,
                        "\5\1\0\3\12A.Example.\0\120",
                        "[connect, 3, a.example, a.example:80]"),
                row("5 with a name that is none", five, "\5\1\0\3\3a b\0\120", "[connect, 3, a b, null]"),
                row(
                        "5 with another command",
                        five,
                        "\5\u00f0\0\1\300\0\2\1\0\120",
                        "[240, 1, 192.0.2.1, 192.0.2.1:80]"),
                row("5 with another type of address", five, "\5\1\0\2", "[connect, 2, null, null]"));
    }

    private static Stream<Arguments> http() {
        String told = "http(data).with { [host, port, oddities] }";
        String line = "GET / HTTP/1.1\r\n";
        return Stream.of(
                row(
                        "a header of 70,000 bytes",
                        "http(data).headers.a.size()",
                        line + "A: " + "x".repeat(70_000) + "\r\n\r\n",
                        "70000"),
                row(
                        "300 headers",
                        "http(data).headers.size()",
                        line
                                + Stream.iterate(0, i -> i + 1)
                                        .limit(300)
                                        .map(i -> "A" + i + ": x\r\n")
                                        .reduce("", String::concat)
                                + "\r\n",
                        "300"),
                row(
                        "a folded line",
                        "http(data).with { [headers, oddities] }",
                        line + "A: b\r\n  c\r\n\r\n",
                        "[{a=b c}, [fold]]"),
                row("two hosts", told, line + "Host: a\r\nHost: b\r\n\r\n", "[null, null, [duplicate]]"),
                row("a blank before the colon", told, line + "Host : a\r\n\r\n", "[null, null, [blank]]"),
                row("a host that is none", told, line + "Host: a b\r\n\r\n", "[null, null, []]"),
                row("a host with a dot", told, line + "Host: A.Example.:8080\r\n\r\n", "[a.example, 8080, []]"),
                row("a line that is no header", told, line + "what\r\nHost: a\r\n\r\n", "[a, null, [line]]"),
                row("blanks around the target", "http(data).path", "GET   /a  HTTP/1.1 \r\n\r\n", "/a"),
                row("a target that is no path", "http(data).path", "GET a?b HTTP/1.1\r\n\r\n", "a"),
                row("many empty lines before", "http(data).path", "\r\n\n\r\nGET / HTTP/1.0\n\n", "/"),
                row("a long method", "http(data).method.size()", "M".repeat(40) + " / HTTP/1.1\r\n\r\n", "40"));
    }

    private static Stream<Arguments> others() {
        return Stream.of(
                row(
                        "ssh with a long line",
                        "ssh(data).comments.size()",
                        "SSH-2.0-x " + "c".repeat(300) + "\r\n",
                        "300"),
                row("ssh with UTF-8", "ssh(data).comments", utf8("SSH-2.0-x grüße\r\n"), "grüße"),
                row(
                        "postgres with many parameters",
                        "postgres(data).parameters.options.size()",
                        startup("\0\3\0\0user\0alice\0options\0" + "o".repeat(12_000) + "\0\0"),
                        "12000"),
                row("postgres without its terminator", "postgres(data).user", startup("\0\3\0\0user\0alice"), "alice"),
                row(
                        "postgres of another version",
                        "postgres(data).protocol",
                        startup("\0\4\0\0user\0alice\0\0"),
                        "4.0"),
                row(
                        "postgres before 7.4",
                        "postgres(data).with { [user, database, protocol] }",
                        startup("\0\2\0\0" + "shop" + "\0".repeat(60) + "alice" + "\0".repeat(219)),
                        "[alice, shop, 2.0]"),
                row("postgres with another request", "postgres(data).kind", startup("\4\322\26\100"), "unknown"),
                row(
                        "rdp with a cookie in UTF-8",
                        "rdp(data).cookie",
                        "\3\0\0\43\36\u00e0\0\0\0\0\0" + utf8("Cookie: mstshash=jü\r\n") + "\1\0\10",
                        "jü"),
                row(
                        "a proxy of mixed families",
                        "proxyProtocol(data).with { [transport, source.port, destination.port] }",
                        "PROXY TCP6 2001:db8::1 192.0.2.1 1000 80\r\n",
                        "[tcp6, 1000, 80]"),
                row(
                        "a proxy of families mixed the other way",
                        "proxyProtocol(data).with { [transport, source.port, destination.port] }",
                        "PROXY TCP4 192.0.2.1 2001:db8::1 1000 80\r\n",
                        "[tcp4, 1000, 80]"));
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "postgres(data).user", "mqtt(data).userName", "minecraft(data).host", "redis(data).user",
                "socks4(data).user", "socks5(data, 'login').user", "git(data).user", "rdp(data).cookie",
                "ssh(data).comments", "http(data).headers.user", "tls(data).serverName"
            })
    void shouldFindTheSameUserInTextOfEveryProtocol(String expression) throws IOException {
        String users = "[('jürgen'): 'found'].getOrDefault(" + expression + ", 'lost')";
        assertTold(users, message(expression, utf8("jürgen")), "found");
        // Latin-1, and what its escape in the first case would be in UTF-8 in the other one: three names, none the
        // same.
        assertTold(users, message(expression, "j\u00fcrgen"), "lost");
        assertTold(users, message(expression, "j\u00ed\u00b3\u00bcrgen"), "lost");
        if (!expression.startsWith("tls")) {
            assertTold(expression, message(expression, "j\u00fcrgen"), "j\udcfcrgen");
            assertTold(expression, message(expression, "j\u00ed\u00b3\u00bcrgen"), "j\udced\udcb3\udcbcrgen");
        }
    }

    private static String message(String expression, String user) {
        return switch (expression.substring(0, expression.indexOf('('))) {
            case "postgres" -> startup("\0\3\0\0user\0" + user + "\0\0");
            case "mqtt" -> connect(text("MQTT") + "\4\u0082\0\74" + text("b1") + text(user));
            case "minecraft" -> handshake(user, 2);
            case "redis" -> "AUTH " + user + " secret\r\n";
            case "socks4" -> "\4\1\0\120\300\0\2\1" + user + "\0";
            case "socks5" -> "\1" + (char) user.length() + user + "\0";
            case "git" -> packet("git-upload-pack /" + user + "/repo\0");
            case "rdp" -> {
                String line = "Cookie: mstshash=" + user + "\r\n";
                yield "\3\0\0" + (char) (11 + line.length()) + (char) (6 + line.length()) + "\u00e0\0\0\0\0\0" + line;
            }
            case "ssh" -> "SSH-2.0-x " + user + "\r\n";
            case "http" -> "GET / HTTP/1.1\r\nUser: " + user + "\r\n\r\n";
            default -> hello(user);
        };
    }

    private void assertTold(String expression, String bytes, String told) throws IOException {
        Router router = new ScriptLoader(Files.writeString(
                        directory.resolve("r.groovy"),
                        "proxy { data -> def told = String.valueOf((Object) (" + expression + "))\n"
                                + "[close: told.collect { String.format('%04x', (int) it.charAt(0)) }.join(' ')] }"))
                .load();
        String escaped = told.chars()
                .mapToObj("%04x"::formatted)
                .reduce((a, b) -> a + " " + b)
                .orElse("");
        assertThat(Dialogue.with(router, bytes)).isEqualTo("close " + escaped);
        if (bytes.length() < 2_000) {
            assertThat(Dialogue.with(router, bytes.split(""))).isEqualTo("close " + escaped);
        }
    }

    private static Arguments row(String name, String expression, String bytes, String told) {
        return Arguments.of(name, expression, bytes, told);
    }

    private static String connect(String rest) {
        return "\20" + (char) rest.length() + rest;
    }

    private static String handshake(String address, int intent) {
        String packet = "\0\u00fb\5" + varInt(address.length()) + address + "\143\335" + (char) intent;
        return varInt(packet.length()) + packet;
    }

    private static String varInt(int value) {
        return value < 0x80 ? "" + (char) value : (char) ((value & 0x7f) | 0x80) + varInt(value >> 7);
    }

    private static String hello(String name) {
        String names = text("\0" + text(name));
        String body = "\3\3" + "r".repeat(32) + "\0\0\2\23\1\1\0" + text("\0\0" + text(names));
        return "\26\3\1" + text("\1\0" + text(body));
    }

    private static String packet(String content) {
        return "%04x%s".formatted(content.length() + 4, content);
    }

    private static String startup(String content) {
        return "\0\0" + text(content, content.length() + 4);
    }

    private static String text(String bytes) {
        return text(bytes, bytes.length());
    }

    private static String text(String bytes, int length) {
        return "" + (char) (length >> 8) + (char) (length & 0xff) + bytes;
    }

    private static String utf8(String text) {
        return new String(text.getBytes(StandardCharsets.UTF_8), StandardCharsets.ISO_8859_1);
    }
}
