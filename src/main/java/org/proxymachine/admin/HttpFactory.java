package org.proxymachine.admin;

import org.eclipse.jetty.http.HttpField;
import org.eclipse.jetty.http.HttpHeader;
import org.eclipse.jetty.http.HttpVersion;
import org.eclipse.jetty.http.UriCompliance;
import org.eclipse.jetty.io.Connection;
import org.eclipse.jetty.io.EndPoint;
import org.eclipse.jetty.server.Connector;
import org.eclipse.jetty.server.HttpConfiguration;
import org.eclipse.jetty.server.HttpConnectionFactory;
import org.eclipse.jetty.server.internal.HttpConnection;
import org.eclipse.jetty.util.HostPort;

/** Makes the endpoint's connections of HTTP, which take the same requests over TCP and over a unix socket. */
final class HttpFactory extends HttpConnectionFactory {
    HttpFactory() {
        super(configuration());
    }

    private static HttpConfiguration configuration() {
        HttpConfiguration configuration = new HttpConfiguration();
        configuration.setSendServerVersion(false);
        // The host of a request that names none, as one of HTTP/1.0 need not: Jetty has no other for a unix socket.
        configuration.setServerAuthority(new HostPort("localhost"));
        // A reverse proxy that takes a prefix off may leave two slashes.
        configuration.setUriCompliance(
                UriCompliance.DEFAULT.with("slashes", UriCompliance.Violation.AMBIGUOUS_EMPTY_SEGMENT));
        return configuration;
    }

    @Override
    public Connection newConnection(Connector connector, EndPoint endPoint) {
        return configure(new LenientConnection(getHttpConfiguration(), connector, endPoint), connector, endPoint);
    }

    /** Takes a Host that is empty, which is right where a client knows none (RFC 9112, section 3.2), and which Jetty refuses. */
    private static final class LenientConnection extends HttpConnection {
        LenientConnection(HttpConfiguration configuration, Connector connector, EndPoint endPoint) {
            super(configuration, connector, endPoint);
        }

        @Override
        protected HttpStreamOverHTTP1 newHttpStream(String method, String uri, HttpVersion version) {
            return new HttpStreamOverHTTP1(method, uri, version) {
                @Override
                public void parsedHeader(HttpField field) {
                    if (field.getHeader() != HttpHeader.HOST
                            || (field.getValue() != null && !field.getValue().isBlank())) {
                        super.parsedHeader(field);
                    }
                }
            };
        }
    }
}
