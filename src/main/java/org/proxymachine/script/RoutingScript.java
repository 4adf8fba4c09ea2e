package org.proxymachine.script;

import groovy.lang.Closure;
import groovy.lang.Script;
import org.jspecify.annotations.Nullable;
import org.proxymachine.sniff.Git;
import org.proxymachine.sniff.Http;
import org.proxymachine.sniff.Minecraft;
import org.proxymachine.sniff.Mqtt;
import org.proxymachine.sniff.Postgres;
import org.proxymachine.sniff.ProxyHeader;
import org.proxymachine.sniff.Rdp;
import org.proxymachine.sniff.Redis;
import org.proxymachine.sniff.Refusal;
import org.proxymachine.sniff.Socks4;
import org.proxymachine.sniff.Socks5;
import org.proxymachine.sniff.Ssh;
import org.proxymachine.sniff.Tls;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** What a routing script extends, so that the names of the contract mean something in it. Public for Groovy's sake. */
public abstract class RoutingScript extends Script {
    static final String BLOCKS = "org.proxymachine.blocks";
    static final String LOGGER = "script";

    private static final Logger LOG = LoggerFactory.getLogger(LOGGER);

    /** Registers the block that routes: it is called each time new bytes arrive. */
    public void proxy(Closure<?> block) {
        blocks().register(Block.PROXY, block);
    }

    /** Registers the block that routes, where the compiler found that it gives its data to parsers alone. */
    public void proxyOnlyParsing(Closure<?> block) {
        proxy(block);
        blocks().onlyParsing();
    }

    /** Registers the block that is called when a client connects. */
    @SuppressWarnings("MethodName") // The contract's spelling.
    public void proxy_accept(Closure<?> block) {
        blocks().register(Block.PROXY_ACCEPT, block);
    }

    /** Registers the block that is called for a client that has not said a byte within this time from its accept. */
    @SuppressWarnings("MethodName")
    public void proxy_silent(@Nullable Object time, Closure<?> block) {
        blocks().registerSilent(time, block);
    }

    /** Says what is missing. */
    @SuppressWarnings("MethodName")
    public void proxy_silent(Closure<?> block) {
        proxy_silent(null, block);
    }

    /** Registers the block that is called when a backend cannot be used. */
    @SuppressWarnings("MethodName")
    public void proxy_connect_error(Closure<?> block) {
        blocks().register(Block.PROXY_CONNECT_ERROR, block);
    }

    /** Registers the block that is called when a connected backend stays silent. */
    @SuppressWarnings("MethodName")
    public void proxy_inactivity_error(Closure<?> block) {
        blocks().register(Block.PROXY_INACTIVITY_ERROR, block);
    }

    /** Registers the block that says what may be kept of a client's bytes, where connections are recorded. */
    @SuppressWarnings("MethodName")
    public void proxy_record(Closure<?> block) {
        blocks().register(Block.PROXY_RECORD, block);
    }

    /** Registers the block that is called when this load of the script has no clients any more, and will have none. */
    @SuppressWarnings("MethodName")
    public void proxy_unload(Closure<?> block) {
        blocks().register(Block.PROXY_UNLOAD, block);
    }

    /** Reads a TLS ClientHello. */
    public @Nullable Tls tls(CharSequence data) {
        return Tls.parse(data.toString());
    }

    /** Reads the head of an HTTP request. */
    public @Nullable Http http(CharSequence data) {
        return Http.parse(data.toString());
    }

    /** Reads a request of the git protocol. */
    public @Nullable Git git(CharSequence data) {
        return Git.parse(data.toString());
    }

    /** Reads an SSH identification line. */
    public @Nullable Ssh ssh(CharSequence data) {
        return Ssh.parse(data.toString());
    }

    /** Reads a startup packet of PostgreSQL. */
    public @Nullable Postgres postgres(CharSequence data) {
        return Postgres.parse(data.toString());
    }

    /** Reads a command of Redis. */
    public @Nullable Redis redis(CharSequence data) {
        return Redis.parse(data.toString());
    }

    /** Reads an MQTT CONNECT. */
    public @Nullable Mqtt mqtt(CharSequence data) {
        return Mqtt.parse(data.toString());
    }

    /** Reads a SOCKS 4 or 4a request. */
    public @Nullable Socks4 socks4(CharSequence data) {
        return Socks4.parse(data.toString());
    }

    /** Reads the first message of SOCKS 5. */
    public Socks5.@Nullable Greeting socks5(CharSequence data) {
        return Socks5.greeting(data.toString());
    }

    /**
     * Reads a message of SOCKS 5: {@code greeting}, {@code login} or {@code request}. The bytes do not tell which it is.
     *
     * @throws IllegalArgumentException for another message
     */
    public @Nullable Record socks5(CharSequence data, CharSequence message) {
        return switch (message.toString()) {
            case "greeting" -> Socks5.greeting(data.toString());
            case "login" -> Socks5.login(data.toString());
            case "request" -> Socks5.request(data.toString());
            default ->
                throw new IllegalArgumentException(
                        "socks5: the message must be greeting, login or request, was " + Quoted.of(message.toString()));
        };
    }

    /** Reads an X.224 connection request of RDP. */
    public @Nullable Rdp rdp(CharSequence data) {
        return Rdp.parse(data.toString());
    }

    /** Reads a handshake of Minecraft. */
    public @Nullable Minecraft minecraft(CharSequence data) {
        return Minecraft.parse(data.toString());
    }

    /** Reads a PROXY protocol header. */
    public @Nullable ProxyHeader proxyProtocol(CharSequence data) {
        return ProxyHeader.parse(data.toString());
    }

    /** Returns the bytes by which a protocol's server refuses, for {@code close}. */
    public String refuse(CharSequence kind, CharSequence message) {
        return Refusal.of(kind.toString(), message.toString());
    }

    /** Returns the bytes by which a protocol's server refuses where there is no room for a message. */
    public String refuse(CharSequence kind) {
        return Refusal.of(kind.toString(), "connection refused");
    }

    /** Returns the logger that scripts know as {@code log}. */
    public Logger getLog() {
        return LOG;
    }

    private Blocks blocks() {
        return (Blocks) getBinding().getVariable(BLOCKS);
    }
}
