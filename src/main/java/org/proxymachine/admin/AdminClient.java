package org.proxymachine.admin;

import java.io.EOFException;
import java.io.IOException;
import java.net.InetSocketAddress;
import java.net.SocketAddress;
import java.net.UnixDomainSocketAddress;
import java.nio.charset.StandardCharsets;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import org.eclipse.jetty.client.ContentResponse;
import org.eclipse.jetty.client.HttpClient;
import org.eclipse.jetty.client.Request;
import org.eclipse.jetty.http.HttpHeader;
import org.eclipse.jetty.http.HttpMethod;
import org.eclipse.jetty.io.Transport;
import org.eclipse.jetty.util.ajax.JSON;
import org.jspecify.annotations.Nullable;
import org.proxymachine.address.Addresses;

/** Speaks to the admin endpoint of another process. */
public final class AdminClient implements AutoCloseable {
    /** A script may take its time to compile. */
    private static final long TIMEOUT_SECONDS = 120;

    /** What the page of status and sessions may have: a thousand sessions are half a megabyte. */
    private static final int MAX_BYTES = 64 << 20;

    private final SocketAddress address;
    private final @Nullable String token;
    private final HttpClient http = new HttpClient();

    /** @param token to be sent along; null for none */
    public AdminClient(SocketAddress address, @Nullable String token) throws IOException {
        this.address = address;
        this.token = token;
        http.setUserAgentField(null);
        http.setIdleTimeout(0);
        try {
            http.start();
        } catch (Exception e) {
            throw new IOException(e);
        }
    }

    /**
     * What was answered.
     *
     * @param status of HTTP
     * @param text as it came, which is JSON
     */
    public record Answer(int status, String text) {
        /** Returns it as maps, arrays, strings, numbers and booleans; null where it is none of these. */
        public @Nullable Object json() {
            try {
                return new JSON().fromJSON(text);
            } catch (IllegalStateException e) {
                return null;
            }
        }
    }

    /**
     * Asks, and waits for the answer.
     *
     * @param method of HTTP
     * @param path with its query
     * @throws IOException if there is no answer, with one line that says why
     */
    public Answer ask(String method, String path) throws IOException {
        Request request = http.newRequest("http://" + host() + path)
                .method(HttpMethod.valueOf(method))
                .timeout(TIMEOUT_SECONDS, TimeUnit.SECONDS);
        if (address instanceof UnixDomainSocketAddress unix) {
            request.transport(new Transport.TCPUnix(unix.getPath()));
        }
        if (token != null) {
            request.headers(headers -> headers.put(HttpHeader.AUTHORIZATION, "Bearer " + token));
        }
        try {
            ContentResponse response = new org.eclipse.jetty.client.CompletableResponseListener(request, MAX_BYTES)
                    .send()
                    .get();
            return new Answer(response.getStatus(), new String(response.getContent(), StandardCharsets.UTF_8));
        } catch (ExecutionException e) {
            throw new IOException("no answer from " + Addresses.format(address) + ": " + reason(e), e);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new IOException("interrupted", e);
        }
    }

    private String host() {
        return address instanceof InetSocketAddress ? Addresses.format(address) : "localhost";
    }

    private static String reason(ExecutionException e) {
        Throwable cause = e.getCause();
        if (cause instanceof TimeoutException) {
            return "none within " + TIMEOUT_SECONDS + " seconds";
        }
        Throwable root = e;
        while (root.getCause() != null) {
            root = root.getCause();
        }
        // Of an answer that ends before it is whole Jetty has no words, or only its own.
        return root.getMessage() == null || root instanceof EOFException
                ? "the connection was closed"
                : root.getMessage();
    }

    @Override
    public void close() {
        try {
            http.stop();
        } catch (Exception e) {
            // It ends with the process.
        }
    }
}
