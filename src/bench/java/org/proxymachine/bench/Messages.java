package org.proxymachine.bench;

import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.function.Function;
import org.proxymachine.proof.Case;
import org.proxymachine.proof.CaseFile;
import org.proxymachine.sniff.Git;
import org.proxymachine.sniff.Http;
import org.proxymachine.sniff.Minecraft;
import org.proxymachine.sniff.Mqtt;
import org.proxymachine.sniff.Postgres;
import org.proxymachine.sniff.ProxyHeader;
import org.proxymachine.sniff.Rdp;
import org.proxymachine.sniff.Redis;
import org.proxymachine.sniff.Socks4;
import org.proxymachine.sniff.Socks5;
import org.proxymachine.sniff.Ssh;
import org.proxymachine.sniff.Tls;

/** What clients of each protocol typically say first. */
final class Messages {
    private static final String BROWSER = String.join(
            "\r\n",
            "GET /alice/index.html?page=2 HTTP/1.1",
            "Host: www.example.com",
            "User-Agent: Mozilla/5.0 (X11; Linux x86_64; rv:128.0) Gecko/20100101 Firefox/128.0",
            "Accept: text/html,application/xhtml+xml,application/xml;q=0.9,*/*;q=0.8",
            "Accept-Language: en-US,en;q=0.5",
            "Accept-Encoding: gzip, deflate, br, zstd",
            "Connection: keep-alive",
            "Cookie: session=0123456789abcdef0123456789abcdef",
            "",
            "");

    private static final Map<String, Message> ALL = new LinkedHashMap<>();

    static {
        add("http", Http::parse, BROWSER);
        add("git", Git::parse, "0041git-upload-pack /alice/repo\0host=git.example:9418\0\0version=2\0");
        add("ssh", Ssh::parse, "SSH-2.0-OpenSSH_9.2p1 Debian-2+deb12u3\r\n");
        add("postgres", Postgres::parse, "\0\0\0\42\0\3\0\0user\0alice\0database\0shop\0\0");
        add("redis", Redis::parse, "*3\r\n$4\r\nAUTH\r\n$5\r\nalice\r\n$6\r\nsecret\r\n");
        add("mqtt", Mqtt::parse, "\20\24\0\4MQTT\4\u0082\0\74\0\1c\0\5alice");
        add("socks4", Socks4::parse, "\4\1\37\220\300\0\2\1joe\0");
        add("socks5", Socks5::request, "\5\1\0\3\17www.example.com\1\273");
        add("rdp", Rdp::parse, "\3\0\0\54\47\340\0\0\0\0\0Cookie: mstshash=eltons\r\n\1\0\10\0\13\0\0\0");
        add("minecraft", Minecraft::parse, "\25\0\u00fb\5\16mc.example.com\143\335\2");
        add("proxy-protocol", ProxyHeader::parse, "PROXY TCP4 192.0.2.1 198.51.100.2 50312 443\r\n");
    }

    private Messages() {}

    /** A message and who reads it. */
    record Message(Function<String, ?> parser, String bytes) {}

    private static void add(String protocol, Function<String, ?> parser, String bytes) {
        ALL.put(protocol, new Message(parser, bytes));
    }

    static String[] protocols() {
        String[] names = new String[ALL.size() + 1];
        names[0] = "tls";
        int i = 1;
        for (String name : ALL.keySet()) {
            names[i++] = name;
        }
        return names;
    }

    /** @throws IOException if the capture of TLS cannot be read */
    static Message typical(String protocol) throws IOException {
        Message message = protocol.equals("tls") ? new Message(Tls::parse, hello()) : ALL.get(protocol);
        if (message == null || message.parser().apply(message.bytes()) == null) {
            throw new IllegalArgumentException("no parser reads the message of " + protocol);
        }
        return message;
    }

    /** The hello of OpenSSL that the example's cases have. */
    private static String hello() throws IOException {
        Case first =
                CaseFile.read(Path.of("config-examples", "cases", "tls.case")).get(0);
        ByteArrayOutputStream bytes = new ByteArrayOutputStream();
        first.messages().get(0).bytes().forEach(bytes::writeBytes);
        return bytes.toString(StandardCharsets.ISO_8859_1);
    }
}
